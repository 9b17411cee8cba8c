"""C4.5: the repair clock – stays read from the journal, what the law wants by when, opened before it is late."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from baoxiu.cases import claims, decisions, repair_clock, stays
from baoxiu.cases.models import Case, Duty
from baoxiu.cases.steps import StepRefused
from baoxiu.cases.verify import verify
from baoxiu.people.models import Site
from baoxiu.repair import queries as repair
from baoxiu.repair.models import Loan
from tests.conftest import Cast
from tests.rooms.walking import Walk, begin


def sold_as(cast: Cast, law_class: str) -> None:
    """The cast's washing machine is of this class; 王女士 bought it half a year before."""
    model = cast.unit.model
    assert model
    model.law_class = law_class
    model.save()


def received(cast: Cast, now: dt.datetime, law_class: str = "mobile_phone", **more: Any) -> Walk:
    sold_as(cast, law_class)
    walk = begin(cast, now, **more)
    walk.step("triage", fault="quality")
    walk.step("confirm", venue="depot")
    return walk.steps("assign_station ship_in receive")


def due(walk: Walk, kind: str) -> dt.date | None:
    """The last day of an open duty, in China."""
    duty = Duty.objects.filter(case=walk.case, kind=kind, outcome="open").first()
    zone = dt.timezone(dt.timedelta(hours=8))
    return (duty.due_at.astimezone(zone) - dt.timedelta(seconds=1)).date() if duty else None


def test_a_phone_in_the_workshop_is_owed_a_loaner_by_the_seventh_day(cast: Cast, now: dt.datetime) -> None:
    walk = received(cast, now)
    handed_in = walk.now.date()
    assert due(walk, "loaner") == handed_in + dt.timedelta(7)
    assert due(walk, "repair_limit") == handed_in + dt.timedelta(30)
    walk.step("take_on")
    walk.step("diagnose", fault="quality")
    assert due(walk, "loaner") == handed_in + dt.timedelta(7)
    walk.step("lend", by="station_head", outcome="lent", product="备用机 X1")
    assert due(walk, "loaner") is None
    walk.step("diagnose", fault="quality")
    assert due(walk, "loaner") is None, "it was lent in this stay"
    assert not [d for _, found in verify([walk.case.number]) for d in found]


def test_whose_delay_it_is_decides_how_long_the_law_waits(cast: Cast, now: dt.datetime) -> None:
    walk = received(cast, now)
    handed_in = walk.now.date()
    walk.step("take_on")
    walk.step("diagnose", fault="quality")
    walk.step("wait_parts", waiting_for="producer")
    assert due(walk, "repair_limit") == handed_in + dt.timedelta(60)
    walk.wait(days=20).step("parts_arrived")
    assert due(walk, "repair_limit") == handed_in + dt.timedelta(50), (
        "the producer's days are not the repairer's"
    )
    walk.step("wait_parts", waiting_for="repairer")
    assert due(walk, "repair_limit") == handed_in + dt.timedelta(50)


def test_the_customers_own_days_move_the_limit_as_soon_as_they_end(cast: Cast, now: dt.datetime) -> None:
    walk = received(cast, now)
    handed_in = walk.now.date()
    walk.step("hold", reason="customer", text="客户出差")
    walk.wait(days=9).step("resume")
    assert due(walk, "repair_limit") == handed_in + dt.timedelta(39)
    assert Case.objects.get(pk=walk.case.pk).next_due_at == min(
        Duty.objects.filter(case=walk.case, outcome="open").values_list("due_at", flat=True)
    )
    walk.step("hold", reason="parts", text="仓库盘点")
    walk.wait(days=3).step("resume")
    assert due(walk, "repair_limit") == handed_in + dt.timedelta(39), "our own days count"
    assert not [d for _, found in verify([walk.case.number]) for d in found]


def test_what_is_ready_owes_nothing_more_and_the_warranty_is_longer(cast: Cast, now: dt.datetime) -> None:
    walk = received(cast, now)
    walk.step("take_on")
    walk.step("diagnose", fault="quality")
    walk.wait(days=12).steps("start_work work pass_test")
    assert due(walk, "loaner") is due(walk, "repair_limit") is None
    walk.steps("ship_out deliver")
    (stay,) = stays.of_unit(walk.case.unit)
    assert not stay.is_open and stay.days(walk.now) == 12 and stay.back_at
    again = begin(cast, walk.now + dt.timedelta(days=40))
    again.step("triage", fault="quality")
    found = decisions.latest(again.case)
    assert found
    statute = [c for c in found.decision["detail"]["verdict"]["coverages"] if c["source"] == "statute"]
    assert statute[0]["suspended_days"] == 12


def test_a_third_time_for_the_same_fault_is_an_exchange(cast: Cast, now: dt.datetime) -> None:
    at = now
    for _ in range(2):
        walk = received(cast, at)
        walk.step("take_on")
        walk.step("diagnose", fault="quality")
        walk.steps("start_work work pass_test ship_out deliver")
        at = walk.now + dt.timedelta(days=40)
    third = begin(cast, at)
    third.step("triage", fault="quality")
    verdict = decisions.latest(third.case).decision["detail"]["verdict"]  # type: ignore[union-attr]
    assert verdict["options"] == ["EXCHANGE_FREE"] and "CN-3BAO-MP-003" in verdict["fired"]


