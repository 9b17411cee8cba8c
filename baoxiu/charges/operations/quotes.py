"""C3.2, C4.5: a quote is made from the price list, agreed inside where it is large, sent, taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from baoxiu.cases import work_orders
from baoxiu.cases.steps import Taking, beside, operation
from baoxiu.charges.endings import end
from baoxiu.charges.models import PriceItem, PriceList, Quote, QuoteLine
from baoxiu.lib import money
from baoxiu.lib.money import ZERO
from baoxiu.sop import charges, payloads


@operation("quote")
def quote(taking: Taking, payload: payloads.Quote) -> None:
    """A new version for the customer to answer. What needs approval first is refused here: submit it."""
    made = _make(taking, payload)
    if _must_be_approved(made):
        limit = charges.said(made.price_list.approval_above, made.currency)  # type: ignore[union-attr, arg-type]
        raise taking.refuse(
            f"A quote above {limit.en} is approved inside before the customer sees it: submit it for approval.",
            f"报价超过{limit.zh}，须先经内部审批：请提交审批。",
            code="needs_approval",
        )
    _send(taking, made)


@operation("submit_quote")
def submit_quote(taking: Taking, payload: payloads.SubmitQuote) -> None:
    """The same, for a manager to look at first; the customer sees nothing of it yet."""
    made = _make(taking, payload)
    taking.data.update(_told(made))
    taking.extra.update(_told(made), currency=made.currency)


@operation("approve_quote")
def approve_quote(taking: Taking, payload: payloads.ApproveQuote) -> None:
    """Somebody else than who made it agrees; now it goes to the customer."""
    waiting = Quote.objects.filter(case=taking.case, status="draft").first()
    if waiting is None or waiting.version != payload.version:
        raise taking.refuse(
            "Quote version: this quote does not wait for approval.",
            "报价版本：该报价不在待审批状态。",
            field="version",
        )
    if waiting.maker == taking.by.identity:
        raise taking.refuse(
            "Your own quote is approved by somebody else.", "自己提交的报价须由他人审批。", code="four_eyes"
        )
    waiting.approved_by = taking.by.name
    _send(taking, waiting)


@operation("return_quote")
def return_quote(taking: Taking, payload: payloads.ReturnQuote) -> None:
    """Not like this: back to who made it. Who is no manager may only take back what is their own job."""
    if not taking.by.has("manager", "agent"):
        work_orders.own_job(taking)
    _end_waiting(taking, "rejected")


@operation("revise_quote")
def revise_quote(taking: Taking, payload: payloads.ReviseQuote) -> None:
    """The quote is taken back before an answer; nobody can accept it any more."""
    if not taking.by.has("agent"):
        work_orders.own_job(taking)
    _end_waiting(taking, "withdrawn")


@beside("withdraw", "withdraw_return")
def _case_withdrawn(taking: Taking, payload: payloads.Payload) -> None:
    """Where the case is given up, no quote of it waits for anybody."""
    _end_waiting(taking, "withdrawn")


def _end_waiting(taking: Taking, outcome: str) -> None:
    waiting = Quote.objects.filter(case=taking.case, status__in=("draft", "sent")).first()
    if waiting:
        end(taking, waiting, outcome)


# -- making ------------------------------------------------------------------------------------


def _make(taking: Taking, payload: payloads.Quote) -> Quote:
    """A draft with priced lines, saved. Raises StepRefused."""
    case, currency = taking.case, payload.currency
    if not taking.by.has("agent"):
        work_orders.own_job(taking)
    first = Quote.objects.filter(case=case).order_by("version").first()
    if first and first.currency != currency:
        raise taking.refuse(
            f"Currency: this case is quoted in {first.currency}.",
            f"币种：本单已用{first.currency}报价。",
            field="currency",
        )
    prices = PriceList.objects.in_force(currency, taking.now)
    lines = _priced(taking, payload, prices)
    included = prices.tax_included if prices else True
    lines += _minimum(lines, prices, currency)
    sums = charges.sums(lines, currency, tax_included=included)
    start = next(iter(sums.values()))
    _end_waiting(taking, "superseded")
    made = Quote(
        case=case, version=Quote.objects.filter(case=case).count() + 1, entry_no=taking.entry_no, status="draft",
        currency=currency, net=start.net, tax=start.tax, total=start.total, tax_included=included, price_list=prices,
        text=payload.text, valid_days=payload.valid_days, valid_until=taking.now + dt.timedelta(days=payload.valid_days),
        made_by=taking.by.name, maker=taking.by.identity, created_at=taking.now,
    )  # fmt: skip
    made.save(force_insert=True)
    QuoteLine.objects.bulk_create(_rows(made, lines))
    return made


def _priced(taking: Taking, payload: payloads.Quote, prices: PriceList | None) -> list[charges.Line]:
    wanted = {line.item for line in payload.lines if line.item}
    known = {i.code: i for i in prices.items.filter(code__in=wanted)} if prices and wanted else {}
    for number, line in enumerate(payload.lines, 1):
        if line.item and line.item not in known:
            raise taking.refuse(
                f"Line {number}: “{line.item}” is not in the price list in force for {payload.currency}.",
                f"第{number}行：现行{payload.currency}价目表中没有“{line.item}”。",
                field="lines",
            )
        if line.price is not None and not money.is_exact(line.price, payload.currency):
            raise taking.refuse(
                f"Line {number}: {payload.currency} has no such small coins.",
                f"第{number}行：{payload.currency}没有这么小的单位。",
                field="lines",
            )
    return [_line(line, known.get(line.item), prices, taking.case.language) for line in payload.lines]


def _line(
    sent: payloads.QuoteLine, item: PriceItem | None, prices: PriceList | None, language: str
) -> charges.Line:
    standard = prices.tax_rate if prices else ZERO
    if item is None:
        return charges.Line(
            sent.kind, sent.text, sent.quantity, sent.price or ZERO, sent.free,
            charges.reason_of(sent.reason, sent.free), standard, sent.option,
        )  # fmt: skip
    name = item.name if language == "zh" or not item.name_en else item.name_en
    return charges.Line(
        item.kind, sent.text or name, sent.quantity, item.price, sent.free, charges.reason_of(sent.reason, sent.free),
        standard if item.tax_rate is None else item.tax_rate, sent.option, item.code,
    )  # fmt: skip


MINIMUM = "最低收费补足 / Up to the minimum charge"


def _minimum(lines: list[charges.Line], prices: PriceList | None, currency: str) -> list[charges.Line]:
    """One line more where the work costs less than the list's minimum; for each alternative its own."""
    if prices is None or not prices.minimum:
        return []
    added = []
    for option, found in charges.sums(lines, currency, tax_included=prices.tax_included).items():
        charged = found.total if prices.tax_included else found.net
        if gap := charges.minimum_gap(charged, prices.minimum):
            added.append(
                charges.Line("other", MINIMUM, Decimal(1), gap, False, "minimum", prices.tax_rate, option)
            )
    return added


