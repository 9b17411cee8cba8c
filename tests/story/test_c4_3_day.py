"""C4.3: what happens during a day, told over HTTP: somebody is ill, an emergency comes, nobody is at home."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.utils import timezone

from baoxiu.cases import links
from baoxiu.cases.models import Case, WorkOrder
from baoxiu.dispatch import operations, situation
from baoxiu.dispatch.models import Hold, Plan
from baoxiu.dispatch.records import PolicyRecord
from baoxiu.people.actors import SYSTEM
from baoxiu.people.models import Absence, Territory, WorkingHours
from tests.faces import machine, portal
from tests.faces.machine import Machine
from tests.rooms.planning import job, ready

pytestmark = pytest.mark.django_db


class Board:
    """The dispatcher's board as its script uses it."""

    def __init__(self, client: Any, date: dt.date) -> None:
        self.client, self.date = client, date

    def day(self) -> dict[str, Any]:
        return self.client.get(f"/desk/dispatch/day/?date={self.date}").json()

    def act(self, verb: str, status: int = 200, **fields: Any) -> dict[str, Any]:
        draft = self.day()["draft"]
        sent = {"edits": draft["edits"] if draft else 0, **fields}
        answer = self.client.post(f"/desk/dispatch/act/{verb}/?date={self.date}", sent)
        assert answer.status_code == status, answer.content.decode()
        return answer.json()

    def job(self, number: str) -> dict[str, Any]:
        return next(j for j in self.day()["jobs"] if j["n"] == number)


@pytest.fixture
def board(cast):
    ready(cast)
    return Board(cast.client("dispatcher"), timezone.localdate() + dt.timedelta(days=1))


@pytest.fixture
def planned(cast, board):
    """Two jobs of 张工, published."""
    numbers = [job(cast, timezone.now(), east=0.01 * i).case.number for i in range(2)]
    for number in numbers:
        assert board.act("move", number=number, engineer=cast.staff["engineer"].pk)["ok"]
    assert board.act("publish")["version"] == 1
    return numbers


def test_the_page_of_the_board_opens_for_a_dispatcher_and_for_nobody_else(cast, board):
    assert cast.client("dispatcher").get("/desk/dispatch/").status_code == 200
    assert cast.client("agent").get("/desk/dispatch/").status_code == 403
    assert cast.client("dispatcher").get("/desk/dispatch/?date=heute").status_code == 404


def test_an_engineer_falls_ill_and_his_jobs_go_to_another(cast, board, planned):
    Absence.objects.create(
        staff=cast.staff["engineer"],
        from_date=timezone.localdate(),
        until_date=board.date + dt.timedelta(days=1),
    )
    assert board.day()["loose"] == 2
    assert "2" in board.act("mend")["text"]
    day = board.day()
    assert {c["after"] for c in day["draft"]["changes"]} == {"钱工"} and day["ok"]
    board.act("publish", reason="张工生病")
    assert set(Case.objects.values_list("engineer__name", flat=True)) == {"钱工"}
    assert WorkOrder.objects.filter(status="cancelled", engineer=cast.staff["engineer"]).count() == 2


def test_a_visit_runs_over_and_the_visit_it_would_make_late_goes_to_another(cast, board):
    """The first visit should have ended two hours ago; from there it is two hours' drive to the next promise."""
    now, hour = timezone.now(), dt.timedelta(hours=1)
    board.date = timezone.localdate(now)
    operations.save_policy(
        None, PolicyRecord(name="全天", overtime_minutes=720), by=cast.actor("manager"), now=now
    )
    for weekday in range(1, 8):
        for who in ("engineer", "engineer2"):
            WorkingHours.objects.create(
                staff=cast.staff[who], weekday=weekday, from_minute=0, until_minute=1440
            )
    type(cast.staff["engineer2"]).objects.filter(pk=cast.staff["engineer2"].pk).update(lat=31.19, lon=121.94)
    long, late = (job(cast, now - 4 * hour, "triage confirm assign accept", east=e) for e in (0.0, 0.5))
    long.step("appoint", starts_at=now - 3.2 * hour, ends_at=now - 2.5 * hour)
    late.step("appoint", starts_at=now + 0.7 * hour, ends_at=now + 1.6 * hour)
    long.now = now - 3 * hour
    long.steps("set_out check_in")
    assert board.day()["loose"] == 1
    board.act("mend")
    day = board.day()
    assert [(c["n"], c["before"], c["after"]) for c in day["draft"]["changes"]] == [
        (late.case.number, "张工", "钱工")
    ]
    board.act("publish", reason="前一单超时")
    late.case.refresh_from_db()
    assert late.case.engineer == cast.staff["engineer2"] and late.is_sound()
    assert late.order.ends_at == now + 1.6 * hour  # what was promised stays
    long.case.refresh_from_db()
    assert long.case.engineer == cast.staff["engineer"] and long.case.stage == "repair"


