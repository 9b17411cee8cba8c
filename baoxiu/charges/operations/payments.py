"""C4.5: nothing is charged that was not agreed; what is paid gets a receipt; what was too much goes back."""

from __future__ import annotations

from decimal import Decimal

from baoxiu.cases import objections
from baoxiu.cases.steps import Taking, operation
from baoxiu.charges import balances
from baoxiu.charges.models import Booking
from baoxiu.lib import money
from baoxiu.sop import payloads
from baoxiu.sop.charges import Balance, said


@operation("record_payment")
def record_payment(taking: Taking, payload: payloads.RecordPayment) -> None:
    """Money that came in: up to what is due. What a gateway took it has taken: more than due shows as to be given back."""
    online = taking.by.kind == "system"
    if payload.way == "online" and not online:
        raise taking.refuse(
            "How paid: the gateway itself says what was paid online.",
            "付款方式：在线支付由支付网关登记。",
            field="way",
        )
    balance = balances.of(taking.case)
    if payload.amount > balance.due and not online:
        due = said(max(balance.due, money.ZERO), balance.currency)
        raise taking.refuse(
            f"Amount: only {due.en} is due.",
            f"金额：待付只有{due.zh}。",
            field="amount",
        )
    _book(taking, balance, "payment", payload.amount, payload.way, payload.reference)


@operation("refund")
def refund(taking: Taking, payload: payloads.Refund) -> None:
    """Money given back: up to what was paid. Unless it is to be paid another way, nobody is asked for it again."""
    balance = balances.of(taking.case)
    if payload.amount > balance.kept:
        kept = said(balance.kept, balance.currency)
        raise taking.refuse(
            f"Amount: only {kept.en} was paid.",
            f"金额：实收只有{kept.zh}。",
            field="amount",
        )
    again = min(payload.amount, balance.due + payload.amount)
    if again > 0 and not payload.still_due:
        _book(taking, balance, "waiver", again, "", "", part="W")
    _book(taking, balance, "refund", payload.amount, payload.way, payload.reference)


@operation("reduce_bill")
def reduce_bill(taking: Taking, payload: payloads.ReduceBill) -> None:
    """An objection granted: part of the bill, or all of it, is not asked for any more."""
    objections.reviewed_by_another(taking, "bill")
    balance = balances.of(taking.case)
    if payload.amount > balance.billed - balance.waived:
        left = said(balance.billed - balance.waived, balance.currency)
        raise taking.refuse(
            f"Amount: the bill is only {left.en}.",
            f"金额：账单只有{left.zh}。",
            field="amount",
        )
    _book(taking, balance, "waiver", payload.amount, "", "")


def _book(
    taking: Taking, balance: Balance, kind: str, amount: Decimal, way: str, reference: str, part: str = ""
) -> None:
    """One row in the case's currency; `part` tells it from the row the step is about, booked last. Raises StepRefused for
    coins there are not."""
    if not money.is_exact(amount, balance.currency):
        raise taking.refuse(
            f"Amount: {balance.currency} has no such small coins.",
            f"金额：{balance.currency}没有这么小的单位。",
            field="amount",
        )
    is_online = kind == "payment" and taking.by.kind == "system"
    made = Booking.objects.create(
        case=taking.case,
        entry_no=taking.entry_no,
        number=f"{taking.case.number}-{taking.entry_no}{part}",
        kind=kind,
        way=way,
        currency=balance.currency,
        amount=amount,
        reference=reference,
        gateway_reference=reference if is_online else None,
        recorded_by=taking.by.name,
        at=taking.now,
    )
    taking.facts["money"] = balances.state(taking.case)
    told = {"receipt": made.number, "total": f"{amount:.2f}", "currency": balance.currency}
    taking.data.update(told)
    taking.extra.update(told)