def _rows(made: Quote, lines: list[charges.Line]) -> list[QuoteLine]:
    found = []
    for position, line in enumerate(lines, 1):
        cost = charges.line_sum(line, made.currency, tax_included=made.tax_included)
        total = cost.total if made.tax_included else cost.net
        found.append(
            QuoteLine(
                quote=made, position=position, item=line.item, kind=line.kind, text=line.text, quantity=line.quantity,
                price=line.price, is_free=line.is_free, reason=line.reason, option=line.option, tax_rate=line.tax_rate,
                tax=cost.tax, total=total,
            )
        )  # fmt: skip
    return found


def _must_be_approved(made: Quote) -> bool:
    limit = made.price_list.approval_above if made.price_list else None
    return charges.needs_approval((s.total for s in made.sums().values()), limit)


# -- sending -----------------------------------------------------------------------------------


def _send(taking: Taking, made: Quote) -> None:
    """From now on the customer sees it, and it is hashed as the customer reads it."""
    lines = list(made.lines.all())
    made.status, made.sent_at = "sent", taking.now
    made.valid_until = taking.now + dt.timedelta(days=made.valid_days)
    made.text_sha256 = made.fingerprint(lines)
    made.save()
    taking.data.update(_told(made), currency=made.currency, text_sha256=made.text_sha256)
    taking.extra.update(_told(made), currency=made.currency)
    taking.context.update(
        version=made.version,
        total=f"{made.total:,.{money.digits(made.currency)}f}",
        currency=made.currency,
        valid_until=made.valid_until.isoformat(),
    )


def _told(made: Quote) -> Mapping[str, str | int]:
    return {"version": made.version, "total": f"{made.total:.2f}"}
