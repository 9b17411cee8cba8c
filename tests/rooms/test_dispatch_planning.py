"""C4.3: a day from the database: draft, referee, publish through the gate; what happens during the day."""

from __future__ import annotations

import datetime as dt

import pytest

from baoxiu.cases.models import JournalEntry, WorkOrder
from baoxiu.catalogue.models import ProductModel
from baoxiu.dispatch import boards, kept, operations, queries, reasons, situation, slots
from baoxiu.dispatch.models import Override, Plan
from baoxiu.dispatch.operations.drafts import Stale
from baoxiu.dispatch.operations.publishing import NotFeasible
from baoxiu.dispatch.records import MoveRecord, PolicyRecord, PublishRecord, SolveRecord
from baoxiu.jobs.models import Job
from baoxiu.people.models import Absence, EngineerWish, Skill, StaffSkill, Territory, WorkingHours
from baoxiu.people.rules import Denied, Invalid
from tests.rooms.planning import HOUR, job, ready

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(cast):
    ready(cast)
    return cast


def move(cast, now, number, engineer, start=None, **more):
    who = cast.staff[engineer].pk if engineer else None
    record = MoveRecord(number=number, engineer=who, start=start, **more)
    return operations.move(now.date(), record, by=cast.actor("dispatcher"), now=now)


def publish(cast, now, plan, **more):
    record = PublishRecord(edits=plan.edits, **more)
    return operations.publish(now.date(), record, by=cast.actor("dispatcher"), now=now)


def test_a_plan_is_drafted_by_hand_published_and_every_change_goes_through_the_gate(city, now):
    first, second = job(city, now), job(city, now, east=0.03)
    move(city, now, first.case.number, "engineer", "10:00")
    plan, moved = move(city, now, second.case.number, "engineer2")
    assert moved.ok and moved.travel > 0 and plan.edits == 2
    assert not WorkOrder.objects.exists()  # a draft moves nobody
    done = publish(city, now, plan)
    assert (done.assigned, done.reassigned, done.plan.version) == (2, 0, 1)
    first.case.refresh_from_db()
    assert first.case.engineer == city.staff["engineer"] and first.case.stage == "assigned"
    assert done.plan.times[first.case.number][1] == 10 * 3600
    assert JournalEntry.objects.filter(case=first.case, step="assign").exists()
    assert first.is_sound()
    force = situation.build(now.date(), now=now).force
    assert force.engineer_of() == {
        first.case.number: str(city.staff["engineer"].pk),
        second.case.number: str(city.staff["engineer2"].pk),
    }


def test_what_breaks_a_rule_is_shown_in_the_draft_and_never_published(city, now):
    StaffSkill.objects.filter(staff=city.staff["engineer2"]).update(
        valid_until=now.date() - dt.timedelta(days=1)
    )
    walk = job(city, now)
    plan, moved = move(city, now, walk.case.number, "engineer2")
    assert not moved.ok and "到期" in moved.violations[0].text.zh
    assert moved.best and moved.best.engineer == str(city.staff["engineer"].pk)
    with pytest.raises(NotFeasible, match="ended"):
        publish(city, now, plan)
    assert not WorkOrder.objects.exists() and Plan.objects.get().status == "draft"


def test_changes_are_taken_back_one_by_one_and_the_second_dispatcher_is_told(city, now):
    walk = job(city, now)
    plan, _ = move(city, now, walk.case.number, "engineer")
    with pytest.raises(Stale):
        move(city, now, walk.case.number, "engineer2", edits=0)
    by = city.actor("dispatcher")
    undone = operations.back(now.date(), edits=plan.edits, by=by, now=now)
    assert undone.routes == {}
    with pytest.raises(Invalid):
        operations.back(now.date(), edits=undone.edits, by=by, now=now)
    assert operations.discard(now.date(), by=by, now=now)
    with pytest.raises(Denied):
        operations.draft_of(now.date(), by=city.actor("engineer"), now=now)


def test_the_solver_answers_a_request_once_and_its_draft_is_published(city, now):
    walks = [job(city, now, east=0.01 * i) for i in range(6)]
    by = city.actor("dispatcher")
    asked = operations.ask(now.date(), SolveRecord(seconds=1), by=by, now=now)
    assert operations.ask(now.date(), SolveRecord(seconds=1), by=by, now=now).pk == asked.pk
    assert "6 jobs planned" in operations.solve(asked.pk, by=by, now=now)
    assert operations.solve(asked.pk, by=by, now=now) == "nothing to do"
    draft = Plan.objects.get(status="draft")
    board = boards.board(by, now.date(), now=now)
    assert board.verdict.ok and board.verdict.served == 6 and len(board.changes) == 6
    assert publish(city, now, draft).assigned == 6
    assert {w.case.number for w in walks} == set(Plan.objects.get(status="published").times)


