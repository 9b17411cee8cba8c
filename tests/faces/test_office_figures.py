"""C1: the figures of the dashboard open to the very cases they count."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest
from django.utils import timezone

from baoxiu.followups.models import Rating
from baoxiu.sop.standard import STANDARD
from baoxiu.terms import operations as terms
from tests.conftest import Cast
from tests.faces.desk import DAY, HOUR, opened, step


@pytest.fixture
def now() -> dt.datetime:
    return timezone.now()


def page(cast: Cast, address: str = "/office/dashboard/") -> str:
    return cast.client("manager").get(address).content.decode()


def figure(found: str, title: str) -> tuple[str, str]:
    """(address, value) of a figure by its title."""
    match = re.search(rf'href="([^"]*)"><span[^>]*>{title}</span><b>([^<]*)</b>', found)
    assert match, title
    return match[1].replace("&amp;", "&"), match[2]


def behind(cast: Cast, address: str) -> set[str]:
    """The numbers of the cases a figure opens to."""
    answer = cast.client("manager").get(address)
    assert answer.status_code == 200
    return set(re.findall(r"BX-\d{4}-\d{6}", answer.content.decode()))


def bars(found: str, title: str) -> list[tuple[str, str, int]]:
    """(address, label, number) of a chart's rows."""
    table = re.search(rf'<h3 class="card-title">{title}</h3>.*?</table>', found, re.S)
    assert table, title
    rows = re.findall(
        r'<th scope="row"><a href="([^"]+)">([^<]+)</a>.*?<td class="number">(\d+)</td>', table[0], re.S
    )
    return [(href.replace("&amp;", "&"), label, int(number)) for href, label, number in rows]


def test_every_figure_counts_what_it_opens(cast: Cast, now: dt.datetime) -> None:
    agent = cast.actor("agent")
    answered = opened(cast, at=now - 3 * HOUR)
    step(answered, "reply", agent, at=now - 3 * HOUR, text="您好")
    late = opened(cast, at=now - 2 * DAY)
    step(late, "reply", agent, at=now - DAY, text="抱歉")
    gone = opened(cast, at=now - HOUR)
    step(gone, "withdraw", agent, at=now, reason="solved")
    paused = opened(cast, at=now - 2 * DAY)
    step(paused, "hold", agent, at=now - DAY, reason="customer", text="等客户")
    old = opened(cast, at=now - 60 * DAY)
    found = page(cast)
    expected = {
        "进行中": {answered, late, paused, old},
        "当前超时": {late, old},
        "已受理": {answered, late, gone, paused},
        "其中已关闭": {gone},
    }
    for title, cases in expected.items():
        address, value = figure(found, title)
        assert int(value) == len(cases), title
        assert behind(cast, address) == {c.number for c in cases}, title
    address, value = figure(found, "首次响应及时率")
    assert behind(cast, address) == {late.number, paused.number}
    assert value == "33%"  # one in time, two late; the withdrawn one owed nothing any more


def test_what_is_late_opens_by_clause_and_by_person(cast: Cast, now: dt.datetime) -> None:
    mine = opened(cast, at=now - 2 * DAY)
    nobodys = opened(cast, at=now - 2 * DAY, owner=None)
    opened(cast, at=now)
    found = page(cast)
    for title in ("当前超时（按条款）", "当前超时（按人员）"):
        rows = bars(found, title)
        assert rows
        for address, label, number in rows:
            assert len(behind(cast, address)) == number, label
    people = {label: behind(cast, address) for address, label, _ in bars(found, "当前超时（按人员）")}
    assert people == {"李客服": {mine.number}, "尚未指派": {nobodys.number}}


def test_satisfaction_opens_by_stars(cast: Cast, now: dt.datetime) -> None:
    good, bad = opened(cast, at=now - DAY), opened(cast, at=now - DAY)
    for case, overall in ((good, 5), (bad, 2)):
        Rating.objects.create(
            case=case, entry_no=1, round=1, attitude=overall, speed=3, quality=4, overall=overall, at=now
        )
    found = page(cast)
    address, value = figure(found, "满意度")
    assert value == "3.5" and behind(cast, address) == {good.number, bad.number}
    stars = {label: (number, behind(cast, address)) for address, label, number in bars(found, "满意度")}
    assert (
        stars["5 ★"] == (1, {good.number})
        and stars["2 ★"] == (1, {bad.number})
        and stars["1 ★"] == (0, set())
    )


def test_volume_opens_by_channel_product_and_day(cast: Cast, now: dt.datetime) -> None:
    one = opened(cast, at=now)
    two = opened(cast, at=now, channel="web", unit=None)
    found = page(cast, "/office/dashboard/?days=7")
    channels = {label: behind(cast, address) for address, label, _ in bars(found, "按渠道")}
    assert channels == {"电话": {one.number}, "网页": {two.number}}
    assert {label: behind(cast, a) for a, label, _ in bars(found, "按产品")} == {"滚筒洗衣机": {one.number}}
    chart = json.loads(re.search(r'<script type="application/json">(.*?)</script>', found, re.S)[1])
    assert len(chart["labels"]) == 7
    assert {s["channel"]: s["values"][-1] for s in chart["series"]} == {"phone": 1, "web": 1}
    assert behind(cast, chart["links"][-1]) == {one.number, two.number}


@pytest.mark.parametrize("days", ["7", "30", "90", "365", "x", "-1", ""])
def test_every_period_is_drawn(cast: Cast, now: dt.datetime, days: str) -> None:
    opened(cast, at=now - 6 * DAY)
    assert figure(page(cast, f"/office/dashboard/?days={days}"), "已受理")[1] == "1"


def test_with_no_case_at_all_the_page_says_so(cast: Cast) -> None:
    found = page(cast)
    assert figure(found, "满意度")[1] == "–" and "暂无" in found or "尚无" in found


def test_the_procedure_shows_stages_with_their_open_cases_and_its_versions(
    cast: Cast, now: dt.datetime
) -> None:
    opened(cast, at=now)
    terms.publish(STANDARD, by=cast.actor("administrator"), now=now)
    found = page(cast, "/office/procedure/")
    assert "<svg" in found and STANDARD.sha256[:16] in found and "/desk/cases/?stage=triage" in found
    assert "何管理员" in found and "生效中" in found
    for step_row in STANDARD.steps:
        assert step_row.title.zh in found
    admin = cast.client("administrator").get("/office/procedure/").content.decode()
    assert "/desk/cases/" not in admin