def test_a_hold_for_the_customer_is_nobodys_delay(cast: Cast, now: dt.datetime) -> None:
    walk = received(cast, now)
    handed_in = walk.now.date()
    walk.step("take_on")
    walk.step("hold", reason="customer", text="客户出差")
    walk.wait(days=5).step("resume")
    walk.step("diagnose", fault="quality")
    assert due(walk, "repair_limit") == handed_in + dt.timedelta(35)


def test_while_the_customer_has_us_wait_the_limits_of_the_law_stand_and_move_with_every_day(
    cast: Cast, now: dt.datetime
) -> None:
    Site.objects.filter(customer=cast.wang).update(province="浙江省")
    walk = received(cast, now, law_class="washing_machine").steps("take_on diagnose")
    lent, limit = due(walk, "loaner"), due(walk, "repair_limit")
    assert lent and limit

    def last_days(days: int) -> dict[str, dt.date]:
        clock = repair_clock.read(walk.case, walk.now + dt.timedelta(days=days), fault="quality")
        assert clock
        return {x.kind: x.last_day for x in clock.limits}

    before = last_days(0)
    walk.step("hold", reason="customer", text="客户出差")
    standing = Duty.objects.filter(case=walk.case, outcome="open", kind__in=("loaner", "repair_limit"))
    assert all(d.paused_at == walk.now and d.alarm_at is None for d in standing) and len(standing) == 2
    for days in (1, 4, 9):
        assert last_days(days) == {kind: day + dt.timedelta(days) for kind, day in before.items()}
    assert walk.is_sound()
    walk.wait(days=9).step("resume")
    assert due(walk, "loaner") == lent + dt.timedelta(9) and due(
        walk, "repair_limit"
    ) == limit + dt.timedelta(9)
    assert not any(d.paused_at for d in standing.all()) and walk.is_sound()


@pytest.mark.parametrize(("reason", "hours"), [("customer", 3), ("parts", 72)])
def test_a_hold_of_hours_or_of_our_own_moves_no_limit(
    cast: Cast, now: dt.datetime, reason: str, hours: int
) -> None:
    Site.objects.filter(customer=cast.wang).update(province="浙江省")
    walk = received(cast, now, law_class="washing_machine").steps("take_on diagnose")
    lent = due(walk, "loaner")
    walk.step("hold", reason=reason, text="客户未接电话")
    assert walk.is_sound()
    walk.wait(minutes=60 * hours).step("resume")
    open_now = Duty.objects.filter(case=walk.case, outcome="open", kind="loaner")
    assert due(walk, "loaner") == lent and not open_now.get().paused_at and walk.is_sound()


def test_goods_without_such_a_rule_owe_neither(cast: Cast, now: dt.datetime) -> None:
    walk = received(cast, now, law_class="")
    assert due(walk, "loaner") is due(walk, "repair_limit") is None


def test_zhejiang_lends_after_five_days(cast: Cast, now: dt.datetime) -> None:
    Site.objects.filter(customer=cast.wang).update(province="浙江省")
    walk = received(cast, now, law_class="washing_machine")
    handed_in = walk.now.date()
    assert due(walk, "loaner") == handed_in + dt.timedelta(5)
    walk.step("settle_limit", by="agent", choice="continue", text="电话商定继续修理")
    assert due(walk, "repair_limit") is None


def test_a_finding_that_makes_it_paid_ends_what_the_law_owed(cast: Cast, now: dt.datetime) -> None:
    walk = received(cast, now)
    walk.step("take_on")
    walk.step("diagnose", fault="other", exclusion="MISUSE", text="液体进入，指示条变红")
    assert walk.case.facts["cover"] == "paid"
    assert due(walk, "loaner") is due(walk, "repair_limit") is None
    verdict = decisions.latest(walk.case).decision["detail"]["verdict"]  # type: ignore[union-attr]
    assert verdict["values"]["EXCLUSION"] == "MISUSE"


def test_an_exclusion_without_evidence_is_refused(cast: Cast, now: dt.datetime) -> None:
    walk = received(cast, now)
    walk.step("take_on")
    for wrong in ({"fault": "other", "text": ""}, {"fault": "quality", "text": "外壳"}):
        with pytest.raises(ValueError, match="exclu"):
            walk.step("diagnose", exclusion="MISUSE", **wrong)


def test_a_loaner_says_what_is_lent(cast: Cast, now: dt.datetime) -> None:
    walk = received(cast, now)
    with pytest.raises(StepRefused) as refused:
        walk.step("lend", by="agent", outcome="lent", product="", serial="")
    assert refused.value.field == "product"
    walk.step("lend", by="agent", outcome="declined")
    assert due(walk, "loaner") is None


