"""C5.2, C6.2: a breach nobody acknowledges climbs the chain, once per rung; the board counts what is so."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest

from baoxiu.catalogue.models import Registration
from baoxiu.catalogue.records import RefusalRecord, RegistrationRecord
from baoxiu.clocks import chain
from baoxiu.clocks.models import Alarm, Rung
from baoxiu.people.actors import SYSTEM
from baoxiu.people.models import Team
from baoxiu.people.rules import Denied, Invalid
from baoxiu.registrations import operations as registrations
from baoxiu.supervision import board
from tests.conftest import NOW, Cast
from tests.rooms.walking import begin

pytestmark = pytest.mark.django_db
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)
LATE = NOW + 60 * MINUTE  # the first response was due


@pytest.fixture(autouse=True)
def rungs(cast: Cast) -> None:
    wanted = [(0, "owner"), (30, "dispatcher"), (60, "manager")]
    chain.set_rungs(wanted, by=cast.actor("manager"), now=NOW)


def told() -> list[tuple[str, str, str]]:
    rows = Alarm.objects.filter(kind="first_response").select_related("staff").order_by("to")
    return [(a.to, a.staff.name if a.staff else "", a.role) for a in rows]


def test_each_rung_tells_once_and_only_when_it_is_reached(cast: Cast) -> None:
    begin(cast, NOW)
    assert chain.climb(now=LATE - MINUTE) == 0
    assert chain.climb(now=LATE) == 1 and chain.climb(now=LATE) == 0
    first = told()
    assert len(first) == 1 and first[0][0] == "chain:1" and (first[0][1] or first[0][2] == "agent")
    assert chain.climb(now=LATE + 29 * MINUTE) == 0
    assert chain.climb(now=LATE + 90 * MINUTE) == 2  # the machine slept: both at once
    assert [t[0] for t in told()] == ["chain:1", "chain:2", "chain:3"] and told()[2][2] == "manager"


def test_an_acknowledgement_stops_the_chain_for_this_breach_alone(cast: Cast) -> None:
    walk, other = begin(cast, NOW), begin(cast, NOW, unit=None)
    chain.climb(now=LATE)
    alarm = Alarm.objects.get(case=walk.case)
    assert chain.acknowledge(alarm, by=cast.actor("agent"), now=LATE) == 1
    assert chain.acknowledge(alarm, by=cast.actor("manager"), now=LATE) == 0
    chain.climb(now=LATE + 61 * MINUTE)
    assert Alarm.objects.filter(case=walk.case, kind="first_response").count() == 1
    assert Alarm.objects.filter(case=other.case, kind="first_response").count() == 3
    seen = chain.unanswered(cast.actor("manager"))
    assert {a.case_id for a in seen if a.kind == "first_response"} == {other.case.pk}
    assert [a.to for a in seen if a.kind == "first_response"] == ["chain:3"]


def test_done_or_paused_nothing_climbs(cast: Cast) -> None:
    done, held = begin(cast, NOW), begin(cast, NOW, unit=None)
    done.steps("reply triage")
    held.steps("hold")
    chain.climb(now=NOW + DAY)
    assert Alarm.objects.exclude(kind="confirmation").count() == 0
    late = begin(cast, NOW, unit=None)
    chain.climb(now=LATE)
    late.step("reply")
    assert not [a for a in chain.unanswered(cast.actor("manager")) if a.case_id == late.case.pk]


def test_whoever_may_not_see_the_case_acknowledges_nothing(cast: Cast) -> None:
    walk = begin(cast, NOW)
    chain.climb(now=LATE)
    alarm = Alarm.objects.get(case=walk.case)
    for who in ("engineer2", "station_head2", "administrator"):
        with pytest.raises(Denied):
            chain.acknowledge(alarm, by=cast.actor(who), now=LATE)
    assert list(chain.unanswered(cast.actor("engineer"))) == []


@pytest.mark.parametrize(
    "wanted", [[(-1, "owner")], [(5, "customer")], [(5, "moon")], [(5, "owner"), (5, "manager")], [(9, "owner"), (1, "manager")], [(i, "owner") for i in range(7)], [(10**9, "owner")]]
)  # fmt: skip
def test_a_chain_that_makes_no_sense_is_refused(cast: Cast, wanted: list[tuple[int, str]]) -> None:
    with pytest.raises(Invalid):
        chain.set_rungs(wanted, by=cast.actor("manager"), now=NOW)
    assert Rung.objects.count() == 3
    with pytest.raises(Denied):
        chain.set_rungs([], by=cast.actor("agent"), now=NOW)


def opened_by_number(cast: Cast, found: board.Board, now: dt.datetime) -> None:
    """Every number of the board opens to as many duties, page by page."""
    lines = {"clause": found.clauses, "team": found.teams, "person": found.people, "all": [found.total]}
    for by, state in itertools.product(lines, board.STATES):
        for line in lines[by]:
            cell = board.Cell(by, line.key or board.NONE, state)
            rows, after = [], ""
            while True:
                page = board.behind(
                    cast.actor("agent"), cell, now=now, midnight=NOW - DAY, after=after, limit=1
                )
                rows += [row["pk"] for row in page.rows]
                after = page.after
                if not after:
                    break
            assert len(set(rows)) == len(rows) == getattr(line, state), cell
            assert board.behind(cast.actor("engineer"), cell, now=now, midnight=NOW - DAY).rows == []


def test_the_board_tells_late_soon_done_by_clause_team_and_person(
    cast: Cast, django_assert_max_num_queries
) -> None:
    team = Team.objects.create(name="甲班")
    cast.staff["agent"].team = team
    cast.staff["agent"].save()
    done = begin(cast, NOW)
    done.steps("reply triage")
    begin(cast, NOW, unit=None)  # late: first response; soon: nothing
    held = begin(cast, NOW, unit=None)
    held.steps("hold")
    now = NOW + 65 * MINUTE
    with django_assert_max_num_queries(9):  # two of them: registrations
        found = board.board(cast.actor("manager"), now=now, midnight=NOW - DAY)
    assert (found.total.late, found.total.done) == (1, 2)
    lines = {line.key: (line.late, line.done) for line in found.clauses}
    assert lines["C4.2"] == (1, 2)
    assert sum(x.late for x in found.teams) == sum(x.late for x in found.people) == found.total.late
    opened_by_number(cast, found, now)
    soon = board.board(cast.actor("manager"), now=NOW + 50 * MINUTE, midnight=NOW - DAY)
    assert (soon.total.late, soon.total.soon) == (0, 1)
    assert board.board(cast.actor("engineer"), now=now, midnight=NOW).total.late == 0
    standing = board.standing(cast.actor("manager"), now=now)
    assert (standing.open, standing.late) == (3, 1)


# -- registrations (C2): the same chain, without a case ---------------------------------------------


@pytest.fixture
def waiting(cast: Cast) -> Registration:
    record = RegistrationRecord(
        name="孙某", phone="13900139000", product="洗衣机", serial="SN-9", purchase_date=NOW.date()
    )
    return registrations.submit(record, by=SYSTEM, now=NOW, today=NOW.date(), channel="web")


def test_a_registration_that_waits_climbs_the_same_chain_to_those_who_may_look(cast: Cast, waiting) -> None:
    assert chain.climb(now=waiting.due_at - MINUTE) == 0
    assert chain.climb(now=waiting.due_at) == 1 and chain.climb(now=waiting.due_at) == 0
    assert chain.climb(now=waiting.due_at + 90 * MINUTE) == 1  # the dispatcher's rung is passed over
    made = Alarm.objects.order_by("to")
    assert [(a.to, a.role, a.number) for a in made] == [
        ("chain:1", "agent", waiting.number),
        ("chain:3", "manager", waiting.number),
    ]
    assert [a.to for a in chain.unanswered(cast.actor("manager"))] == ["chain:3"]
    assert list(chain.unanswered(cast.actor("dispatcher"))) == []
    for who in ("dispatcher", "engineer", "administrator"):
        with pytest.raises(Denied):
            chain.acknowledge(made[0], by=cast.actor(who), now=NOW)
    assert chain.acknowledge(made[0], by=cast.actor("agent"), now=waiting.due_at) == 2
    assert list(chain.unanswered(cast.actor("manager"))) == []


def test_a_registration_that_is_decided_or_acknowledged_climbs_no_further(cast: Cast, waiting) -> None:
    chain.climb(now=waiting.due_at)
    chain.acknowledge(Alarm.objects.get(), by=cast.actor("manager"), now=waiting.due_at)
    assert chain.climb(now=waiting.due_at + DAY) == 0
    Alarm.objects.all().delete()
    refusal = RefusalRecord(reason="请补充购买凭证")
    registrations.refuse(waiting, refusal, by=cast.actor("agent"), now=waiting.due_at)
    assert chain.climb(now=waiting.due_at + DAY) == 0
