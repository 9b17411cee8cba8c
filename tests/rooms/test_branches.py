"""C4.2–C4.7: every branch of the procedure, walked through the real operations to its end."""

from __future__ import annotations

import pytest

from baoxiu.cases.models import JournalEntry, WorkOrder
from baoxiu.cases.steps import StepRefused
from baoxiu.charges.models import Consent, Quote
from baoxiu.followups.models import FollowUp, Rating
from tests.rooms.walking import CALLS, FREE_REPAIR, IN_DEPOT, ON_SITE, begin, to_depot

pytestmark = pytest.mark.django_db


def ends(walk, stage, outcome):
    assert (walk.stage, walk.case.facts["outcome"]) == (stage, outcome)
    assert walk.owed == set() and not walk.case.is_open and walk.case.closed_at
    assert walk.is_sound()


def test_a_quality_fault_in_warranty_is_mended_on_site_free_of_charge(cast, now):
    walk = begin(cast, now).steps(f"{ON_SITE} {FREE_REPAIR} hand_over {CALLS}")
    ends(walk, "closed", "repaired")
    assert walk.case.facts["cover"] == "free"
    assert not Quote.objects.filter(case=walk.case).exists()
    assert walk.order.status == "done"


def test_paid_work_goes_through_quote_and_consent(cast, now):
    walk = begin(cast, now, unit="old").steps(
        f"{ON_SITE} diagnose quote accept_quote start_work work pass_test hand_over {CALLS}"
    )
    ends(walk, "closed", "repaired")
    assert Consent.objects.get(quote__case=walk.case).outcome == "accepted"


def test_advice_at_triage_needs_no_engineer(cast, now):
    walk = begin(cast, now).steps("triage advise final_follow_up close")
    ends(walk, "closed", "advised")
    assert not WorkOrder.objects.filter(case=walk.case).exists()


def test_a_declined_quote_goes_back_unrepaired(cast, now):
    walk = begin(cast, now, unit="old").steps(f"{ON_SITE} diagnose quote decline_quote hand_over {CALLS}")
    ends(walk, "closed", "unrepaired")


def test_a_declined_quote_at_the_depot_is_shipped_back(cast, now):
    walk = to_depot(begin(cast, now, unit="old")).steps(
        f"diagnose quote decline_quote ship_out deliver {CALLS}"
    )
    ends(walk, "closed", "unrepaired")
    assert walk.case.facts["possession"] == "customer"


def test_what_cannot_be_repaired_is_said_and_handed_back(cast, now):
    ends(begin(cast, now).steps(f"{ON_SITE} diagnose condemn hand_over {CALLS}"), "closed", "unrepairable")


def test_a_unit_is_replaced(cast, now):
    walk = begin(cast, now).steps(f"{ON_SITE} diagnose start_work replace pass_test hand_over {CALLS}")
    ends(walk, "closed", "replaced")
    cast.unit.refresh_from_db()
    assert walk.case.unit == cast.unit.replaced_by and walk.case.unit.serial == "SN-NEW-2"


def test_the_customer_withdraws_before_anything_was_done(cast, now):
    ends(begin(cast, now).steps("triage confirm assign withdraw"), "withdrawn", "withdrawn")


def test_the_customer_withdraws_by_the_link_while_a_quote_waits(cast, now):
    walk = begin(cast, now, unit="old").steps(f"{ON_SITE} diagnose quote")
    walk.step("withdraw", by=walk.link("track"))
    ends(walk, "withdrawn", "withdrawn")


def test_the_customer_withdraws_while_the_product_is_with_us(cast, now):
    walk = to_depot(begin(cast, now)).steps(
        "withdraw_return ship_out deliver follow_up final_follow_up close"
    )
    ends(walk, "closed", "withdrawn")


def test_withdrawn_before_an_engineer_was_named_somebody_still_calls(cast, now):
    walk = begin(cast, now)
    walk.step("triage")
    walk.step("confirm", venue="depot")
    walk.steps("assign_station ship_in receive withdraw_return ship_out deliver")
    assert walk.case.engineer == cast.staff["engineer"]
    ends(walk.steps(CALLS), "closed", "withdrawn")


def test_a_customer_who_is_not_there_is_visited_again(cast, now):
    walk = begin(cast, now).steps("triage confirm assign accept appoint")
    walk.wait(hours=2).steps("set_out customer_absent")
    assert walk.stage == "visit" and walk.owed == {"appointment"}
    ends(walk.steps(f"appoint check_in {FREE_REPAIR} hand_over {CALLS}"), "closed", "repaired")


def test_a_declined_job_is_dispatched_anew(cast, now):
    walk = begin(cast, now).steps("triage confirm assign decline")
    assert walk.stage == "dispatch" and walk.case.engineer is None
    ends(walk.steps(f"assign accept appoint check_in {FREE_REPAIR} hand_over {CALLS}"), "closed", "repaired")
    assert [o.status for o in WorkOrder.objects.filter(case=walk.case).order_by("id")] == ["declined", "done"]


def test_a_reassigned_job_is_finished_by_the_other_engineer(cast, now, skilled):
    walk = begin(cast, now).steps("triage confirm assign accept appoint reassign")
    walk.engineer = "engineer2"
    assert walk.case.engineer == cast.staff["engineer2"] and walk.owed == {"acceptance"}
    ends(walk.steps(f"accept_promised check_in {FREE_REPAIR} hand_over {CALLS}"), "closed", "repaired")
    assert [o.status for o in WorkOrder.objects.filter(case=walk.case).order_by("id")] == [
        "cancelled",
        "done",
    ]