def test_a_claim_of_the_case_says_where_and_who(cast: Cast, now: dt.datetime) -> None:
    sold_as(cast, "washing_machine")
    walk = begin(cast, now)
    claim = claims.of_case(walk.case, sold_on=now.date() - dt.timedelta(180), claim_on=now.date())
    assert (claim.product_class, claim.buyer) == ("washing_machine", "consumer")
    assert claim.promises[0].months == 12


def test_the_clock_is_read_with_its_waits_limits_and_what_the_warranty_gained(
    cast: Cast, now: dt.datetime
) -> None:
    Site.objects.filter(customer=cast.wang).update(province="浙江省")
    first = received(cast, now, law_class="washing_machine").steps("take_on diagnose").wait(days=6)
    first.steps("start_work work pass_test ship_out deliver")
    walk = received(cast, first.now + dt.timedelta(days=40), law_class="washing_machine").steps(
        "take_on diagnose"
    )
    walk.step("hold", reason="customer", text="客户出差")
    walk.wait(days=3).step("resume")
    walk.step("wait_parts", waiting_for="producer")
    walk.wait(days=10).step("parts_arrived")
    walk.step("wait_parts", waiting_for="repairer")
    clock = repair_clock.read(walk.case, walk.now + dt.timedelta(days=2), fault="quality")
    assert clock
    assert [(w.whose, w.until_at is None) for w in clock.newest.waits] == [
        ("customer", False), ("producer", False), ("repairer", True)
    ]  # fmt: skip
    assert clock.newest.days(walk.now + dt.timedelta(days=2)) == 15
    assert [(x.kind, x.rule, x.counted, x.days, x.is_over) for x in clock.limits] == [
        ("loaner", "CN-LAYER-005/loaner", 15 - 3, 5, True),
        ("exchange", "CN-LAYER-005", 6 + 15 - 3, 35, False),
        ("exchange", "CN-3BAO-95-006", 15 - 3 - 10, 30, False),
    ]
    assert (clock.repairs, clock.same_fault) == (1, 1) and clock.following == clock.limits[0]
    assert {c.suspended_days for c in clock.extended} == {6 + 15 - 3}
    walk.step("lend", by="agent", outcome="lent", product="备用机")
    again = repair_clock.read(walk.case, walk.now, fault="quality")
    assert again and again.following and again.following.kind == "exchange"
    assert repair_clock.read(begin(cast, now, unit="old").case, now) is None
    paid = repair_clock.read(walk.case, walk.now, fault="other")
    assert paid and not paid.limits


# -- loaners -----------------------------------------------------------------------------------


def test_a_loaner_is_owed_back_until_it_is_returned_and_says_in_what_condition(
    cast: Cast, now: dt.datetime
) -> None:
    received(cast, now).step("lend", by="station_head", outcome="lent", serial="LN-1")
    walk = begin(cast, now)
    with pytest.raises(StepRefused) as refused:
        walk.step("triage")
        walk.step("confirm", venue="depot")
        walk.step("assign_station")
        walk.step("lend", outcome="lent", serial="LN-1")
    assert refused.value.field == "serial", "LN-1 is with somebody else"
    until = walk.now.date() + dt.timedelta(days=10)
    walk.step("lend", outcome="lent", serial="LN-2", until=until)
    assert due(walk, "loaner_return") == until
    loan = Loan.objects.get(case=walk.case)
    assert (loan.station, loan.due_date, loan.returned_at) == (cast.station, until, None)
    with pytest.raises(StepRefused, match="loaner"):
        walk.step("withdraw")
    with pytest.raises(ValueError, match="words"):
        walk.step("return_loaner", condition="damaged")
    walk.step("return_loaner", condition="damaged", text="屏幕划伤")
    loan.refresh_from_db()
    assert (loan.condition, loan.damage, loan.returned_at) == ("damaged", "屏幕划伤", walk.now)
    assert due(walk, "loaner_return") is None
    with pytest.raises(StepRefused) as again:
        walk.step("return_loaner")
    assert again.value.code == "no_loaner"
    walk.step("withdraw")
    assert not [d for _, found in verify([walk.case.number]) for d in found]


def test_a_case_is_not_closed_while_its_loaner_is_out(cast: Cast, now: dt.datetime) -> None:
    walk = received(cast, now).steps(
        "take_on lend diagnose start_work work pass_test ship_out deliver follow_up final_follow_up"
    )
    with pytest.raises(StepRefused) as refused:
        walk.step("close")
    assert refused.value.code == "owed" and "loaner" in refused.value.reason.en
    walk.steps("return_loaner close")


def test_each_station_sees_its_own_loaners_the_longest_due_first(cast: Cast, now: dt.datetime) -> None:
    received(cast, now).step("lend", by="station_head", outcome="lent", serial="B")
    late = received(cast, now)
    late.step("lend", by="station_head", outcome="lent", serial="A", until=late.now.date())
    for who in ("station_head", "agent", "stock_keeper"):
        assert [loan.serial for loan in repair.loans_out(cast.actor(who))] == ["A", "B"], who
    assert repair.loans_out(cast.actor("station_head2")) == []
