"""C4.4a: appointment, on the way, arrival, nobody there, signature."""

from __future__ import annotations

import json
from typing import Any

from baoxiu.cases import claims, work_orders
from baoxiu.cases.steps import Taking, operation
from baoxiu.lib import canonical
from baoxiu.sop import payloads


@operation("appoint")
def appoint(taking: Taking, payload: payloads.Appoint) -> None:
    """A window agreed with the customer; the engineer is due at its end. A new one replaces the old."""
    if not taking.by.has("agent", "dispatcher", "customer"):  # a customer's window was held free by dispatch
        work_orders.own_job(taking)
    work_orders.agreeable(taking, payload.starts_at, payload.ends_at)
    work_orders.advance(taking, "scheduled", starts_at=payload.starts_at, ends_at=payload.ends_at)
    taking.due["arrival"] = payload.ends_at
    taking.words["agreed_with"] = payload.agreed_with or taking.case.contact_name
    taking.context.update(starts_at=payload.starts_at.isoformat(), ends_at=payload.ends_at.isoformat())


@operation("set_out")
def set_out(taking: Taking, payload: payloads.SetOut) -> None:
    """On the way; the customer is told."""
    work_orders.own_job(taking)
    work_orders.advance(taking, "under_way", under_way_at=taking.now)
    if payload.minutes is not None:
        taking.context["minutes"] = payload.minutes


@operation("check_in")
def check_in(taking: Taking, payload: payloads.CheckIn) -> None:
    """Arrived; the position, where the phone gave one, stays with the entry."""
    work_orders.own_job(taking)
    order = work_orders.running(taking.case)
    more: dict[str, Any] = {} if order is None or order.under_way_at else {"under_way_at": taking.now}
    work_orders.advance(taking, "arrived", arrived_at=taking.now, **more)
    claims.limits(taking)


@operation("customer_absent")
def customer_absent(taking: Taking, payload: payloads.CustomerAbsent) -> None:
    """Nobody there: the visit is to be agreed again."""
    work_orders.own_job(taking)
    order = work_orders.running(taking.case)
    if order and order.starts_at and taking.now < order.starts_at:
        raise taking.refuse("The agreed window has not begun yet.", "尚未到预约时段。", code="too_early")
    work_orders.advance(taking, "accepted", starts_at=None, ends_at=None, under_way_at=None, arrived_at=None)


@operation("return_visit")
def return_visit(taking: Taking, payload: payloads.ReturnVisit) -> None:
    """C4.5: the parts are there; the engineer agrees another visit."""
    work_orders.advance(taking, "accepted", starts_at=None, ends_at=None, under_way_at=None, arrived_at=None)


@operation("hand_over")
def hand_over(taking: Taking, payload: payloads.HandOver) -> None:
    """C4.5: the customer signs for everything recorded so far: the hash of the chain's head is signed."""
    work_orders.own_job(taking)
    if not _is_signature(payload.signature):
        raise taking.refuse(
            "Signature: it is missing; let the customer sign.", "签名：请客户签名。", field="signature"
        )
    case = taking.case
    taking.data["signed_head"] = case.journal_head
    taking.data["signature_sha256"] = canonical.sha256(
        [case.number, case.journal_head, payload.signer, payload.signature]
    )
    work_orders.finish(taking, "done")


def _is_signature(text: str) -> bool:
    """Strokes of points as JSON ([[[x, y], …], …]) or one stroke: at least two points of numbers."""
    try:
        strokes = json.loads(text)
    except (ValueError, RecursionError):
        return False
    if not isinstance(strokes, list) or not all(isinstance(s, list) for s in strokes):
        return False
    points = strokes if all(_is_point(p) for p in strokes) else [p for stroke in strokes for p in stroke]
    return len(points) >= 2 and all(_is_point(p) for p in points)


def _is_point(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) >= 2
        and all(isinstance(n, int | float) and not isinstance(n, bool) for n in value)
    )
