"""C4.5: nothing chargeable starts before the customer said yes to exactly this quote."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

from django.db import IntegrityError, transaction

from baoxiu.cases import work_orders
from baoxiu.cases.steps import StepRefused, Taking, operation
from baoxiu.charges.models import Consent, Quote, QuoteLine
from baoxiu.sop import payloads

_CENTS = {"JPY": Decimal(1), "KRW": Decimal(1)}


def _amount(line: payloads.QuoteLine, currency: str) -> Decimal:
    """What one line costs: quantity × price, half up to the currency's smallest coin; 0 when free."""
    if line.free:
        return Decimal(0)
    return (line.quantity * line.price).quantize(_CENTS.get(currency, Decimal("0.01")), ROUND_HALF_UP)


@operation("quote")
def quote(taking: Taking, payload: payloads.Quote) -> None:
    """A new version for the customer to answer; an older one that still waits is superseded."""
    case = taking.case
    if not taking.by.has("agent"):
        work_orders.own_job(taking)
    first = Quote.objects.filter(case=case).order_by("version").first()
    if first and first.currency != payload.currency:
        raise taking.refuse(
            f"Currency: this case is quoted in {first.currency}.",
            f"币种：本单已用{first.currency}报价。",
            field="currency",
        )
    lines = _lines(payload)
    made = Quote(
        case=case,
        version=Quote.objects.filter(case=case).count() + 1,
        entry_no=taking.entry_no,
        status="sent",
        currency=payload.currency,
        total=sum((line.total for line in lines), Decimal(0)),
        text=payload.text,
        valid_until=taking.now + dt.timedelta(days=payload.valid_days),
        made_by=taking.by.name,
        created_at=taking.now,
    )
    made.text_sha256 = made.fingerprint(lines)
    Quote.objects.filter(case=case, status="sent").update(status="superseded")
    made.save(force_insert=True)
    for line in lines:
        line.quote = made
    QuoteLine.objects.bulk_create(lines)
    digits = 0 if made.currency in _CENTS else 2
    told = {"version": made.version, "total": f"{made.total:.2f}"}
    taking.data.update(told, text_sha256=made.text_sha256)
    taking.extra.update(told, currency=made.currency)
    taking.context.update(
        version=made.version,
        total=f"{made.total:,.{digits}f}",
        currency=made.currency,
        valid_until=made.valid_until.isoformat(),
    )


def _lines(payload: payloads.Quote) -> list[QuoteLine]:
    return [
        QuoteLine(
            position=i,
            kind=line.kind,
            text=line.text,
            quantity=line.quantity,
            price=line.price,
            is_free=line.free,
            total=_amount(line, payload.currency),
        )
        for i, line in enumerate(payload.lines, 1)
    ]


@operation("accept_quote")
def accept_quote(taking: Taking, payload: payloads.AcceptQuote) -> None:
    """Yes to the version that is current and still valid: by link, or recorded with who, when and how."""
    _answer(taking, payload.version, "accepted", payload.name, payload.way)


@operation("decline_quote")
def decline_quote(taking: Taking, payload: payloads.DeclineQuote) -> None:
    """No: the product goes back unrepaired."""
    _answer(taking, payload.version, "declined", payload.name or taking.case.contact_name, payload.way)


def _answer(taking: Taking, version: int, outcome: str, name: str, way: str) -> None:
    by = taking.by
    given = {"link": "link", "integration": "api"}.get(by.kind)
    if given is None and way in ("link", "api"):
        raise taking.refuse(
            "How: say how the customer answered you.", "方式：请选择客户答复的方式。", field="way"
        )
    current = Quote.objects.filter(case=taking.case, status="sent").first()
    if current is None or current.version != version:
        raise taking.refuse(
            "Quote version: this quote is not the current one any more; look at the new one.",
            "报价版本：该报价已不是当前版本，请查看新报价。",
            code="stale_quote",
            field="version",
        )
    if outcome == "accepted" and taking.now >= current.valid_until:
        raise taking.refuse(
            "Quote version: this quote has expired; ask for a new one.",
            "报价版本：报价已过期，请重新报价。",
            code="expired_quote",
            field="version",
        )
    try:
        with transaction.atomic():
            Consent.objects.create(
                quote=current,
                outcome=outcome,
                name=name,
                way=given or way,
                recorded_by=by.identity,
                text_sha256=current.text_sha256,
                at=taking.now,
            )
    except IntegrityError:
        raise _answered(taking) from None
    Quote.objects.filter(pk=current.pk).update(status=outcome)
    taking.data.update(
        way=given or way,
        total=f"{current.total:.2f}",
        currency=current.currency,
        text_sha256=current.text_sha256,
    )


def _answered(taking: Taking) -> StepRefused:
    return taking.refuse(
        "This quote has been answered already.", "该报价已有答复。", code="stale_quote", field="version"
    )


@operation("revise_quote")
def revise_quote(taking: Taking, payload: payloads.ReviseQuote) -> None:
    """The quote is taken back before an answer; nobody can accept it any more."""
    if not taking.by.has("agent"):
        work_orders.own_job(taking)
    Quote.objects.filter(case=taking.case, status="sent").update(status="withdrawn")
