"""C3–C4.7: random walks through the operations, judged by a model written from the signed procedure.

The model knows nothing of `standard.py`: it remembers what was acknowledged and asserts the invariants
a customer and a court would ask for. Actions are tried whether allowed or not; refusals change nothing.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from baoxiu.cases import links, queries, steps, verify
from baoxiu.cases.models import Case, Duty, JournalEntry, Outgoing, WorkOrder
from baoxiu.charges.models import Consent, Quote
from baoxiu.intake.operations import register
from baoxiu.people.actors import Actor
from baoxiu.sop import payloads
from baoxiu.terms import procedures
from tests.conftest import NOW, Cast, build_cast
from tests.story.strategies import payload_for

ENDS = {"closed", "withdrawn", "merged"}
DETOURS = {
    *("advise", "decline", "reassign", "customer_absent", "to_depot", "to_site", "condemn", "wait_parts"),
    *("decline_quote", "revise_quote", "fail_test", "follow_up_missed", "final_missed"),
    *("contest", "return_quote", "follow_up_later", "final_later", "substitute", "refund", "reduce_bill"),
    "settle_limit",
}


class Walk(RuleBasedStateMachine):
    """One customer's case; the model below is all it believes."""

    cast: Cast

    @initialize(in_warranty=st.booleans(), channel=st.sampled_from(["phone", "web", "qr"]))
    def ground(self, in_warranty: bool, channel: str) -> None:
        self.now = NOW
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.intake(in_warranty, channel)

    @precondition(lambda self: not self.case.is_open and (self.rated or self.case.stage != "closed"))
    @rule(in_warranty=st.booleans(), channel=st.sampled_from(["phone", "web", "qr"]))
    def intake(self, in_warranty: bool, channel: str) -> None:
        """The next request, once the last one has come to its end."""
        unit = self.cast.unit if in_warranty else self.cast.old_unit
        payload = payloads.Register(
            channel=channel, problem="洗衣机漏水", customer_id=self.cast.wang.pk, unit_id=unit.pk
        )
        number = register(payload, by=self.cast.actor("agent"), now=self.now).number
        self.case = Case.objects.get(number=number)
        self.in_warranty = in_warranty
        self.taken: list[str] = ["register"]
        self.free = False  # by the last acknowledged decision
        self.overridden = False
        self.consented = False  # to the newest quote
        self.working = False
        self.objection = ""  # about what, while its review is owed
        self.decided: dict[str, set[str]] = {"entitlement": set(), "bill": set()}  # who decided
        self.engineer_call = self.final_call = False  # done or waived with three attempts
        self.missed = {"engineer": 0, "final": 0}
        self.rated = False

    def teardown(self) -> None:
        """Each walk starts from the same ground."""
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    def actor(self, name: str, data: st.DataObject) -> Actor:
        who = data.draw(st.sampled_from([*self.cast.staff, "customer"]))
        allowed = self.step_parties(name)
        if data.draw(st.integers(0, 9)) and allowed:
            who = data.draw(st.sampled_from(allowed))
        if who == "customer":
            purpose = next((p for p, steps_of in links.STEPS.items() if name in steps_of), "track")
            return Actor(
                "link",
                "王女士",
                frozenset({"customer"}),
                case_id=self.case.pk,
                purpose=purpose,
                customer_id=self.cast.wang.pk,
            )
        return self.cast.actor(who)

    def any(self) -> list[str]:
        return sorted(set(procedures.by_hash(self.case.procedure).step) - {"register"})

    def likely(self, straight: bool) -> list[str]:
        """Steps that lead on, so that walks reach the end; detours only when not `straight`."""
        due = set(Duty.objects.filter(case=self.case, outcome="open").values_list("kind", flat=True))
        seldom = {
            "withdraw",
            "withdraw_return",
            "merge",
            "correct",
            "hold",
            "take_over",
            "override_cover",
            "chase",
            "reopen",
            "escalate",
            "retime",
            *self.taken[-2:],
        }
        found = [
            step.name
            for who in sorted(self.cast.staff)
            for step in queries.allowed_steps(self.cast.actor(who), self.case, due)
            if step.tone != "talk" and step.name not in seldom and not (straight and step.name in DETOURS)
        ]
        found = [name for name in found if name not in self.taken] or found
        if straight:
            version = procedures.by_hash(self.case.procedure)
            found = [name for name in found if version.step[name].tone == "primary"] or found
        return sorted({*found, *(["rate"] if self.engineer_call and not self.rated else [])}) or self.any()

    def step_parties(self, name: str) -> list[str]:
        version = procedures.by_hash(self.case.procedure)
        names = version.step[name].parties
        able = [who for who, staff in self.cast.staff.items() if staff.role_set & set(names)]
        seeing = [
            w for w in able if Case.objects.visible_to(self.cast.actor(w)).filter(pk=self.case.pk).exists()
        ]
        return (seeing or able) + (["customer"] if "customer" in names else [])

    @rule(data=st.data(), minutes=st.integers(1, 600))
    def act(self, data: st.DataObject, minutes: int) -> None:
        self.now += dt.timedelta(minutes=minutes)
        name = data.draw(
            st.sampled_from(
                self.likely(data.draw(st.booleans())) if data.draw(st.integers(0, 7)) else self.any()
            )
        )
        by = self.actor(name, data)
        payload = data.draw(payload_for(name, self.cast, self.case, self.now))
        before = self.case.journal_count
        key = f"{self.case.number}-{before}"
        try:
            steps.take_step(self.case, name, payload, by=by, now=self.now, key=key)
        except steps.StepRefused:
            self.case.refresh_from_db()
            assert self.case.journal_count == before, "a refusal changes nothing"
            return
        again = steps.take_step(self.case, name, payload, by=by, now=self.now, key=key)
        assert again.replayed, "the same key takes effect once"
        self.case.refresh_from_db()
        assert self.case.journal_count == before + 1
        self.believe(name, payload, by)

    def believe(self, name: str, payload: Any, by: Actor) -> None:
        """What an acknowledged step means, in the words of the signed procedure."""
        self.taken.append(name)
        assert self.taken.count("close") + self.taken.count("withdraw") <= 1, "an end is an end"
        if name in ("triage", "diagnose") and not self.overridden:
            self.free = self.in_warranty and payload.fault == "quality"
        if name == "diagnose":
            self.consented = self.working = False
        if name == "override_cover":
            assert by.has("manager")
            self.free, self.overridden = payload.cover == "free", True  # holds until the case is reopened
        if name == "contest":
            self.objection = payload.about
        if name in ("uphold", "concede", "reduce_bill"):
            assert self.objection, "a review answers an objection"
            assert by.identity not in self.decided[self.objection], "who decided does not review it"
            assert name == "uphold" or self.objection == {"concede": "entitlement"}.get(name, "bill")
            self.objection = ""
        if name == "concede":
            self.free = self.overridden = True  # holds until the case is reopened, like the manager's word
        if name in ("triage", "diagnose", "override_cover", "concede"):
            self.decided["entitlement"].add(by.identity)
        if name in ("quote", "submit_quote", "approve_quote"):
            self.decided["bill"].add(by.identity)
        if name in ("quote", "submit_quote", "revise_quote", "decline_quote"):
            assert not self.free or name not in ("quote", "submit_quote"), "no quote for what is free"
            self.consented = self.working = False
        if name == "accept_quote":
            self.consented = True
        if name in ("start_work", "work", "replace"):
            assert self.free or self.consented, "chargeable work needs consent to the newest quote"
            self.working = True
        if name in ("follow_up_missed", "final_missed"):
            self.missed["engineer" if name == "follow_up_missed" else "final"] += 1
        if name in ("follow_up", "advise"):
            self.engineer_call = True
        if name == "waive_follow_up":
            assert self.missed["engineer"] >= 3
            self.engineer_call = True
        if name == "waive_final":
            assert self.missed["final"] >= 3
        if name in ("final_follow_up", "waive_final"):
            assert self.engineer_call
            self.final_call = True
        if name == "final_follow_up" and self.case.engineer_id:
            assert by.staff_id != self.case.engineer_id, "the final caller is not the engineer"
        if name == "rate":
            assert by.kind == "link" and self.engineer_call and not self.rated
            self.rated = True
        if name == "close":
            assert self.engineer_call and self.final_call, "no closing without both follow-ups or a waiver"
        if name == "reopen":
            self.engineer_call = self.final_call = self.rated = self.consented = self.working = False
            self.overridden = False
            self.missed = {"engineer": 0, "final": 0}

    @invariant()
    def the_journal_replays_to_the_case(self) -> None:
        found = [str(d) for _number, differences in verify.verify([self.case.number]) for d in differences]
        assert not found, found
        assert (
            list(JournalEntry.objects.filter(case=self.case).order_by("no").values_list("step", flat=True))
            == self.taken
        )

    @invariant()
    def an_open_case_owes_something_and_somebody_can_act(self) -> None:
        open_kinds = set(Duty.objects.filter(case=self.case, outcome="open").values_list("kind", flat=True))
        if self.case.stage in ENDS:
            assert not open_kinds and not self.case.is_open
            return
        assert open_kinds, "a case that owes nothing is forgotten"
        possible = {
            s.name
            for who in self.cast.staff
            for s in queries.allowed_steps(self.cast.actor(who), self.case, open_kinds)
        }
        assert possible - {
            "reply",
            "note",
            "call",
            "call_attempt",
            "correct",
            "chase",
            "message",
            "hold",
            "take_over",
            "give_link",
            "revoke_link",
            "need_parts",
        }

    @invariant()
    def one_engineer_one_outcome_exact_money_one_cause(self) -> None:
        running = (
            WorkOrder.objects.filter(case=self.case)
            .exclude(status__in=["done", "declined", "cancelled"])
            .count()
        )
        assert running <= 1
        assert Quote.objects.filter(case=self.case, status="sent").count() <= 1
        for quote in Quote.objects.filter(case=self.case).prefetch_related("lines"):
            total = sum((line.total for line in quote.lines.all()), Decimal(0))
            assert total == quote.total and total == total.quantize(Decimal("0.01"))
            assert Consent.objects.filter(quote=quote).count() <= 1
        causes = Outgoing.objects.filter(case=self.case).values_list("entry_no", "event")
        assert len(set(causes)) == len(causes)


class WalkTest(TestCase):
    def test_no_walk_through_the_procedure_breaks_an_invariant(self) -> None:
        class Here(Walk):
            cast = build_cast()

        run_state_machine_as_test(
            Here,
            settings=settings(
                max_examples=40,
                stateful_step_count=40,
                deadline=None,
                derandomize=True,
                print_blob=True,
                phases=[Phase.generate, Phase.target],
                suppress_health_check=list(HealthCheck),
            ),
        )
