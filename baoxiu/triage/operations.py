"""C4.2: triage, the manager's override, the customer's confirmation."""

from __future__ import annotations

import datetime as dt

from baoxiu.cases import decisions
from baoxiu.cases.steps import Taking, operation
from baoxiu.catalogue.models import Unit
from baoxiu.sop import payloads


@operation("triage")
def triage(taking: Taking, payload: payloads.Triage) -> None:
    """Symptom, presumed cause, priority; who pays is computed, never sent in."""
    taking.changes["priority"] = int(payload.priority)
    bought = _purchase_date(taking, payload.purchase_date)
    decisions.keep_proof(taking, payload.proof)
    decisions.decide(taking, fault=payload.fault, purchase_date=bought)


def _purchase_date(taking: Taking, given: dt.date | None) -> dt.date | None:
    """The unit's purchase date; a missing one is filled in. A known one is changed by `correct` only."""
    unit = taking.case.unit
    known = unit.purchase_date if unit else None
    if given is None or given == known:
        return known
    if known:
        raise taking.refuse(
            f"Purchase date: {known} is on record; correct the record instead.",
            f"购买日期：已登记为{known}，如有误请用“更正信息”。",
            field="purchase_date",
        )
    if given > decisions.claim_date(taking.case):
        raise taking.refuse(
            "Purchase date: it lies after the request.", "购买日期：不能晚于报修日期。", field="purchase_date"
        )
    if unit is None:
        unit = Unit(customer_id=taking.case.customer_id, site_id=taking.case.site_id, created_at=taking.now)
    unit.purchase_date = given
    unit.save()
    taking.changes["unit_id"] = unit.pk
    return given


@operation("override_cover")
def override_cover(taking: Taking, payload: payloads.OverrideCover) -> None:
    """C3.1: against the rules' decision, with a reason, by a role that may."""
    if taking.case.facts["cover"] == payload.cover:
        raise taking.refuse("Decision: it is that already.", "判定：已经是该结果。", field="cover")
    decisions.override(taking, payload.cover)


@operation("confirm")
def confirm(taking: Taking, payload: payloads.Confirm) -> None:
    """C4.2: repair or replacement, on site or depot – agreed by whom and how."""
    by = taking.by
    given = {"link": "link", "integration": "api"}.get(by.kind)
    if given is None and payload.way in ("link", "api"):
        raise taking.refuse(
            "How: say how you spoke with the customer.", "方式：请选择与客户沟通的方式。", field="way"
        )
    taking.facts["venue"] = payload.venue
    taking.data["way"] = given or payload.way
    taking.words["agreed_by"] = by.name if given else payload.agreed_by or taking.case.contact_name