def test_a_request_that_was_given_up_does_not_stand_in_the_way_of_the_next(city, now):
    job(city, now)
    by = city.actor("dispatcher")
    first = operations.ask(now.date(), SolveRecord(seconds=1), by=by, now=now)
    Job.objects.update(state="dead")
    again = operations.ask(now.date(), SolveRecord(seconds=1), by=by, now=now)
    assert again.pk != first.pk and Plan.objects.get(pk=first.pk).status == "failed"
    assert "1 jobs planned" in operations.solve(again.pk, by=by, now=now)


def test_a_started_job_never_moves(city, now):
    walk = job(city, now, "triage confirm assign accept appoint")
    plan, _ = move(city, now, walk.case.number, "engineer2")
    walk.step("set_out")
    with pytest.raises(Stale):
        publish(city, walk.now, plan)
    with pytest.raises(Invalid, match="begun"):
        move(city, walk.now, walk.case.number, "engineer2")
    day = situation.build(now.date(), now=walk.now)
    assert day.orders[walk.case.number].begun and walk.case.number not in day.force.engineer_of()


def test_a_job_given_away_meanwhile_makes_the_draft_stale(city, now):
    walk = job(city, now)
    plan, _ = move(city, now, walk.case.number, "engineer2")
    walk.step("assign")
    with pytest.raises(Stale):
        publish(city, now, plan)


def test_an_ill_engineers_jobs_go_to_others_and_the_promised_window_stays(city, now):
    walk = job(city, now, "triage confirm assign accept appoint")
    order = WorkOrder.objects.get(case=walk.case)
    Absence.objects.create(
        staff=city.staff["engineer"], from_date=now.date(), until_date=now.date() + dt.timedelta(days=1)
    )
    by, date = city.actor("dispatcher"), order.starts_at.astimezone(now.tzinfo).date()
    now = now.replace(hour=8)
    Absence.objects.update(from_date=date, until_date=date + dt.timedelta(days=1))
    board = boards.board(by, date, now=now)
    assert board.loose == (walk.case.number,)
    mended = operations.mend(date, by=by, now=now)
    assert (mended.way, mended.placed, mended.left) == ("insertion", (walk.case.number,), ())
    done = operations.publish(date, PublishRecord(edits=0, reason="张工生病"), by=by, now=now)
    assert done.reassigned == 1
    new = WorkOrder.objects.get(case=walk.case, engineer=city.staff["engineer2"])
    assert (new.starts_at, new.ends_at) == (order.starts_at, order.ends_at)
    number, start, _end = walk.case.number, *done.plan.times[walk.case.number][1:]
    window = situation.build(date, now=now).orders[number].window
    assert window and window[0] <= start <= window[1]


def test_a_visit_runs_over_and_the_next_promise_goes_to_another(city, now):
    accepted = "triage confirm assign accept"
    long = job(city, now, accepted)
    long.step("appoint", starts_at=now + HOUR, ends_at=now + 2 * HOUR)
    long.steps("set_out check_in")
    after = job(city, now, accepted, east=0.01)
    after.step("appoint", starts_at=now + 2 * HOUR, ends_at=now + 2.5 * HOUR)
    by, at = city.actor("dispatcher"), now + 1.5 * HOUR
    assert boards.board(by, now.date(), now=at).loose == ()
    ProductModel.objects.update(visit_minutes=100)  # the work takes longer than usual
    assert boards.board(by, now.date(), now=at + dt.timedelta(seconds=30)).loose == (after.case.number,)
    mended = operations.mend(now.date(), by=by, now=at)
    assert (mended.way, mended.placed) == ("insertion", (after.case.number,))
    operations.publish(now.date(), PublishRecord(edits=0, reason="前一单超时"), by=by, now=at)
    long.case.refresh_from_db()
    after.case.refresh_from_db()
    assert (long.case.engineer, after.case.engineer) == (city.staff["engineer"], city.staff["engineer2"])


