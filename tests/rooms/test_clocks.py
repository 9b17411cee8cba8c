"""C5.2: levels, pauses, points, and due times that are derived again without losing a minute."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baoxiu.cases import verify
from baoxiu.cases.models import Case, Duty, JournalEntry, Pause, Span
from baoxiu.clocks import operations, queries
from baoxiu.clocks.models import Alarm
from baoxiu.people.rules import Denied, Invalid
from baoxiu.service_levels import operations as levels
from baoxiu.service_levels.queries import in_force
from baoxiu.service_levels.records import ContractRecord
from baoxiu.sop.service_levels import FIRST, Book, missing_years
from tests.conftest import Cast
from tests.rooms.walking import ON_SITE, Walk, begin, refused

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
SHANGHAI = dt.timezone(dt.timedelta(hours=8))


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def level(
    code: str = "basic", *, calendar: str = "office", targets: dict[str, Any] | None = None, **when: Any
) -> dict[str, Any]:
    wanted = targets or {"first_response": {"minutes": 120, "inner_minutes": 60}}
    return {"code": code, "name_en": code, "name_zh": code, "calendar": calendar, "targets": wanted, **when}


def publish(cast: Cast, now: dt.datetime, *rows: dict[str, Any], **tables: Any) -> int:
    book = FIRST.model_dump(mode="json") | {"levels": list(rows)}
    book["tables"] |= tables
    return levels.publish(Book.model_validate(book), reason="test", by=cast.actor("manager"), now=now)


def clock(walk: Walk, kind: str = "first_response") -> Duty:
    return Duty.objects.get(case=walk.case, kind=kind, outcome="open")


def differences(walk: Walk) -> set[str]:
    return {d.what for _, found in verify.verify([walk.case.number]) for d in found}


def is_sound(walk: Walk) -> bool:
    return walk.is_sound()


def test_without_a_level_the_procedures_own_time_holds_round_the_clock(cast, now):
    walk = begin(cast, now)
    duty = clock(walk)
    assert (duty.due_at - walk.now, duty.calendar, duty.level, duty.alarm_at) == (HOUR, "24x7", "", None)


def test_a_level_counts_working_minutes_with_an_inner_target_beside_the_promise(cast, now):
    publish(cast, now, level())
    walk = begin(cast, at("2026-09-30T17:00"))
    duty = clock(walk)
    assert (duty.due_at, duty.inner_due_at) == (at("2026-10-08T10:00"), at("2026-09-30T18:00"))
    assert clock(walk, "triage").level == "" and is_sound(walk)


@pytest.mark.parametrize(
    ("when", "fits"),
    [
        ({"classes": ["appliance"]}, True), ({"classes": ["machinery"]}, False), ({"priorities": [3]}, True),
        ({"priorities": [1]}, False), ({"kinds": ["repair"]}, True), ({"kinds": ["complaint"]}, False),
        ({"tiers": ["gold"]}, True), ({"contracts": ["K-2"]}, False), ({"contracts": ["K-1"], "tiers": ["gold"]}, True),
    ],
)  # fmt: skip
def test_a_level_holds_for_whom_it_names(cast, now, when, fits):
    agreed = ContractRecord(customer=cast.wang.pk, code="K-1", tier="gold", from_date=now.date())
    operations.save_contract(None, agreed, by=cast.actor("manager"), now=now)
    publish(cast, now, level("named", **when))
    assert (clock(begin(cast, now)).level == "named") is fits


def test_the_first_level_that_fits_and_speaks_of_the_duty_counts_and_clauses_count_after_duties(cast, now):
    first = level(
        "first", calendar="24x7", targets={"C4.2": {"minutes": 7}, "first_response": {"minutes": 5}}
    )
    publish(cast, now, first, level("second", targets={"triage": {"minutes": 1}}))
    walk = begin(cast, now)
    assert [clock(walk, k).minutes for k in ("first_response", "triage")] == [5, 7]


def test_a_pause_is_not_worked_and_an_agreed_time_stays_agreed(cast, now):
    walk = begin(cast, now).steps(ON_SITE.removesuffix(" set_out check_in"))
    arrival = clock(walk, "arrival")
    walk.step("message", by="agent", text="几点到？")
    response = clock(walk, "response")
    walk.step("hold")
    held = walk.now
    walk.now += 5 * HOUR
    walk.step("resume")
    assert clock(walk, "arrival").due_at == arrival.due_at, "the window was agreed with the customer"
    assert clock(walk, "response").due_at - response.due_at == walk.now - held
    assert clock(walk, "response").paused_at is None and is_sound(walk)


def test_waiting_for_the_customer_and_for_parts_stops_the_resolution_but_no_other_clock(cast, now):
    publish(cast, now, level(calendar="24x7", targets={"resolution": {"minutes": 3 * 1440}}))
    walk = begin(cast, now, unit="old").steps(f"{ON_SITE}")
    span = Span.objects.get(case=walk.case)
    began = span.clock_from
    walk.step("diagnose", fault="other")
    walk.step("quote")
    quoted = walk.now
    span.refresh_from_db()
    assert span.paused_at == quoted and clock(walk, "consent").paused_at is None
    walk.now += 2 * DAY
    walk.step("accept_quote")
    span.refresh_from_db()
    pause = Pause.objects.get(case=walk.case)
    assert (pause.scope, pause.clause, pause.from_at, pause.until_at) == (
        "customer",
        "C4.5",
        quoted,
        walk.now,
    )
    assert span.paused_at is None and span.due_at == began + 3 * DAY + (walk.now - quoted)
    walk.steps("start_work work pass_test hand_over")
    span.refresh_from_db()
    assert span.outcome == "done" and is_sound(walk)


def test_another_priority_or_level_derives_due_times_again_and_loses_no_pause(cast, now):
    urgent = level("urgent", calendar="24x7", priorities=[1], targets={"first_response": {"minutes": 30}})
    publish(cast, now, urgent, level(calendar="24x7"))
    walk = begin(cast, now)
    began = walk.now
    walk.step("hold")
    walk.now += HOUR
    walk.step("resume")
    stood = HOUR + 10 * MINUTE
    assert clock(walk).due_at == began + 2 * HOUR + stood
    walk.step("escalate", by="manager", priority="1", reason="客户投诉")
    assert (clock(walk).level, clock(walk).due_at) == ("urgent", began + 30 * MINUTE + stood)
    assert is_sound(walk)


def test_points_ask_for_what_the_level_says_once_however_often_it_is_looked(cast, now):
    does = [{"at": "warn", "do": "notify"}, {"at": "inner", "do": "raise"},
            {"at": "breach", "do": "reassign"}, {"at": "breach", "do": "notify", "to": "manager"}]  # fmt: skip
    target = {"minutes": 100, "inner_minutes": 90, "warn_percent": 50, "actions": does}
    publish(cast, now, level(calendar="24x7", targets={"first_response": target}))
    walk = begin(cast, now)
    began = walk.now
    assert operations.tick(now=began + 49 * MINUTE).fired == 0
    for minutes, fired in ((50, 1), (50, 0), (95, 1), (101, 1), (101, 0), (500, 0)):
        assert operations.tick(now=began + minutes * MINUTE).fired == fired
    found = Alarm.objects.order_by("pk").values_list("point", "to", "done", "staff", "role")
    assert list(found) == [
        ("warn", "owner", ["notify"], None if clock(walk).owner_id else None, "agent"), ("inner", "", ["raise"], None, "agent"),
        ("breach", "manager", ["notify"], None, "manager"),
    ] or [row[:2] for row in found] == [("warn", "owner"), ("inner", ""), ("breach", "manager")]  # fmt: skip
    walk.case.refresh_from_db()
    assert walk.case.priority == 2 and clock(walk).owner_id is None
    assert is_sound(walk)


def test_what_was_missed_while_nobody_looked_is_done_at_the_next_look(cast, now):
    target = {"minutes": 100, "actions": [{"at": "warn", "do": "notify"}, {"at": "breach", "do": "notify"}]}
    publish(cast, now, level(calendar="24x7", targets={"first_response": target}))
    walk = begin(cast, now)
    assert operations.tick(now=walk.now + 30 * DAY).fired == 2
    assert operations.tick(now=walk.now + 31 * DAY).fired == 0


def test_a_clock_that_stands_or_has_ended_raises_no_alarm(cast, now):
    target = {"minutes": 100, "actions": [{"at": "breach", "do": "notify"}]}
    publish(cast, now, level(calendar="24x7", targets={"first_response": target}))
    held, done = begin(cast, now), begin(cast, now)
    held.step("hold")
    done.step("reply")
    assert operations.tick(now=now + 30 * DAY).fired == 0
    held.now = now + 30 * DAY
    held.step("resume")
    assert operations.tick(now=now + 40 * DAY).fired == 1


def test_the_alarms_are_found_by_an_index_that_holds_no_other_clock():
    for model in (Duty, Span):
        found = model.objects.filter(outcome="open", alarm_at__lte=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
        if connection.vendor == "sqlite":
            assert "_alarm" in found.order_by("alarm_at", "pk").values("pk")[:200].explain()


def test_a_published_year_replaces_what_was_counted_without_it(cast, now):
    publish(cast, now, level(targets={"first_response": {"minutes": 16 * 60}}))
    walk = begin(cast, at("2026-12-31T16:00"))
    assert clock(walk).is_provisional and clock(walk).due_at == at("2027-01-04T16:00")
    assert missing_years(FIRST, walk.now) == [("CN", 2027)]
    days = FIRST.model_dump(mode="json")["tables"]["CN"] | {
        "2027": {"holidays": ["01-01", "01-04"], "workdays": ["01-02"]}
    }
    publish(cast, now, level(targets={"first_response": {"minutes": 16 * 60}}), CN=days)
    ticked = operations.tick(now=walk.now + HOUR)
    assert (ticked.retimed, operations.tick(now=walk.now + HOUR).retimed) == (1, 0)
    assert not clock(walk).is_provisional and clock(walk).due_at == at("2027-01-05T16:00")
    walk.case.refresh_from_db()
    assert JournalEntry.objects.filter(case=walk.case, step="retime").count() == 1 and is_sound(walk)


def test_a_new_book_that_changes_nothing_for_a_case_writes_nothing_on_it(cast, now):
    publish(cast, now, level())
    walk = begin(cast, now)
    number = publish(cast, now, level(), level("other", priorities=[4]))
    assert operations.tick(now=walk.now).retimed == 0
    assert clock(walk).book == number and not JournalEntry.objects.filter(step="retime").exists()


def test_a_contract_changes_the_customers_open_cases_at_once(cast, now):
    publish(
        cast, now, level("gold", calendar="24x7", tiers=["gold"], targets={"first_response": {"minutes": 10}})
    )
    walk = begin(cast, now)
    agreed = ContractRecord(customer=cast.wang.pk, code="K-9", tier="gold", from_date=now.date())
    operations.save_contract(None, agreed, by=cast.actor("manager"), now=now)
    walk.case.refresh_from_db()
    assert clock(walk).level == "gold" and is_sound(walk)


def test_a_contract_that_begins_or_ends_by_itself_is_followed_at_midnight(cast, now):
    gold = level("gold", calendar="24x7", tiers=["gold"], targets={"first_response": {"minutes": 4000}})
    publish(cast, now, gold, level(targets={"first_response": {"minutes": 3000}}))
    first, last = now.date() + DAY, now.date() + 2 * DAY
    agreed = ContractRecord(customer=cast.wang.pk, code="K-9", tier="gold", from_date=first, until_date=last)
    operations.save_contract(None, agreed, by=cast.actor("manager"), now=now)
    walk, other = begin(cast, now), begin(cast, now, unit=None)
    assert clock(walk).level == "basic" and operations.follow_contracts(now=now) == 0
    for day, expected in ((first, "gold"), (last, "basic")):
        midnight = dt.datetime.combine(day, dt.time(0, 5), SHANGHAI).astimezone(
            dt.UTC
        )  # still yesterday there
        assert operations.follow_contracts(now=midnight) == 2
        assert operations.follow_contracts(now=midnight) == 0  # again changes nothing
        for each in (walk, other):
            each.case.refresh_from_db()
            assert clock(each).level == expected and is_sound(each)


def test_who_may_not_keep_levels_is_refused_and_a_stale_change_too(cast, now):
    for who in ("agent", "engineer", "dispatcher"):
        with pytest.raises(Denied):
            levels.publish(FIRST, reason="x", by=cast.actor(who), now=now)
    number = publish(cast, now, level())
    with pytest.raises(Invalid):
        levels.publish(FIRST, reason="x", by=cast.actor("manager"), now=now, base=number - 1)
    assert publish(cast, now, level()) == number == in_force()[0]


@pytest.mark.parametrize(
    "wrong",
    [
        {"levels": [level(calendar="moon")]}, {"levels": [level(), level()]}, {"levels": [level(targets={"sleep": {"minutes": 1}})]},
        {"levels": [level(targets={"triage": {"minutes": 5, "inner_minutes": 6}})]}, {"levels": [level(targets={"triage": {"minutes": 0}})]},
        {"calendars": [FIRST.calendars[0].model_dump() | {"table": "XX"}]},
        {"calendars": [FIRST.calendars[0].model_dump() | {"week": [["9-5"]] * 7}]},
        {"tables": {"CN": {"2026": {"holidays": ["02-30"]}}}},
    ],
)  # fmt: skip
def test_a_book_that_contradicts_itself_is_refused(wrong):
    with pytest.raises(ValueError):
        Book.model_validate(FIRST.model_dump(mode="json") | wrong)


def test_an_escalation_says_what_changes(cast, now):
    walk = begin(cast, now)
    assert refused(walk, "escalate", by="manager", reason="x").field == "priority"
    assert refused(walk, "escalate", by="manager", reason="x", duty="repair").field == "duty"
    assert refused(walk, "escalate", by="agent", reason="x", priority="1").code == "wrong_party"


def test_verify_replays_the_clocks_and_sees_a_lie(cast, now):
    publish(
        cast,
        now,
        level(calendar="24x7", targets={"first_response": {"minutes": 60}, "resolution": {"minutes": 999}}),
    )
    walk = begin(cast, now)
    walk.step("hold")
    walk.now += HOUR
    walk.step("resume")
    assert is_sound(walk)
    Pause.objects.filter(case=walk.case).update(until_at=walk.now + HOUR)
    assert differences(walk) == {"pauses"}
    Pause.objects.filter(case=walk.case).update(until_at=walk.now)
    Span.objects.filter(case=walk.case).update(due_at=now)
    assert differences(walk) == {"spans"}
    Span.objects.all().delete()
    entry = JournalEntry.objects.get(case=walk.case, step="resume")
    entry.body["moved"]["first_response"] = (walk.now + 9 * HOUR).isoformat()
    entry.save()
    assert {"clock first_response", "hash"} <= differences(walk)


def test_the_ledger_tells_a_clocks_life(cast, now):
    target = {"minutes": 60, "actions": [{"at": "warn", "do": "notify"}]}
    publish(cast, now, level(calendar="24x7", targets={"first_response": target}))
    walk = begin(cast, now)
    began = walk.now
    walk.step("hold")
    walk.now += HOUR
    walk.step("resume")
    operations.tick(now=walk.now + HOUR)
    walk.now += HOUR
    walk.step("reply")
    story = next(s for s in queries.ledger(cast.actor("agent"), walk.case) if s.kind == "first_response")
    assert [row.what for row in story.rows] == ["begun", "stood", "moved", "warn", "done"]
    assert story.rows[0].at == began and story.late_minutes > 0
    assert queries.ledger(cast.actor("engineer2"), walk.case) == []


# -- faults: the clock on the wall


def test_a_wall_clock_put_back_neither_shortens_a_promise_nor_fires_anything_again(cast, now):
    target = {"minutes": 100, "actions": [{"at": "warn", "do": "notify"}]}
    publish(cast, now, level(calendar="24x7", targets={"first_response": target}))
    walk = begin(cast, now)
    due = clock(walk).due_at
    assert operations.tick(now=walk.now + 80 * MINUTE).fired == 1
    assert operations.tick(now=walk.now - 2 * HOUR).fired == 0
    walk.step("hold")
    walk.now -= 3 * HOUR  # put back while the case was on hold
    walk.step("resume")
    assert clock(walk).due_at == due and is_sound(walk)
    assert operations.tick(now=walk.now + 80 * MINUTE + 3 * HOUR).fired == 0


def test_summer_time_neither_gives_nor_takes_a_working_hour(cast, now):
    hours = {
        "code": "berlin",
        "name_en": "Berlin",
        "name_zh": "柏林",
        "zone": "Europe/Berlin",
        "week": [["00:00-24:00"]] * 7,
    }
    book = FIRST.model_dump(mode="json")
    book |= {
        "calendars": [hours],
        "levels": [level(calendar="berlin", targets={"first_response": {"minutes": 24 * 60}})],
    }
    levels.publish(Book.model_validate(book), reason="t", by=cast.actor("manager"), now=now)
    for start in ("2026-03-28T12:00+01:00", "2026-10-24T12:00+02:00"):
        walk = begin(cast, dt.datetime.fromisoformat(start))
        assert clock(walk).due_at - walk.now == DAY and is_sound(walk)


acts = st.lists(st.sampled_from(["hold", "resume", "1", "2", "4", "message"]), max_size=7)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=acts, gaps=st.lists(st.integers(1, 3000), min_size=7, max_size=7))
def test_whatever_changes_in_whatever_order_the_due_time_is_start_plus_minutes_plus_pauses(
    cast, now, acts, gaps
):
    rows = [
        level(f"p{n}", calendar="24x7", priorities=[n], targets={"triage": {"minutes": 1000 * n}})
        for n in (1, 2, 4)
    ]
    publish(cast, now, *rows, level(calendar="24x7", targets={"triage": {"minutes": 3000}}))
    walk = begin(cast, now)
    began, stood = walk.now, []
    for act, gap in zip(acts, gaps, strict=False):
        walk.now += gap * MINUTE
        on_hold = walk.case.facts["on_hold"] == "yes"
        if act == "message":
            walk.step("message", by="agent", text="在吗")
        elif act in "124":
            if str(walk.case.priority) != act:
                walk.step("escalate", by="manager", priority=act, reason="试")
        elif (act == "hold") != on_hold:
            walk.step(act)
            stood.append(walk.now)
    expected = began + walk.case.priority * 1000 * MINUTE
    for begun, ended in zip(stood[::2], stood[1::2], strict=False):
        expected += ended - begun if begun < expected else dt.timedelta()  # what is late stays late
    assert clock(walk, "triage").due_at == expected and is_sound(walk)
    Case.objects.filter(pk=walk.case.pk).update(is_open=False)
