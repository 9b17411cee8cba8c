"""C5.2: the office keeps levels, calendars, holidays and contracts; the desk sees clocks and alarms; both over the API."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.utils import timezone

from baoxiu.cases.models import Duty
from baoxiu.clocks import operations as clocks
from baoxiu.clocks.models import Alarm
from baoxiu.service_levels.queries import in_force
from tests.conftest import NOW, Cast
from tests.faces.machine import machine
from tests.rooms.walking import FREE_REPAIR, ON_SITE, begin

pytestmark = pytest.mark.django_db
LEVEL = {
    "code": "urgent", "name_zh": "加急", "name_en": "Urgent", "priorities": ["1"], "calendar": "office", "targets-0-duty": "triage",
    "targets-0-minutes": "60", "targets-0-inner_minutes": "30", "targets-0-warn_percent": "50", "targets-0-on_breach": "manager",
    "targets-1-duty": "resolution", "targets-1-minutes": "4320", "targets-1-warn_percent": "75", "targets-1-on_warn": "raise",
}  # fmt: skip


def test_a_level_is_made_changed_moved_and_removed_and_every_change_is_a_version(cast: Cast) -> None:
    office = cast.client("manager")
    assert office.post("/office/levels/new/", LEVEL).status_code == 302
    number, book = in_force()
    target = book.levels[0].targets["triage"]
    assert (target.minutes, target.inner_minutes, target.warn_percent) == (60, 30, 50)
    assert [(a.at, a.do, a.to) for a in target.actions] == [("breach", "notify", "manager")]
    page = office.get("/office/levels/").content.decode()
    assert "加急" in page and "72 小时" in page and "紧急" in page
    assert 'value="60"' in office.get("/office/levels/urgent/").content.decode()
    assert office.post("/office/levels/urgent/", LEVEL | {"targets-0-minutes": "90"}).status_code == 302
    assert office.post("/office/levels/new/", LEVEL | {"code": "second", "priorities": []}).status_code == 302
    assert office.post("/office/levels/second/up/").status_code == 302
    assert [x.code for x in in_force()[1].levels] == ["second", "urgent"]
    office.post("/office/levels/second/remove/")
    assert [x.code for x in in_force()[1].levels] == ["urgent"] and in_force()[0] == number + 4


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"calendar": "moon"}, "moon"),
        ({"targets-0-inner_minutes": "61"}, "inner"),
        ({"code": "A B"}, ""),
        ({"kinds": ["repair", "magic"]}, "服务类型"),
        ({"contracts": "K-1, <K>"}, "合同编号"),
    ],
)
def test_a_level_that_cannot_stand_is_told_why_and_nothing_is_published(
    cast: Cast, change: dict[str, str], part: str
) -> None:
    answer = cast.client("manager").post("/office/levels/new/", LEVEL | change)
    assert answer.status_code == 422 and part in answer.content.decode()
    assert in_force()[0] == 0


def test_each_condition_takes_several_values_said_readably(cast: Cast) -> None:
    office = cast.client("manager")
    many = {"contracts": "K-1，K-2, K-1", "tiers": "gold silver", "classes": ["appliance", "machinery"], "priorities": ["1", "2"], "kinds": ["repair"]}  # fmt: skip
    assert office.post("/office/levels/new/", LEVEL | many).status_code == 302
    level = in_force()[1].levels[0]
    assert (level.contracts, level.tiers) == (("K-1", "K-2"), ("gold", "silver"))
    assert (level.classes, level.priorities, level.kinds) == (("appliance", "machinery"), (1, 2), ("repair",))
    said = office.get("/office/levels/", headers={"Accept-Language": "en"}).content.decode()
    assert "contract K-1 or K-2 · tier gold or silver" in said and "priority Urgent or High · Repair" in said
    shown = office.get("/office/levels/urgent/").content.decode()
    assert 'value="K-1, K-2"' in shown and shown.count(" checked>") == 5 + 2  # and what is done at two points
    assert office.post("/office/levels/urgent/", LEVEL | many | {"classes": []}).status_code == 302
    assert in_force()[1].levels[0].classes == ()


def test_a_target_s_own_calendar_and_what_its_clock_stands_for_are_shown_and_kept(cast: Cast) -> None:
    api = machine(cast, "manager")
    told = api.get("/service-levels").json()
    level = {
        "code": "urgent", "name_en": "Urgent", "name_zh": "加急", "calendar": "office",
        "targets": {"C4.3": {"minutes": 5}, "triage": {"minutes": 60, "stops_for": [], "actions": [{"at": "inner", "do": "raise"}]}},
    }  # fmt: skip
    body = {"base": told["number"], "reason": "签约", "book": told["book"] | {"levels": [level]}}
    assert api.send("PUT", "/service-levels", body).status_code == 200
    office, number = cast.client("manager"), in_force()[0]
    shown = office.get("/office/levels/urgent/").content.decode()
    for part in (
        'value="C4.3" selected>C4.3 派单',
        'value="never" selected>从不停表',
        'value="" selected>同本等级',
    ):
        assert part in shown
    same = {"code": "urgent", "name_zh": "加急", "name_en": "Urgent", "calendar": "office",
            "targets-0-duty": "C4.3", "targets-0-minutes": "5", "targets-0-warn_percent": "75",
            "targets-1-duty": "triage", "targets-1-minutes": "60", "targets-1-warn_percent": "75", "targets-1-stops_for": "never", "targets-1-on_inner": "raise"}  # fmt: skip
    assert office.post("/office/levels/urgent/", same).status_code == 302 and in_force()[0] == number
    other = {"targets-0-calendar": "24x7", "targets-0-stops_for": "hold parts", "targets-1-stops_for": ""}
    assert office.post("/office/levels/urgent/", same | other).status_code == 302
    kept = in_force()[1].levels[0].targets
    assert (kept["C4.3"].calendar, kept["C4.3"].stops_for) == ("24x7", ("hold", "parts"))
    assert (kept["triage"].calendar, kept["triage"].stops_for) == ("", None)
    page = office.get("/office/levels/").content.decode()
    assert "全天候" in page and "何时停表: 挂起 · 待料" in page
    for wrong in ({"targets-0-stops_for": "moon"}, {"targets-0-calendar": "moon"}):
        assert office.post("/office/levels/urgent/", same | wrong).status_code == 422


def test_each_point_takes_several_actions_and_the_form_shows_them_again(cast: Cast) -> None:
    office = cast.client("manager")
    many = {
        "targets-0-on_warn": ["owner", "dispatcher"], "targets-0-on_inner": ["raise"],
        "targets-0-on_breach": ["manager", "owner", "reassign", "raise"],
    }  # fmt: skip
    assert office.post("/office/levels/new/", LEVEL | many).status_code == 302
    found = {(a.at, a.do, a.to) for a in in_force()[1].levels[0].targets["triage"].actions}
    assert found == {
        ("warn", "notify", "owner"), ("warn", "notify", "dispatcher"), ("inner", "raise", "owner"),
        ("breach", "notify", "manager"), ("breach", "notify", "owner"), ("breach", "reassign", "owner"), ("breach", "raise", "owner"),
    }  # fmt: skip
    shown = office.get("/office/levels/urgent/").content.decode()
    for name, wanted in many.items():
        for code in wanted:
            assert re.search(rf'{name.split("-")[2]}" value="{code}" checked', shown)
    assert shown.count(" checked>") == 7 + 1 + 1  # with the second row's one and the priority
    number = in_force()[0]
    assert office.post("/office/levels/urgent/", LEVEL | many).status_code == 302
    assert in_force()[0] == number  # nothing changed: no version
    wrong = office.post("/office/levels/urgent/", LEVEL | {"targets-0-on_warn": ["owner", "moon"]})
    assert wrong.status_code == 422 and in_force()[0] == number


def test_a_calendar_and_a_year_are_entered_and_shown(cast: Cast) -> None:
    office = cast.client("administrator")
    shop = {"code": "shop", "name_zh": "门店", "name_en": "Shop", "zone": "Asia/Shanghai", "saturday": "10:00-16:00", "monday": "08:00-20:00", "tuesday": "09:00-18:00", "wednesday": "09:00-18:00", "table": "CN"}  # fmt: skip
    assert office.post("/office/calendars/new/", shop).status_code == 302
    assert in_force()[1].calendars[1].week[5] == ("10:00-16:00",)
    listed = office.get("/office/levels/", headers={"Accept-Language": "en"}).content.decode()
    assert "Mon 08:00-20:00; Tue – Wed 09:00-18:00; Sat 10:00-16:00<" in listed
    assert office.post("/office/calendars/new/", shop | {"code": "x", "monday": "9-5"}).status_code == 422
    empty = office.get("/office/holidays/CN/2027/").content.decode()
    assert "尚未录入" in empty
    done = office.post("/office/holidays/CN/2027/", {"holidays": "01-01, 01-02 02-05", "workdays": "02-20"})
    assert done.status_code == 302
    assert in_force()[1].tables["CN"][2027].holidays == ("01-01", "01-02", "02-05")
    assert 'class="day-makeup">20' in office.get("/office/holidays/CN/2027/").content.decode()
    assert office.post("/office/holidays/CN/2027/", {"holidays": "02-30"}).status_code == 422
    assert office.get("/office/holidays/XX/2027/").status_code == 404


def test_a_contract_is_agreed_in_the_office_and_the_open_case_follows(cast: Cast) -> None:
    cast.client("manager").post(
        "/office/levels/new/", LEVEL | {"priorities": [], "tiers": "gold", "calendar": "24x7"}
    )
    walk = begin(cast, timezone.now())
    form = {"customer": str(cast.wang.pk), "code": "K-1", "tier": "gold", "from_date": "2020-01-01"}
    assert cast.client("manager").post("/office/contracts/new/", form).status_code == 302
    assert Duty.objects.get(case=walk.case, kind="triage").level == "urgent"
    assert "王女士" in cast.client("manager").get("/office/levels/").content.decode()
    assert "王女士" not in cast.client("administrator").get("/office/levels/").content.decode()


def test_the_desk_shows_the_ledger_and_alarms_until_somebody_has_seen_them(cast: Cast) -> None:
    cast.client("manager").post("/office/levels/new/", LEVEL | {"priorities": [], "calendar": "24x7"})
    walk = begin(cast, NOW)
    clocks.tick(now=NOW + dt.timedelta(hours=2))
    page = cast.client("agent").get(f"/desk/cases/{walk.case.number}/clocks/").content.decode()
    assert "超时" in page and "60 工作分钟" in page and "解决" in page
    manager = cast.client("manager")
    alarm = Alarm.objects.get(kind="triage")
    case_page = cast.client("agent").get(f"/desk/cases/{walk.case.number}/").content.decode()
    assert "承诺" in case_page and "内控目标" in case_page  # both, beside one another
    assert walk.case.number in manager.get("/desk/alarms/").content.decode()
    assert cast.client("agent").post(f"/desk/alarms/{alarm.pk}/seen/").status_code == 404
    manager.post(f"/desk/alarms/{alarm.pk}/seen/")
    alarm.refresh_from_db()
    assert (
        alarm.seen_by == cast.staff["manager"]
        and walk.case.number not in manager.get("/desk/alarms/").content.decode()
    )


def test_over_the_api_versions_contracts_clocks_and_alarms(cast: Cast) -> None:
    api = machine(cast, "manager")
    told = api.get("/service-levels").json()
    level = {"code": "all", "name_en": "All", "name_zh": "全部", "targets": {"triage": {"minutes": 9, "actions": [{"at": "breach", "do": "notify", "to": "manager"}]}}}  # fmt: skip
    book = told["book"] | {"levels": [level]}
    assert api.send("PUT", "/service-levels", {"base": 7, "reason": "x", "book": book}).status_code == 422
    assert (
        api.send("PUT", "/service-levels", {"base": 0, "reason": "x", "book": book}).json()["number"]
        == in_force()[0]
    )
    assert [v["reason"] for v in api.get("/service-levels/versions").json()["items"]] == ["x"]
    made = api.post("/contracts", {"customer": cast.liu.pk, "code": "K-7", "from_date": "2026-01-01"})
    assert made.status_code == 201 and api.get("/contracts").json()["items"][0]["customer"] == cast.liu.pk
    walk = begin(cast, NOW)
    clocks.tick(now=NOW + dt.timedelta(hours=2))
    clock = next(
        c for c in api.get(f"/cases/{walk.case.number}/clocks").json()["items"] if c["kind"] == "triage"
    )
    assert (clock["minutes"], clock["level"], [r["what"] for r in clock["rows"]]) == (
        9,
        "all",
        ["begun", "breach"],
    )
    (alarm,) = api.get("/alarms").json()["items"]
    assert (
        api.send("DELETE", f"/alarms/{alarm['id']}").status_code == 204
        and api.get("/alarms").json()["items"] == []
    )


def test_the_desk_lists_calls_owed_and_two_different_stories(cast: Cast) -> None:
    walk = begin(cast, NOW).steps(f"{ON_SITE} {FREE_REPAIR} hand_over")
    agent = cast.client("agent")
    assert walk.case.number in agent.get("/desk/follow-ups/").content.decode()
    walk.step("follow_up", satisfaction=5, answers=[{"question": "好用吗？", "answer": "partly"}])
    walk.step("rate", by=walk.link("rate"), attitude=2, speed=2, quality=2, overall=2)
    assert "说法不一" in agent.get("/desk/follow-ups/").content.decode()
    page = agent.get(f"/desk/cases/{walk.case.number}/").content.decode()
    assert "说法不一" in page and "好用吗？" in page and "客户自评 2/5" in page
    (verdict,) = machine(cast, "agent").get(f"/cases/{walk.case.number}/verdicts").json()["items"]
    assert verdict == {"round": 1, "told": [5], "rated": 2, "disagrees": True}