def test_an_emergency_is_inserted_without_moving_the_others(city, now):
    for i in range(3):
        walk = job(city, now, east=0.01 * i)
        plan, _ = move(city, now, walk.case.number, "engineer")
    publish(city, now, plan)
    before = situation.build(now.date(), now=now).force
    urgent = job(city, now, east=0.02, priority=1)
    mended = operations.mend(now.date(), by=city.actor("dispatcher"), now=now)
    assert mended.way == "insertion" and mended.placed == (urgent.case.number,)
    after = mended.draft.routes
    kept = {w: [s for s in stops if s != urgent.case.number] for w, stops in after.items()}
    assert {w: s for w, s in kept.items() if s} == {w: list(s) for w, s in before.routes.items() if s}
    assert operations.mend(now.date(), by=city.actor("dispatcher"), now=now).way == "insertion"


def test_nothing_to_mend_makes_no_draft(city, now):
    job(city, now)
    assert operations.mend(now.date(), by=city.actor("dispatcher"), now=now).way == "none"
    assert not Plan.objects.exists()


def test_hours_territories_and_wishes_bar_engineers_with_a_reason(city, now):
    walk = job(city, now)
    WorkingHours.objects.create(
        staff=city.staff["engineer"], weekday=now.isoweekday() % 7 + 1, from_minute=540, until_minute=1080
    )
    day = situation.build(now.date(), now=now)
    assert [e.label for e in day.day.engineers] == ["钱工"]  # 张工 does not work on this weekday
    Territory.objects.create(name="徐汇", places="徐汇区").staff.add(city.staff["engineer"])
    Territory.objects.create(name="浦东", places="浦东新区\n南汇").staff.add(city.staff["engineer2"])
    why = reasons.why(city.actor("dispatcher"), now.date(), walk.case.number, now=now + HOUR)
    assert why and "不负责“徐汇”区域" in why.against[0].faults[0].text.zh
    Territory.objects.all().delete()
    EngineerWish.objects.create(customer=city.wang, staff=city.staff["engineer2"], kind="excluded")
    why = reasons.why(city.actor("dispatcher"), now.date(), walk.case.number, now=now + 2 * HOUR)
    assert why and not why.options and "不派此工程师" in why.against[0].faults[0].text.zh


def test_an_override_is_put_on_record_with_its_price_and_pins_the_job(city, now):
    walk = job(city, now, east=0.05)
    plan, moved = move(city, now, walk.case.number, "engineer2", reason="客户点名")
    note = Override.objects.get()
    assert (note.reason, note.price, note.engineer) == ("客户点名", moved.dearer, city.staff["engineer2"])
    assert moved.dearer > 0 and note.instead_of == city.staff["engineer"]
    publish(city, now, plan)
    locked = {j.id: j.locked for j in situation.build(now.date(), now=now).day.jobs}
    assert locked[walk.case.number] == str(city.staff["engineer2"].pk)


def test_slots_to_offer_are_free_and_cheapest(city, now):
    walk = job(city, now)
    found = slots.slots(walk.case, now=now)
    assert len(found) == slots.OFFERED
    assert found == sorted(found, key=lambda s: s.starts_at)
    assert all(s.starts_at <= s.arrival <= s.ends_at and s.starts_at > now - 2 * HOUR for s in found)


def test_a_window_promised_before_anybody_has_the_job_binds_the_plan(city, now):
    date = now.date() + dt.timedelta(days=1)
    opens = now.replace(hour=10) + dt.timedelta(days=1)
    walk = job(city, now)
    walk.step("promise_window", starts_at=opens, ends_at=opens + 2 * HOUR)
    day = situation.build(date, now=walk.now)
    found = next(j for j in day.day.jobs if j.id == walk.case.number)
    assert found.windows == ((10 * 3600, 12 * 3600),) and found.promised and not found.locked
    left_out = dict(zip((j.id for j in day.day.jobs), day.arrays.penalty, strict=True))
    assert left_out[found.id] > day.day.goals.unserved[1]  # a promise weighs more than an emergency
    assert walk.case.number not in situation.build(now.date(), now=walk.now).orders
    mended = operations.mend(date, by=city.actor("dispatcher"), now=walk.now)
    assert mended.placed == (walk.case.number,)
    done = operations.publish(date, PublishRecord(edits=0), by=city.actor("dispatcher"), now=walk.now)
    assert 10 * 3600 <= done.plan.times[walk.case.number][1] <= 12 * 3600
    walk.case.refresh_from_db()
    assert (walk.order.starts_at, walk.order.status) == (opens, "assigned") and walk.is_sound()


