"""What the desk's lists read: the right rows, in the right order, for the right people, by an index."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.db.models import Count
from pydantic import ValidationError

from baoxiu.cases import queries, verify
from baoxiu.cases.models import Case, Duty
from baoxiu.cases.operations import take_over_many
from baoxiu.cases.queries import inbox, lists
from tests.conftest import NOW, Cast
from tests.faces.desk import DAY, HOUR, MINUTE, opened, plan, step

SHANGHAI = ZoneInfo("Asia/Shanghai")


def kinds(rows: list[dict[str, object]]) -> list[object]:
    return [row["kind"] for row in rows]


def numbers(rows: list[dict[str, object]]) -> list[object]:
    return [row["number"] for row in rows]


# -- inbox ----------------------------------------------------------------------------------


def test_it_lists_what_is_owed_most_urgent_first(cast: Cast) -> None:
    late = opened(cast, at=NOW - DAY)
    opened(cast)
    rows = inbox.rows(cast.actor("agent"), "mine", now=NOW)
    assert kinds(rows) == ["first_response", "triage", "first_response", "triage"]
    assert rows[0]["case__number"] == late.number
    assert rows == sorted(rows, key=lambda row: (row["due_at"], row["id"]))


def test_it_goes_on_after_the_last_row_seen(cast: Cast) -> None:
    for i in range(3):
        opened(cast, at=NOW + i * MINUTE)
    agent = cast.actor("agent")
    every = inbox.rows(agent, "team", now=NOW)
    first = inbox.rows(agent, "team", now=NOW, limit=4)
    rest = inbox.rows(agent, "team", now=NOW, after=(first[-1]["due_at"], first[-1]["id"]))
    assert first + rest == every
    assert len(every) == 6


def test_each_view_holds_what_its_name_says(cast: Cast) -> None:
    mine, nobodys = opened(cast, at=NOW - 3 * HOUR), opened(cast, cast.liu, owner=None)
    agent = cast.actor("agent")
    found = {view: inbox.rows(agent, view, now=NOW) for view in inbox.VIEWS}
    assert {r["case_id"] for r in found["mine"]} == {mine.pk}
    assert {r["case_id"] for r in found["team"]} == {mine.pk, nobodys.pk}
    assert {r["case_id"] for r in found["unassigned"]} == {nobodys.pk}
    assert kinds(found["late"]) == ["first_response"]
    assert found["hold"] == found["waiting"] == []
    assert len(inbox.rows(agent, "triage", now=NOW)) == 4
    with pytest.raises(KeyError):
        inbox.rows(agent, "nonsense", now=NOW)


def test_a_case_on_hold_rests_in_its_own_view_until_the_customer_speaks(cast: Cast) -> None:
    case = opened(cast, at=NOW - 5 * HOUR)
    agent = cast.actor("agent")
    step(case, "hold", agent, reason="customer", text="客户出差")
    assert inbox.rows(agent, "mine", now=NOW) == inbox.rows(agent, "late", now=NOW) == []
    held = inbox.rows(agent, "hold", now=NOW)
    assert [r["paused"] for r in held] == ["yes", "yes"]
    assert len(inbox.rows(agent, "waiting", now=NOW)) == 2
    step(case, "message", agent, at=NOW + MINUTE, text="我回来了")
    assert kinds(inbox.rows(agent, "mine", now=NOW + MINUTE)) == ["response"]


def test_dispatchers_owe_dispatching_and_managers_see_everything_owed(cast: Cast) -> None:
    case = opened(cast)
    opened(cast, cast.liu)
    agent = cast.actor("agent")
    step(case, "triage", agent, symptom="drain", fault="quality")
    step(case, "confirm", agent, venue="onsite")
    assert kinds(inbox.rows(cast.actor("dispatcher"), "team", now=NOW)) == ["dispatch"]
    assert sorted(kinds(inbox.rows(cast.actor("manager"), "team", now=NOW))) == [
        "dispatch",
        "first_response",
        "triage",
    ]


def test_an_account_manager_sees_only_the_own_customers(cast: Cast) -> None:
    opened(cast)
    own = opened(cast, cast.liu)
    viewer = cast.actor("account_manager")
    assert {r["case_id"] for r in inbox.rows(viewer, "team", now=NOW)} == {own.pk}
    assert numbers(lists.cases(viewer, lists.Filter(), now=NOW, zone=SHANGHAI)) == [own.number]
    assert inbox.counts(viewer, now=NOW)["team"] == 2


def test_counts_agree_with_the_rows_and_stop_at_a_hundred(cast: Cast, django_assert_num_queries) -> None:
    case = opened(cast, at=NOW - 3 * HOUR)
    agent = cast.actor("agent")
    step(case, "hold", agent, at=NOW - HOUR, reason="customer", text="等客户")
    opened(cast, cast.liu, owner=None)
    with django_assert_num_queries(1):
        counts = inbox.counts(agent, now=NOW)
    assert counts == {v: len(inbox.rows(agent, v, now=NOW)) for v in (*inbox.VIEWS, *inbox.STAGES)}
    duty = Duty.objects.filter(case=case).values().first()
    many = [Case.objects.get(pk=case.pk) for _ in range(120)]
    for i, copy in enumerate(many):
        copy.pk, copy.number = None, f"X{i}"
    made = Case.objects.bulk_create(many)
    Duty.objects.bulk_create(Duty(**{**duty, "id": None, "case_id": c.pk}) for c in made)
    assert inbox.counts(agent, now=NOW)["late"] == inbox.COUNT_LIMIT == 100


# -- lists ----------------------------------------------------------------------------------


def found(cast: Cast, who: str = "agent", **wanted: object) -> list[object]:
    return numbers(lists.cases(cast.actor(who), lists.Filter(**wanted), now=NOW, zone=SHANGHAI))


def test_lists_narrow_by_everything_they_offer(cast: Cast) -> None:
    one = opened(cast, at=NOW - 2 * DAY, problem="冰箱漏水")
    two = opened(cast, cast.liu, at=NOW - HOUR / 2, owner=None, kind="complaint", channel="email", priority=1)
    step(one, "withdraw", cast.actor("agent"), reason="solved")
    both = [two.number, one.number]
    assert found(cast) == both
    assert (
        found(cast, status="open")
        == found(cast, channel="email")
        == found(cast, kind="complaint")
        == [two.number]
    )
    assert (
        found(cast, status="closed")
        == found(cast, stage="withdrawn")
        == found(cast, q="漏水")
        == [one.number]
    )
    assert found(cast, owner=cast.staff["agent"].pk) == found(cast, product_class="appliance") == [one.number]
    assert (
        found(cast, owner="none") == found(cast, priority="1") == found(cast, duty="triage") == [two.number]
    )
    assert found(cast, clause="C4.2") == [two.number]
    assert (
        found(cast, clause="C4.7")
        == found(cast, late=True)
        == found(cast, status="closed", duty="triage")
        == []
    )
    assert found(cast, customer=cast.wang.pk) == found(cast, unit=cast.unit.pk) == [one.number]
    assert found(cast, from_date=dt.date(2026, 11, 2)) == [two.number]
    assert found(cast, to_date=dt.date(2026, 10, 31)) == [one.number]
    assert found(cast, q="13800138001") == [one.number]


@pytest.mark.parametrize(
    "wrong",
    [
        {"stage": "moon"},
        {"owner": "me"},
        {"from_date": "2026-13-01"},
        {"priority": "9"},
        {"clause": "'"},
        {"x": "1"},
    ],
)
def test_it_refuses_a_filter_that_means_nothing_and_names_it(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError) as refused:
        lists.Filter(**wrong)
    assert refused.value.errors()[0]["loc"][0] == next(iter(wrong))


def test_pages_join_without_gap_or_overlap_even_at_one_moment(cast: Cast) -> None:
    for _ in range(5):
        opened(cast)
    agent, wanted = cast.actor("agent"), lists.Filter()
    every = lists.cases(agent, wanted, now=NOW, zone=SHANGHAI)
    first = lists.page(agent, wanted, now=NOW, zone=SHANGHAI, limit=2)
    rest = lists.page(agent, wanted, now=NOW, zone=SHANGHAI, after=first.after)
    assert first.rows + rest.rows == every
    assert rest.after is None
    assert list(lists.every(agent, wanted, now=NOW, zone=SHANGHAI, limit=4)) == every[:4]


def test_what_no_index_covers_is_looked_for_window_by_window_and_says_how_far(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [opened(cast, at=NOW - i * DAY, kind="complaint" if i == 7 else "repair") for i in range(9)]
    monkeypatch.setattr(lists, "WINDOW", 3)
    agent, wanted = cast.actor("agent"), lists.Filter(kind="complaint", channel="phone")
    first = lists.page(agent, wanted, now=NOW, zone=SHANGHAI)
    assert (first.rows, first.searched_to) == ([], NOW - 3 * DAY)
    second = lists.page(agent, wanted, now=NOW, zone=SHANGHAI, after=first.after)
    third = lists.page(agent, wanted, now=NOW, zone=SHANGHAI, after=second.after)
    assert numbers([*second.rows, *third.rows]) == [made[7].number]
    assert third.after is None
    assert numbers(list(lists.every(agent, wanted, now=NOW, zone=SHANGHAI, limit=10))) == [made[7].number]
    ended = lists.Filter(kind="complaint", channel="phone", to_date=dt.date(2026, 10, 27))
    assert numbers(lists.cases(agent, ended, now=NOW, zone=SHANGHAI)) == [made[7].number]
    recent = lists.Filter(kind="complaint", channel="phone", from_date=dt.date(2026, 11, 1))
    begun = lists.page(agent, recent, now=NOW, zone=SHANGHAI)
    assert (begun.rows, begun.after, begun.searched_to) == ([], None, None)


# -- indexes --------------------------------------------------------------------------------

STANDARD = [
    {}, {"status": "open"}, {"status": "closed"}, {"stage": "repair"}, {"owner": 1}, {"owner": "none", "status": "open"},
    {"engineer": 1}, {"station": 1}, {"channel": "phone"}, {"kind": "repair"}, {"priority": "1"}, {"late": True},
    {"duty": "triage"}, {"clause": "C4.7"}, {"customer": 1}, {"unit": 1}, {"from_date": "2026-01-01"},
    {"to_date": "2026-01-31", "stage": "closed"}, {"product_class": "machinery"},
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="reads SQLite's plans")
@pytest.mark.parametrize("wanted", STANDARD, ids=str)
def test_no_filter_reads_or_sorts_the_whole_table(cast: Cast, wanted: dict[str, object]) -> None:
    cases = lists.narrowed(cast.actor("agent"), lists.Filter(**wanted), now=NOW, zone=SHANGHAI)
    found = plan(cases.order_by("-created_at", "-pk").values(*lists.ROW)[:51])
    assert not [line for line in found if line.startswith("SCAN") and "USING" not in line], found


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="reads SQLite's plans")
@pytest.mark.parametrize("view", [*inbox.VIEWS, "triage", "repair"])
@pytest.mark.parametrize("who", ["agent", "manager", "account_manager"])
def test_no_view_of_the_inbox_reads_a_whole_table(cast: Cast, view: str, who: str) -> None:
    for duties in inbox._duties(cast.actor(who), view, NOW):
        found = plan(duties.order_by("due_at", "pk").values(*inbox.ROW)[:26])
        assert not [line for line in found if line.startswith("SCAN") and "USING" not in line], found


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="reads SQLite's plans")
@pytest.mark.parametrize("view", ["mine", "unassigned", "waiting", "hold"])
def test_a_view_that_may_be_empty_does_not_look_through_every_open_duty(cast: Cast, view: str) -> None:
    """Counting it would cost more with every case there is."""
    for duties in inbox._duties(cast.actor("agent"), view, NOW):
        found = plan(duties.order_by().values("pk")[:100])
        assert not [line for line in found if line.startswith("SCAN cases_duty")], found
        # the index of the open ones, never one that holds every duty there ever was
        assert not [line for line in found if "cases_duty_" in line], found


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="reads SQLite's plans")
def test_the_live_board_counts_from_indexes_alone() -> None:
    late = Duty.objects.filter(outcome="open", due_at__lt=NOW)
    done = Duty.objects.filter(outcome="done", ended_at__gte=NOW)
    for duties, columns in ((late, ["kind"]), (late, ["owner_id"]), (done, ["kind", "owner_id"])):
        found = plan(duties.values_list(*columns).annotate(n=Count("pk")).order_by())
        assert any("USING COVERING INDEX duty_" in line for line in found), found


def test_the_waiting_view_holds_each_duty_once_in_the_order_of_time(cast: Cast) -> None:
    first, second = opened(cast), opened(cast)
    step(first, "hold", cast.actor("agent"), reason="customer", text="出差")
    rows = inbox.rows(cast.actor("agent"), "waiting", now=NOW)
    assert {row["case__number"] for row in rows} == {first.number} and second.number
    assert (
        len({row["id"] for row in rows}) == len(rows) == inbox.counts(cast.actor("agent"), now=NOW)["waiting"]
    )
    assert [row["due_at"] for row in rows] == sorted(row["due_at"] for row in rows)


# -- ownership ------------------------------------------------------------------------------


def test_taking_over_moves_the_case_and_the_agents_duties(cast: Cast) -> None:
    case = opened(cast, owner=None)
    agent = cast.staff["agent"]
    step(case, "take_over", cast.actor("manager"), owner=agent.pk)
    assert case.owner == agent
    assert set(case.duties.values_list("owner", flat=True)) == {agent.pk}
    assert list(verify.verify([case.number])) == [(case.number, [])]


def test_many_cases_change_hands_at_once_and_each_refusal_is_told(cast: Cast) -> None:
    free, taken = opened(cast, owner=None), opened(cast)
    agent = cast.staff["agent"]
    wanted = [free.number, taken.number, "BX-0000-000000"]
    result = take_over_many(wanted, agent.pk, by=cast.actor("dispatcher"), now=NOW)
    assert result.done == [free.number]
    assert [number for number, _why in result.refused] == [taken.number, "BX-0000-000000"]
    stranger = take_over_many([free.number], agent.pk, by=cast.actor("engineer2"), now=NOW)
    assert stranger.done == []


def test_only_an_agent_at_work_can_be_given_a_case(cast: Cast) -> None:
    case = opened(cast, owner=None)
    result = take_over_many([case.number], cast.staff["engineer"].pk, by=cast.actor("manager"), now=NOW)
    assert result.done == []
    case.refresh_from_db()
    assert case.owner_id is None


# -- one case -------------------------------------------------------------------------------


def test_a_timeline_costs_the_same_however_long(cast: Cast, django_assert_max_num_queries) -> None:
    case = opened(cast)
    agent = cast.actor("agent")
    for i in range(60):
        step(case, "note", agent, text=f"备注 {i}")
    case = queries.get(agent, case.number)
    with django_assert_max_num_queries(2):
        line = queries.timeline(case)
    assert ([e.no for e in line.entries][0], len(line.entries), line.has_older) == (12, 50, True)
    assert [e.no for e in queries.timeline(case, before=12).entries] == list(range(1, 12))


def test_a_case_carries_the_pause_it_is_in(cast: Cast) -> None:
    case = opened(cast)
    step(case, "hold", cast.actor("agent"), reason="supplier", text="缺件", until=dt.date(2026, 11, 9))
    found = queries.get(cast.actor("agent"), case.number)
    assert (found.pause_reason, found.paused_at, found.pause_until) == ("supplier", NOW, dt.date(2026, 11, 9))
