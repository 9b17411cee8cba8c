"""C4.5: the customer's yes or no to exactly one quote, kept with the very words."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from baoxiu.cases import work_orders
from baoxiu.cases.steps import Taking, operation
from baoxiu.charges.balances import state
from baoxiu.charges.endings import end
from baoxiu.charges.models import Consent, Quote
from baoxiu.lib import money
from baoxiu.lib.money import ZERO
from baoxiu.sop import charges, payloads


@dataclass(frozen=True, slots=True)
class Given:
    """One answer as it was given."""

    outcome: str
    name: str
    way: str
    option: str
    amount: Decimal
    signature: str = ""


@operation("accept_quote")
def accept_quote(taking: Taking, payload: payloads.AcceptQuote) -> None:
    """Yes to the version that is current and still valid: by link, or recorded with who, when and how."""
    current = _waiting(taking, payload.version)
    if taking.now >= current.valid_until:
        raise taking.refuse(
            "Quote version: this quote has expired; ask for a new one.",
            "报价版本：报价已过期，请重新报价。",
            code="expired_quote",
            field="version",
        )
    if _is_engineer(taking):
        work_orders.own_job(taking)
        if wrong := charges.on_device(payload.text_sha256, current.text_sha256, payload.signature):
            raise taking.refuse(wrong[1].en, wrong[1].zh, field=wrong[0])
    sums = current.sums()
    option = payload.option or (next(iter(sums)) if len(sums) == 1 else "")
    if option not in sums:
        raise taking.refuse(
            "Chosen option: choose one of those in the quote." if len(sums) > 1 or sums.keys() != {""}
            else "Chosen option: this quote has one way only.",
            "所选方案：请选择报价中的一个方案。" if len(sums) > 1 or sums.keys() != {""} else "所选方案：本报价只有一个方案。",
            field="option",
        )  # fmt: skip
    given = Given(
        "accepted", payload.name, _way(taking, payload.way), option, sums[option].total, payload.signature
    )
    _keep(taking, current, given)
    taking.data["free"] = money.plain(_free(current, option), current.currency)
    taking.facts["money"] = state(taking.case)


@operation("decline_quote")
def decline_quote(taking: Taking, payload: payloads.DeclineQuote) -> None:
    """No: the product goes back unrepaired."""
    current = _waiting(taking, payload.version)
    name = payload.name or taking.case.contact_name
    _keep(taking, current, Given("declined", name, _way(taking, payload.way), "", current.total))


def _free(current: Quote, option: str) -> Decimal:
    """What the lines done for nothing would cost."""
    free = (n for n in current.lines.all() if n.is_free and n.option in ("", option))
    return sum((money.rounded(n.full, current.currency) for n in free), ZERO)


def _way(taking: Taking, way: str) -> str:
    """By what the answer came: a link and a key say so themselves, staff say how they were told."""
    given = {"link": "link", "integration": "api"}.get(taking.by.kind)
    if _is_engineer(taking):
        given = "device"
    if given is None and way in ("link", "api", "device"):
        raise taking.refuse(
            "How: say how the customer answered you.", "方式：请选择客户答复的方式。", field="way"
        )
    return given or way


def _is_engineer(taking: Taking) -> bool:
    """In the customer's place only with the customer's own hand."""
    return taking.by.has("engineer") and not taking.by.has("agent")


def _waiting(taking: Taking, version: int) -> Quote:
    current = Quote.objects.filter(case=taking.case, status="sent").first()
    if current is None or current.version != version:
        raise taking.refuse(
            "Quote version: this quote is not the current one any more; look at the new one.",
            "报价版本：该报价已不是当前版本，请查看新报价。",
            code="stale_quote",
            field="version",
        )
    return current


def _keep(taking: Taking, current: Quote, given: Given) -> None:
    """The answer, its hash over the quote and the sentence, and the quote's end."""
    end(taking, current, given.outcome)
    made = Consent(
        quote=current,
        outcome=given.outcome,
        name=given.name,
        way=given.way,
        recorded_by=taking.by.identity,
        option=given.option,
        amount=given.amount,
        is_signed=bool(given.signature),
        entry_no=taking.entry_no,
        text_sha256=current.text_sha256,
        at=taking.now,
    )
    made.sha256 = made.fingerprint(given.signature)
    made.save(force_insert=True)
    taking.data.update(
        way=given.way,
        total=f"{given.amount:.2f}",
        currency=current.currency,
        text_sha256=current.text_sha256,
        consent_sha256=made.sha256,
    )