def test_an_emergency_finds_an_engineer_and_nobody_else_moves(cast, board, planned):
    before = {n: board.job(n)["e"] for n in planned}
    urgent = job(cast, timezone.now(), east=0.02, priority=1).case.number
    board.act("mend")
    day = board.day()
    assert [c["n"] for c in day["draft"]["changes"] if c["before"] != c["after"]] == [urgent]
    assert {n: board.job(n)["e"] for n in planned} == before and board.job(urgent)["e"]
    board.act("publish")
    assert Case.objects.get(number=urgent).stage == "assigned"


def test_nobody_is_at_home_and_the_visit_waits_for_a_new_time(cast, board):
    walk = job(cast, timezone.now(), "triage confirm assign accept appoint")
    order = WorkOrder.objects.get(case=walk.case)
    walk.now = order.starts_at + dt.timedelta(minutes=5)
    walk.step("customer_absent")
    there = board.job(walk.case.number)
    assert "t" not in there and "w" not in there and there["had"] == str(cast.staff["engineer"].pk)


def test_a_second_dispatcher_is_told_that_the_draft_has_changed(cast, board, planned):
    board.act("move", number=planned[0], engineer=cast.staff["engineer2"].pk)
    assert "变化" in board.act("move", 409, number=planned[1], engineer="", edits=0)["message"]
    board.act("back", edits=1)
    assert board.job(planned[0])["e"] == str(cast.staff["engineer"].pk)


def test_a_plan_that_breaks_a_rule_says_so_and_is_not_published(cast, board, planned):
    cast.staff["engineer2"].skills.all().delete()
    told = board.act("move", number=planned[0], engineer=cast.staff["engineer2"].pk)
    assert not told["ok"] or told["reasons"]
    assert "技能" in board.act("publish", 422)["message"]
    assert Case.objects.get(number=planned[0]).engineer == cast.staff["engineer"]


def test_a_preview_writes_nothing_and_names_the_price(cast, board, planned):
    query = f"date={board.date}&number={planned[0]}&engineer={cast.staff['engineer2'].pk}&start=15:00"
    told = board.client.get(f"/desk/dispatch/preview/?{query}").json()
    assert told["ok"] and told["start"] == 15 * 3600 and board.day()["draft"] is None
    html = board.client.get(f"/desk/dispatch/why/{planned[0]}/?date={board.date}").content.decode()
    assert "张工" in html and "钱工" in html


def test_the_boards_content_is_not_sent_again_unchanged(board, planned):
    first = board.client.get(f"/desk/dispatch/day/?date={board.date}")
    again = board.client.get(
        f"/desk/dispatch/day/?date={board.date}", headers={"if-none-match": first["ETag"]}
    )
    assert again.status_code == 304


def test_windows_are_offered_where_an_appointment_is_made(cast, board):
    walk = job(cast, timezone.now(), "triage confirm assign accept")
    html = cast.client("agent").get(f"/desk/cases/{walk.case.number}/appointment/").content.decode()
    assert html.count("data-slot") == 5 and "张工" in html
    html = cast.client("engineer").get(f"/field/jobs/{walk.case.number}/appointment/").content.decode()
    assert html.count("data-slot") == 5


def test_a_customer_chooses_a_window_and_the_planner_keeps_it(cast, board):
    walk = job(cast, timezone.now(), "triage confirm assign accept")
    rival = job(cast, timezone.now(), "triage confirm assign accept", east=0.01)
    browser, page = portal.browser(), f"{portal.page_of(walk.case)}window/"
    offered = re.findall(r'name="starts_at" value="([^"]+)"', browser.get(page).content.decode())
    assert len(offered) == 5
    assert browser.post(page, {"starts_at": "2026-01-01T09:00:00+08:00"}).status_code == 422
    assert browser.post(page, {"starts_at": "soon"}).status_code == 422
    assert browser.post(page, {"starts_at": offered[-1]}).status_code == 302
    other = Machine(links.token_of(links.issue(rival.case, "track", now=timezone.now())))
    path = f"/cases/{rival.case.number}/windows"
    assert offered[-1] not in {_utc(w["starts_at"]) for w in other.get(path).json()["items"]}
    assert other.post(path, {"starts_at": offered[-1]}, Idempotency_Key="w").status_code == 422
    held = Hold.objects.get()
    window = {"starts_at": held.starts_at.isoformat(), "ends_at": held.ends_at.isoformat()}
    step = f"/cases/{rival.case.number}/appointment"
    assert other.post(step, window, Idempotency_Key="a").status_code == 422  # another's window
    assert "确认" in browser.get(page).content.decode()
    assert browser.post(page, {"agree": "1", "key": "one"}, follow=True).status_code == 200
    assert not Hold.objects.exists() and walk.is_sound()
    order = WorkOrder.objects.get(case=walk.case)
    assert (order.status, order.starts_at, order.ends_at) == ("scheduled", held.starts_at, held.ends_at)
    board.date = timezone.localdate(held.starts_at)
    day = situation.build(board.date, now=timezone.now())
    found = next(j for j in day.day.jobs if j.id == walk.case.number)
    assert situation.midnight(board.date) + dt.timedelta(seconds=found.windows[0][0]) == held.starts_at