def test_parts_are_waited_for_on_site_and_the_engineer_comes_again(cast, now):
    walk = begin(cast, now).steps(f"{ON_SITE} diagnose wait_parts")
    assert walk.owed == {"parts"} and walk.order.status == "waiting"
    ends(
        walk.steps(f"return_visit appoint check_in start_work work pass_test hand_over {CALLS}"),
        "closed",
        "repaired",
    )


def test_parts_are_waited_for_at_the_depot(cast, now):
    walk = to_depot(begin(cast, now)).steps(
        "diagnose wait_parts parts_arrived start_work work pass_test ship_out deliver"
    )
    ends(walk.steps(CALLS), "closed", "repaired")


def test_mailed_in_mended_and_collected(cast, now):
    ends(to_depot(begin(cast, now)).steps(f"{FREE_REPAIR} collect {CALLS}"), "closed", "repaired")


def test_from_the_site_to_the_depot_and_back_to_the_site(cast, now):
    walk = begin(cast, now).steps(f"{ON_SITE} diagnose to_depot")
    assert walk.case.facts["possession"] == "ours" and walk.case.station == cast.station
    walk.steps("receive take_on diagnose start_work work pass_test to_site assign accept appoint check_in")
    assert walk.stage == "repair"
    ends(walk.steps(f"pass_test hand_over {CALLS}"), "closed", "repaired")


def test_the_customer_sends_it_after_a_visit(cast, now):
    walk = begin(cast, now).steps(ON_SITE)
    walk.step("to_depot", carried_by="customer")
    assert walk.case.facts["possession"] == "customer"
    ends(walk.steps(f"ship_in receive take_on {FREE_REPAIR} ship_out deliver {CALLS}"), "closed", "repaired")


def test_a_failed_test_means_more_work(cast, now):
    walk = begin(cast, now).steps(
        f"{ON_SITE} diagnose start_work work fail_test work pass_test hand_over {CALLS}"
    )
    ends(walk, "closed", "repaired")


def test_a_quote_taken_back_is_quoted_again(cast, now):
    walk = begin(cast, now, unit="old").steps(f"{ON_SITE} diagnose quote revise_quote quote")
    with pytest.raises(StepRefused):
        walk.step("accept_quote", version=1)
    walk.step("accept_quote", version=2)
    ends(walk.steps(f"start_work work pass_test hand_over {CALLS}"), "closed", "repaired")
    assert list(
        Quote.objects.filter(case=walk.case).order_by("version").values_list("status", flat=True)
    ) == ["withdrawn", "accepted"]


def test_dissatisfied_at_either_follow_up_it_starts_again_each_time(cast, now):
    walk = begin(cast, now).steps(f"{ON_SITE} {FREE_REPAIR} hand_over")
    walk.step("reopen", by="engineer")
    assert walk.stage == "triage" and walk.owed == {"triage", "first_response"}
    walk.steps(f"{ON_SITE} {FREE_REPAIR} hand_over follow_up reopen")
    ends(walk.steps(f"{ON_SITE} {FREE_REPAIR} hand_over {CALLS}"), "closed", "repaired")
    assert JournalEntry.objects.filter(case=walk.case, step="reopen").count() == 2
    assert list(FollowUp.objects.filter(case=walk.case).order_by("id").values_list("kind", "round")) == [
        ("engineer", 2), ("engineer", 3), ("final", 3),
    ]  # fmt: skip


def test_a_customer_never_reached_is_waived_with_a_reason_after_three_calls(cast, now):
    walk = begin(cast, now).steps(f"{ON_SITE} {FREE_REPAIR} hand_over follow_up_missed follow_up_missed")
    with pytest.raises(StepRefused):
        walk.step("waive_follow_up")
    walk.steps("follow_up_missed waive_follow_up final_missed final_missed final_missed waive_final close")
    ends(walk, "closed", "repaired")
    assert FollowUp.objects.filter(case=walk.case, outcome="missed").count() == 6


def test_the_customer_rates_once_even_after_closing(cast, now):
    walk = begin(cast, now).steps(f"{ON_SITE} {FREE_REPAIR} hand_over {CALLS}")
    walk.step("rate", by=walk.link("rate"))
    assert Rating.objects.get(case=walk.case).engineer == cast.staff["engineer"]
    with pytest.raises(StepRefused):
        walk.step("rate", by=walk.link("rate"))
    assert walk.is_sound()


def test_a_duplicate_is_merged_and_owes_nothing(cast, now):
    kept, walk = begin(cast, now), begin(cast, now)
    walk.step("merge", by="agent", into=kept.case.number)
    assert walk.stage == "merged" and walk.is_sound() and kept.is_sound()


def test_a_hold_in_the_middle_changes_nothing_but_the_clocks(cast, now):
    walk = begin(cast, now).steps("triage confirm hold")
    with pytest.raises(StepRefused):
        walk.step("assign")
    walk.wait(days=2).steps(f"resume assign accept appoint check_in {FREE_REPAIR} hand_over {CALLS}")
    ends(walk, "closed", "repaired")


def test_depot_path_in_full(cast, now):
    walk = begin(cast, now)
    walk.step("triage")
    walk.step("confirm", venue="depot")
    walk.steps(f"{IN_DEPOT} {FREE_REPAIR} ship_out")
    walk.step("deliver", by=walk.link("track"))
    ends(walk.steps(CALLS), "closed", "repaired")