def test_what_is_promised_to_some_is_not_offered_to_others(city, now):
    ProductModel.objects.update(visit_minutes=150)  # one visit a window for each of the two
    wanted, walks = job(city, now), [job(city, now, east=0.01 * i) for i in (1, 2)]
    at = slots.slots(wanted.case, now=now)[-1]

    def offered(case):
        kept.forget()
        return at.starts_at in {s.starts_at for s in slots.slots(case, now=now, most=50)}

    for walk in walks:
        assert offered(wanted.case)
        walk.step("promise_window", starts_at=at.starts_at, ends_at=at.ends_at)
    assert not offered(wanted.case)
    assert offered(walks[0].case)  # its own place does not stand in its way


def test_a_model_says_how_long_a_visit_takes_and_how_skilled_the_engineer_must_be(city, now):
    walk = job(city, now)
    skill = {"skill": Skill.objects.get(code="washing"), "skill_level": 3, "visit_minutes": 95}
    ProductModel.objects.filter(pk=walk.case.unit.model_id).update(**skill)
    StaffSkill.objects.filter(staff=city.staff["engineer"]).update(level=3)
    assert situation.build(now.date(), now=now).day.jobs[0].duration == 95 * 60
    _, moved = move(city, now, walk.case.number, "engineer2")
    assert not moved.ok and "3级" in moved.violations[0].text.zh
    ranked = {r.name: r.eligible for r in queries.suggestions(city.actor("dispatcher"), walk.case, now=now)}
    assert ranked == {"张工": True, "钱工": False}
    assert {s.name for s in slots.slots(walk.case, now=now)} == {"张工"}


def test_a_policy_changes_what_a_plan_may_be(city, now):
    by = city.actor("manager")
    one = operations.save_policy(None, PolicyRecord(name="平日", max_jobs=1), by=by, now=now)
    two = operations.save_policy(None, PolicyRecord(name="应急", overtime_minutes=120), by=by, now=now)
    assert (one.is_in_use, two.is_in_use) == (True, False)
    assert situation.build(now.date(), now=now).day.engineers[0].max_jobs == 1
    operations.use_policy(two, by=city.actor("dispatcher"), now=now)
    assert situation.build(now.date(), now=now).day.engineers[0].overtime == 7200
    with pytest.raises(Invalid):
        operations.save_policy(None, PolicyRecord(name="平日"), by=by, now=now)


def test_a_job_without_a_time_is_no_change_of_the_plan(city, now):
    accepted, other = job(city, now, "triage confirm assign accept"), job(city, now, east=0.02)
    move(city, now, other.case.number, "engineer2")
    board = boards.board(city.actor("dispatcher"), now.date(), now=now)
    assert board.day.orders[accepted.case.number].engineer  # he has it, and keeps it
    assert [c.number for c in board.changes] == [other.case.number]


def test_a_day_costs_the_same_statements_however_many_jobs(city, now, django_assert_max_num_queries):
    for i in range(3):
        job(city, now, east=0.01 * i)
    with django_assert_max_num_queries(32):
        first = boards.board(city.actor("dispatcher"), now.date(), now=now)
    with django_assert_max_num_queries(14):  # nothing has changed: the same board
        assert boards.board(city.actor("dispatcher"), now.date(), now=now + dt.timedelta(seconds=9)) is first
    for i in range(3):
        job(city, now, east=0.01 * i)
    with django_assert_max_num_queries(32):
        assert len(boards.board(city.actor("dispatcher"), now.date(), now=now).day.orders) == 6


@pytest.mark.parametrize("of", ["absence", "hours", "skill", "policy", "plan"])
def test_a_kept_day_is_built_anew_once_something_it_stands_on_has_changed(city, now, of):
    walk, who = job(city, now), city.staff["engineer"]
    before = kept.day(now.date(), now=now)
    assert kept.day(now.date(), now=now) is before
    if of == "absence":
        Absence.objects.create(staff=who, from_date=now.date(), until_date=now.date() + dt.timedelta(days=1))
    elif of == "hours":
        WorkingHours.objects.create(staff=who, weekday=1, from_minute=540, until_minute=600)
    elif of == "skill":
        StaffSkill.objects.filter(staff=who).update(level=1)
    elif of == "policy":
        operations.save_policy(None, PolicyRecord(name="平日"), by=city.actor("manager"), now=now)
    else:
        move(city, now, walk.case.number, "engineer")
    assert kept.day(now.date(), now=now) is not before