def test_on_the_phone_the_window_is_promised_right_after_the_service_type(cast, board):
    walk = job(cast, timezone.now(), "triage")
    agent, path = cast.client("agent"), f"/desk/cases/{walk.case.number}"
    html = agent.get(f"{path}/confirmation/", headers={"hx-request": "true"}).content.decode()
    assert html.count("<li>") == 5 and re.search(
        "[张钱]工", html
    )  # what can be offered is seen before anything is agreed
    sent = {"venue": "onsite", "service": "repair", "agreed_by": "王女士", "way": "phone"}
    answer = agent.post(f"{path}/confirmation/?next=/desk/dispatch/", sent)
    assert answer["Location"].startswith(f"{path}/promised-window/") and "next=" in answer["Location"]
    form = agent.get(answer["Location"]).content.decode()
    opens, until = re.search(r'data-slot="([^"]+)" data-until="([^"]+)"', form).groups()
    assert form.count("data-slot") == 5
    assert agent.post(answer["Location"], {"starts_at": opens, "ends_at": until}).status_code == 302
    order = WorkOrder.objects.get(case=walk.case)
    assert (order.status, order.engineer) == ("promised", None)
    assert timezone.localtime(order.starts_at).strftime("%Y-%m-%dT%H:%M") == opens
    board.date = timezone.localdate(order.starts_at)
    board.act("mend")
    board.act("publish")
    walk.case.refresh_from_db()
    assert walk.case.stage == "assigned" and walk.is_sound()
    face = cast.client("engineer" if walk.case.engineer == cast.staff["engineer"] else "engineer2")
    assert "window-acceptance" in face.get(f"/field/jobs/{walk.case.number}/").content.decode()
    face.post(f"/field/jobs/{walk.case.number}/window-acceptance/")
    order.refresh_from_db()
    assert order.status == "scheduled" and walk.is_sound()


def test_a_service_type_without_a_visit_leads_back_to_the_case(cast):
    walk = job(cast, timezone.now(), "triage")
    path = f"/desk/cases/{walk.case.number}"
    sent = {"venue": "depot", "service": "repair", "agreed_by": "王女士", "way": "phone"}
    assert cast.client("agent").post(f"{path}/confirmation/", sent)["Location"] == f"{path}/"


def test_a_customer_chooses_before_an_engineer_has_said_yes(cast, board):
    walk = job(cast, timezone.now())
    browser, page = portal.browser(), f"{portal.page_of(walk.case)}window/"
    assert "window/" in browser.get(portal.page_of(walk.case)).content.decode()
    first = re.search(r'name="starts_at" value="([^"]+)"', browser.get(page).content.decode())[1]
    api = Machine(links.token_of(links.issue(walk.case, "track", now=timezone.now())))
    window = {
        "starts_at": first,
        "ends_at": (dt.datetime.fromisoformat(first) + dt.timedelta(hours=2)).isoformat(),
    }
    step = f"/cases/{walk.case.number}/promised-window"
    assert api.post(step, window, Idempotency_Key="a").status_code == 422  # nothing is held for her yet
    assert browser.post(page, {"starts_at": first}).status_code == 302
    assert api.post(step, window, Idempotency_Key="b").status_code == 201
    track = browser.get(portal.page_of(walk.case)).content.decode()
    assert "已约定上门时间" in track and dt.datetime.fromisoformat(first) == WorkOrder.objects.get().starts_at
    assert walk.is_sound()


