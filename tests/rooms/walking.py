"""A case led through the procedure by its operations: one short verb per step, with plausible payloads."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import pytest

from baoxiu.cases import steps, verify
from baoxiu.cases.models import Case, Duty, JournalEntry, WorkOrder
from baoxiu.intake.operations import register
from baoxiu.people.actors import Actor
from baoxiu.sop import payloads
from tests.conftest import Cast

SIGNATURE = "[[[1,2],[3,4],[5,5]]]"
SCORES = {"attitude": 5, "speed": 4, "quality": 5, "overall": 5}
GIVEN: dict[str, dict[str, Any]] = {
    "triage": {"symptom": "drain", "fault": "quality"},
    "confirm": {"venue": "onsite", "agreed_by": "王女士"},
    "diagnose": {"symptom": "drain", "cause": "component", "remedy": "replace_part", "fault": "quality"},
    "quote": {"lines": [{"text": "排水泵", "price": "120.00", "kind": "part"}]},
    "submit_quote": {"lines": [{"text": "排水泵", "price": "120.00", "kind": "part"}]},
    "approve_quote": {"version": 1},
    "accept_quote": {"version": 1, "name": "王女士"},
    "decline_quote": {"version": 1, "name": "王女士"},
    "contest": {"text": "应当免费"},
    "reduce_bill": {"amount": "20.00", "text": "酌情减免"},
    "record_payment": {"amount": "120.00"},
    "refund": {"amount": "20.00", "reason": "多收"},
    "lend": {"outcome": "lent", "product": "备用机 X1", "serial": "LN-1"},
    "work": {
        "remedy": "replace_part",
        "text": "更换排水泵",
        "minutes": 40,
        "parts": [{"text": "排水泵", "number": "P-1"}],
    },
    "replace": {"new_serial": "SN-NEW-2", "text": "主板无法修复，换机"},
    "hand_over": {"signer": "王女士", "signature": SIGNATURE},
    "collect": {"signer": "王女士", "signature": ""},
    "receive": {"condition": "外壳有划痕", "accessories": "电源线"},
    "ship_in": {"carrier": "顺丰", "tracking": "SF100"},
    "ship_out": {"carrier": "顺丰", "tracking": "SF200"},
    "follow_up": {"satisfaction": 5},
    "final_follow_up": {"satisfaction": 5},
    "rate": SCORES,
    "decline": {"reason": "overloaded"},
    "withdraw": {"reason": "solved"},
    "withdraw_return": {"reason": "too_slow"},
    "wait_parts": {"part": "主板"},
    "hold": {"reason": "customer", "text": "客户出差"},
}
WHO = {
    "triage": "agent", "override_cover": "manager", "advise": "agent", "confirm": "agent", "assign": "dispatcher", "promise_window": "agent", "need_parts": "dispatcher",
    "reassign": "dispatcher", "assign_station": "dispatcher", "ship_in": "agent", "receive": "station_head",
    "take_on": "station_head", "contest": "agent", "uphold": "manager", "concede": "manager", "reduce_bill": "manager", "record_payment": "agent", "refund": "manager", "accept_quote": "agent", "approve_quote": "manager", "return_quote": "manager", "decline_quote": "agent", "ship_out": "station_head",
    "deliver": "agent", "collect": "station_head", "parts_arrived": "stock_keeper", "return_visit": "dispatcher",
    "lend": "agent", "return_loaner": "agent", "final_follow_up": "agent", "final_missed": "agent", "waive_final": "agent", "waive_follow_up": "agent",
    "close": "agent", "withdraw": "agent", "withdraw_return": "agent", "hold": "agent", "resume": "agent", "reply": "agent",
    "reopen": "agent",
}  # fmt: skip
NEEDS_REASON = {
    "override_cover",
    "reassign",
    "to_depot",
    "to_site",
    "condemn",
    "revise_quote",
    "return_quote",
    "waive_follow_up",
    "waive_final",
    "reopen",
}
NEEDS_TEXT = {"uphold", "concede", "advise", "fail_test", "reply", "note", "message"}


@dataclass
class Walk:
    """One case and its clock; `step` takes the next step as whoever usually does."""

    cast: Cast
    case: Case
    now: dt.datetime
    engineer: str = "engineer"
    answers: list[steps.Taken] = field(default_factory=list)

    def step(
        self, step: str, /, by: str | Actor | None = None, *, key: str | None = None, **given: Any
    ) -> steps.Taken:
        self.now += dt.timedelta(minutes=10)
        fields = {**GIVEN.get(step, {}), **self._defaults(step), **given}
        actor = by if isinstance(by, Actor) else self.cast.actor(by or WHO.get(step, self.engineer))
        taken = steps.take_step(
            self.case, step, payloads.PAYLOADS[step](**fields), by=actor, now=self.now, key=key
        )
        self.case = Case.objects.get(pk=self.case.pk)
        self.answers.append(taken)
        return taken

    def steps(self, names: str) -> Walk:
        for name in names.split():
            self.step(name)
        return self

    def _defaults(self, name: str) -> dict[str, Any]:
        if name in NEEDS_REASON:
            extra = {"carried_by": "ours", "station": self.cast.station.pk} if name == "to_depot" else {}
            extra = {"engineer": self.cast.staff["engineer2"].pk} if name == "reassign" else extra
            extra = {"cover": "free"} if name == "override_cover" else extra
            return {"reason": "理由充分", **extra}
        if name in NEEDS_TEXT:
            return {"text": "已说明"}
        if name in ("assign", "take_on"):
            return {"engineer": self.cast.staff[self.engineer].pk}
        if name == "assign_station":
            return {"station": self.cast.station.pk, "text": "泡沫包好"}
        if name in ("appoint", "promise_window"):
            return {
                "starts_at": self.now + dt.timedelta(hours=1),
                "ends_at": self.now + dt.timedelta(hours=3),
            }
        return {}

    def link(self, purpose: str) -> Actor:
        return Actor(
            "link",
            self.case.contact_name,
            frozenset({"customer"}),
            case_id=self.case.pk,
            purpose=purpose,
            customer_id=self.case.customer_id,
        )

    def wait(self, **delta: float) -> Walk:
        self.now += dt.timedelta(**delta)
        return self

    @property
    def stage(self) -> str:
        return self.case.stage

    @property
    def owed(self) -> set[str]:
        return set(Duty.objects.filter(case=self.case, outcome="open").values_list("kind", flat=True))

    @property
    def order(self) -> WorkOrder:
        return WorkOrder.objects.filter(case=self.case).latest("id")

    def body(self, step: str) -> dict[str, Any]:
        entry = JournalEntry.objects.filter(case=self.case, step=step).latest("no")
        data: dict[str, Any] = entry.body["data"]
        return data

    def is_sound(self) -> bool:
        """`verify` finds nothing; an ended case owes nothing and has no running work order."""
        found = [str(d) for _, many in verify.verify([self.case.number]) for d in many]
        assert not found, found
        if not self.case.is_open:
            assert not self.owed
            assert (
                not WorkOrder.objects.filter(case=self.case)
                .exclude(status__in=("done", "declined", "cancelled"))
                .exists()
            )
        return True


def begin(cast: Cast, now: dt.datetime, *, unit: Any = "new", **more: Any) -> Walk:
    """王女士 calls: her machine does not drain. `unit`: "new" (in warranty), "old" (out), None."""
    known = {"new": cast.unit, "old": cast.old_unit}.get(unit)
    fields = {
        "channel": "phone", "problem": "洗衣机不排水", "customer_id": cast.wang.pk, "unit_id": known.pk if known else None,
        "phone": "+8613800138001", "email": "wang@example.com", **more,
    }  # fmt: skip
    number = register(payloads.Register(**fields), by=cast.actor("agent"), now=now).number
    return Walk(cast, Case.objects.get(number=number), now)


def refused(walk: Walk, step: str, /, by: str | Actor | None = None, **given: Any) -> steps.StepRefused:
    """Takes a step that must be refused: nothing changed, words in both languages."""
    before = walk.case.journal_count
    with pytest.raises(steps.StepRefused) as no:
        walk.step(step, by, **given)
    walk.case.refresh_from_db()
    assert walk.case.journal_count == before
    assert no.value.reason.en and no.value.reason.zh
    return no.value


ON_SITE = "triage confirm assign accept appoint set_out check_in"
FREE_REPAIR = "diagnose start_work work pass_test"
CALLS = "follow_up final_follow_up close"
IN_DEPOT = "assign_station ship_in receive take_on"


def to_depot(walk: Walk) -> Walk:
    walk.step("triage")
    walk.step("confirm", venue="depot")
    return walk.steps(IN_DEPOT)