def test_a_window_is_held_for_ten_minutes_and_nobody_appoints_what_was_not_offered(cast, board):
    walk = job(cast, timezone.now(), "triage confirm assign accept")
    browser, page = portal.browser(), f"{portal.page_of(walk.case)}window/"
    first = re.search(r'name="starts_at" value="([^"]+)"', browser.get(page).content.decode())
    assert first and browser.post(page, {"starts_at": first[1]}).status_code == 302
    Hold.objects.update(until=timezone.now())
    assert "十分钟" in browser.post(page, {"agree": "1"}).content.decode()
    assert WorkOrder.objects.get(case=walk.case).starts_at is None
    customer = Machine(links.token_of(links.issue(walk.case, "track", now=timezone.now())))
    window = {"starts_at": "2027-01-01T09:00:00+08:00", "ends_at": "2027-01-01T11:00:00+08:00"}
    told = customer.post(f"/cases/{walk.case.number}/appointment", window, Idempotency_Key="x")
    assert told.status_code == 422 and WorkOrder.objects.get(case=walk.case).starts_at is None


def _utc(text: str) -> str:
    return dt.datetime.fromisoformat(text).isoformat()


def test_reasons_are_told_to_machines_and_an_override_stays_on_record(cast, board, planned):
    dispatcher = machine.machine(cast, "dispatcher")
    board.act("move", number=planned[0], engineer=cast.staff["engineer2"].pk, reason="客户点名")
    cast.staff["engineer"].skills.all().delete()
    told = dispatcher.get(f"/days/{board.date:%Y%m%d}/jobs/{planned[0]}/reasons").json()
    assert told["engineer"] == cast.staff["engineer2"].pk and told["overrides"] == ["客户点名"]
    against = {a["engineer"]: a["reasons"] for a in told["against"]}
    assert "washing" in against[cast.staff["engineer"].pk][0] and told["slack"] > 0
    assert dispatcher.get(f"/days/{board.date:%Y%m%d}/jobs/BX-2600-009999/reasons").status_code == 422


def test_one_territory_is_planned_and_everybody_else_keeps_his_jobs(cast, board, planned):
    area = Territory.objects.create(name="徐汇", places="徐汇区")
    area.staff.add(cast.staff["engineer2"])
    more = job(cast, timezone.now(), east=0.03).case.number
    assert [a["name"] for a in board.day()["areas"]] == ["徐汇"]
    board.act("solve", territory=area.pk, seconds=1)
    asked = Plan.objects.get(status="asked")
    assert asked.crew == [str(cast.staff["engineer2"].pk)]
    operations.solve(asked.pk, by=SYSTEM, now=timezone.now())
    day = board.day()
    assert [(c["n"], c["after"]) for c in day["draft"]["changes"]] == [(more, "钱工")]
    assert {board.job(n)["e"] for n in planned} == {str(cast.staff["engineer"].pk)}
    board.act("publish")
    board.act("solve", 422, territory=987_654)
    area.staff.clear()
    assert "工程师" in board.act("solve", 422, territory=area.pk)["message"]


def test_an_emergency_without_room_moves_only_engineers_around_and_is_published(cast, board):
    """Both engineers are full; the re-plan asked for lets an ordinary job give way."""
    for who in ("engineer", "engineer2"):
        WorkingHours.objects.create(
            staff=cast.staff[who], weekday=board.date.isoweekday(), from_minute=540, until_minute=660
        )
    full = [job(cast, timezone.now(), priority=4).case.number for _ in range(2)]
    for number, who in zip(full, ("engineer", "engineer2"), strict=True):
        assert board.act("move", number=number, engineer=cast.staff[who].pk)["ok"]
    board.act("publish")
    urgent = job(cast, timezone.now(), priority=1).case.number
    text = board.act("mend")["text"]
    assert urgent in text
    asked = Plan.objects.get(status="asked")
    assert set(asked.crew) == {str(cast.staff[w].pk) for w in ("engineer", "engineer2")}
    operations.solve(asked.pk, by=SYSTEM, now=timezone.now())
    assert board.job(urgent)["e"]
    assert sum(not board.job(n).get("e") for n in full) == 1
    board.act("publish")
    assert Case.objects.get(number=urgent).stage == "assigned"


def test_a_cancelled_job_leaves_the_day_and_its_place_is_free(cast, board, planned):
    answer = cast.client("agent").post(f"/desk/cases/{planned[0]}/withdrawal/", {"reason": "solved"})
    assert answer.status_code == 302, answer.content.decode()[:300]
    assert planned[0] not in {j["n"] for j in board.day()["jobs"]}
    assert not Case.objects.get(number=planned[0]).is_open
    assert "t" in board.job(planned[1])
