"""C1, C5, C6.2: the figures of the dashboard open to the very cases they count."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from baoxiu.faces.office import periods
from baoxiu.lib import csvsafe, xlsx
from baoxiu.sop import figures
from baoxiu.sop.standard import STANDARD
from baoxiu.supervision import folding, queries
from baoxiu.terms import operations as terms
from tests.conftest import Cast
from tests.faces import machine
from tests.faces.desk import DAY, HOUR, opened, step
from tests.rooms.test_prices import prices
from tests.rooms.walking import CALLS, FREE_REPAIR, ON_SITE, Walk, begin

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> dt.datetime:
    return timezone.now()


@pytest.fixture
def walks(cast: Cast, now: dt.datetime) -> list[Walk]:
    """A good repair, a paid one whose first answer was late, one withdrawn, one open and late."""
    good = begin(cast, now - 3 * DAY).steps(f"{ON_SITE} {FREE_REPAIR} hand_over follow_up")
    good.step("rate", good.link("rate"), nps=9)
    good.steps("final_follow_up close")
    paid = begin(cast, now - 3 * DAY, unit="old").wait(hours=2)
    paid.steps(f"{ON_SITE} diagnose quote accept_quote start_work work pass_test hand_over {CALLS}")
    gone = begin(cast, now - HOUR, unit=None).steps("withdraw")
    late = begin(cast, now - 2 * DAY, unit=None)
    folding.fold(now=now)
    return [good, paid, gone, late]


def page(cast: Cast, address: str = "/office/dashboard/") -> str:
    answer = cast.client("manager").get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def figure(found: str, title: str) -> tuple[str, str, str]:
    """(address, value, remark) of a figure by its title."""
    match = re.search(
        rf'href="([^"]*)"[^>]*><span[^>]*>{re.escape(title)}</span><b>([^<]*)</b>(?:<small[^>]*>([^<]*))?',
        found,
    )
    assert match, title
    return match[1].replace("&amp;", "&"), match[2], match[3] or ""


def numbers(text: str) -> set[str]:
    return set(re.findall(r"BX-\d{4}-\d{6}", text))


def test_every_figure_counts_what_it_opens(cast: Cast, walks: list[Walk]) -> None:
    good, paid, gone, late = (w.case.number for w in walks)
    found = page(cast)
    expected = {
        "已受理": ("4", "", {good, paid, gone, late}),
        "首次响应及时率": ("33%", "1 / 3", {paid, late}),
        "工程师回访完成率": ("100%", "1 / 1", set()),
        "满意率（CSAT）": ("100%", "1 / 1", {good}),
        "净推荐值（NPS）": ("+100", "1 − 0 / 1", {good}),
        "收费占比": ("50%", "1 / 2", {paid}),
        "进行中": ("1", "当前", {late}),
        "当前超时": ("1", "当前", {late}),
    }
    for title, (value, remark, cases) in expected.items():
        address, shown, said = figure(found, title)
        if title == "工程师回访完成率":
            assert shown == "100%" and said in ("1 / 1", "2 / 2")
            assert numbers(page(cast, address)) == set()
            continue
        assert (shown, said) == (value, remark), title
        assert numbers(page(cast, address)) == cases, title
    assert "120.00" in found and "按产品" in found


def listed(cast: Cast, address: str) -> tuple[list[str], Decimal]:
    """The cases of a list over all its pages, and the sum of what was paid."""
    cases, paid, here = list[str](), Decimal(), address.partition("?")[0]
    while address:
        found = page(cast, address)
        cases += re.findall(r'class="serial" href="[^"]*">(BX-\d{4}-\d{6})', found)
        paid += sum(
            map(Decimal, re.findall(r'<td class="number" data-title="(?:已付|成本)">¥([\d.]+)</td>', found)),
            Decimal(),
        )
        older = re.search(r'href="([^"]*after=[^"]*)"', found)
        address = here + older[1].replace("&amp;", "&") if older else ""
    assert len(cases) == len(set(cases))
    return cases, paid


@pytest.mark.parametrize("narrowed", ["", "by=engineer", "by=product"])
def test_every_figure_on_the_page_opens_to_just_what_it_counts(
    cast: Cast, walks: list[Walk], now: dt.datetime, narrowed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries.behind, "__kwdefaults__", {"after": "", "limit": 2})  # lists have pages
    low = begin(cast, now - 3 * DAY, unit="old")
    low.steps(f"{ON_SITE} diagnose quote accept_quote start_work work pass_test hand_over follow_up")
    low.step("rate", low.link("rate"), nps=3, overall=2)
    low.steps("final_follow_up close")
    prices(cast, now - 5 * DAY)
    free = begin(cast, now - 3 * DAY).steps(f"{ON_SITE} diagnose start_work")
    free.step("work", parts=[{"text": "排水泵", "number": "P-PUMP"}])
    free.steps("pass_test hand_over follow_up final_follow_up close")
    folding.fold(now=now)
    value = {"by=engineer": cast.staff["engineer"].pk, "by=product": cast.unit.product}.get(narrowed)
    found = page(cast, f"/office/dashboard/?{narrowed}&of={value}")
    tiles = re.search(r'<div class="figures mb-3">(.*?)</div>\n<div class="halves', found, re.S)
    assert tiles and "<div" not in tiles[1]  # every tile is a link
    cards = re.findall(
        r'<a class="card[^>]*href="([^"]*)"[^>]*><span[^>]*>([^<]*)</span><b>([^<]*)</b>(?:<small[^>]*>([^<]*))?',
        tiles[1],
    )
    assert len(cards) == tiles[1].count("<a ") == len(figures.KPIS) + 4 * (not narrowed)
    for href, title, shown, remark in cards:
        address = href.replace("&amp;", "&")
        counts = list(map(int, re.findall(r"\d+", remark)))
        if "/figures/" not in address:
            assert len(numbers(page(cast, address))) == int(shown), title
            continue
        cases, paid = listed(cast, address)
        if "¥" in shown:
            expected = (Decimal("205.50"), 1) if "免费" in title else (240, 2)
            assert (paid, len(cases)) == expected == (Decimal(shown.removeprefix("¥")), *counts), title
        elif "−" in remark or "/" in remark:
            *top, bottom = counts
            parts = {
                p: len(listed(cast, re.sub(r"/(all|hit|miss)/", f"/{p}/", address))[0])
                for p in ("all", "hit", "down" if len(top) > 1 else "miss")
            }
            assert list(parts.values()) == [bottom, top[0], top[1] if len(top) > 1 else bottom - top[0]], (
                title
            )
        elif counts:
            assert [len(cases)] == counts, title
        else:
            assert len(cases) == (int(shown) if shown != "–" else 0), title


def test_every_number_of_the_table_and_of_the_volume_opens_to_what_it_counts(
    cast: Cast, walks: list[Walk]
) -> None:
    for table in periods.BY:
        found = page(cast, f"/office/dashboard/?table={table}")
        rows = re.search(r'figures-table">.*<tbody>(.*)</tbody>', found, re.S)
        cells = re.findall(
            r'<td class="number" data-title="[^"]*"><a href="([^"]+)"(?: title="计入(\d+)单")?>([^<]*)<',
            rows[1] if rows else "",
        )
        assert len(cells) > 5
        for href, counted, shown in cells:
            assert len(listed(cast, href.replace("&amp;", "&"))[0]) == int(counted or shown), (table, href)
    volume = json.loads(re.findall(r'application/json">(.*?)</script>', found, re.S)[0])
    for i, link in enumerate(volume["links"]):
        n = sum(series["values"][i] for series in volume["series"])
        assert not n or len(numbers(page(cast, link))) == n


def test_what_was_paid_opens_to_whoever_sees_the_figures_only(cast: Cast, walks: list[Walk]) -> None:
    address = figure(page(cast), "收费金额（CNY）")[0]
    assert numbers(page(cast, address)) == {walks[1].case.number}
    for role in ("agent", "dispatcher", "administrator"):
        assert cast.client(role).get(address).status_code in (403, 404)
    other = address.replace("CNY", "USD")
    assert not numbers(page(cast, other))
    for wrong in ("/office/figures/paid/down/", "/office/figures/nps/miss/"):
        assert cast.client("manager").get(wrong).status_code == 404
    items = machine.machine(cast, "manager").get("/figures/paid/hit?by=currency&of=CNY").json()["items"]
    assert [(i["number"], i["currency"], i["paid_cents"]) for i in items] == [
        (walks[1].case.number, "CNY", 12000)
    ]


def test_what_a_free_repair_cost_opens_with_its_amount_for_people_and_machines(
    cast: Cast, now: dt.datetime
) -> None:
    prices(cast, now - 5 * DAY)
    walk = begin(cast, now - 3 * DAY).steps(f"{ON_SITE} diagnose start_work")
    walk.step("work", parts=[{"text": "排水泵", "number": "P-PUMP"}])
    walk.steps("pass_test hand_over follow_up final_follow_up close")
    folding.fold(now=now)
    address, shown, said = figure(page(cast), "免费维修成本（CNY）")
    found = page(cast, address)
    assert (shown, said) == ("¥205.50", "1单") and numbers(found) == {walk.case.number} and "¥205.50" in found
    whole = page(cast, figure(page(cast), "免费维修可计成本")[0])
    assert numbers(whole) == {walk.case.number} and "1 / 1" in whole
    client = machine.machine(cast, "manager")
    assert client.get("/figures").json()["free"] == [{"currency": "CNY", "cases": 1, "cents": 20550}]
    items = client.get("/figures/free/hit?by=currency&of=CNY").json()["items"]
    assert [(i["number"], i["free_cents"], i["paid_cents"]) for i in items] == [
        (walk.case.number, 20550, None)
    ]


def test_all_met_and_missed_of_a_share_add_up(cast: Cast, walks: list[Walk]) -> None:
    opened_page = page(cast, figure(page(cast), "首次响应及时率")[0])
    parts = re.findall(r'href="(/office/figures/response/\w+/[^"]+)"', opened_page)
    lists = {a.split("/")[4]: numbers(page(cast, a.replace("&amp;", "&"))) for a in parts}
    assert lists["all"] == lists["hit"] | lists["miss"] and not lists["hit"] & lists["miss"]
    assert len(lists["all"]) == 3 and len(lists["hit"]) == 1


def test_a_breakdown_leads_to_the_same_page_narrowed(cast: Cast, walks: list[Walk]) -> None:
    found = page(cast, "/office/dashboard/?table=engineer")
    row = re.search(r'<a href="([^"]+)"><bdi>张工</bdi></a>', found)
    assert row
    narrowed = page(cast, "/office/dashboard/" + row[1].replace("&amp;", "&"))
    assert figure(narrowed, "已受理")[1] == "2" and "仅看：张工" in narrowed
    assert numbers(page(cast, figure(narrowed, "已受理")[0])) == {walks[0].case.number, walks[1].case.number}


@pytest.mark.parametrize("table", periods.BY)
def test_every_breakdown_is_there(cast: Cast, walks: list[Walk], table: str) -> None:
    assert "figures-table" in page(cast, f"/office/dashboard/?table={table}&days=7")


def test_the_page_costs_few_statements_and_none_on_the_cases_counted(
    cast: Cast, walks: list[Walk], django_assert_max_num_queries: Any
) -> None:
    page(cast)
    with django_assert_max_num_queries(12) as asked:
        page(cast)
    for query in asked.captured_queries:
        assert "supervision_casefigures" not in query["sql"] and "cases_journalentry" not in query["sql"]


def test_the_charts_say_the_same_in_numbers(cast: Cast, walks: list[Walk]) -> None:
    volume, shares, times, points, money = (
        json.loads(t) for t in re.findall(r'application/json">(.*?)</script>', page(cast), re.S)
    )
    assert sum(map(sum, (s["values"] for s in volume["series"]))) == 4
    assert len(volume["labels"]) == 30 and len(shares["labels"]) == 5
    assert [len(s["values"]) for s in times["series"]] == [5] * 4
    assert 100 in points["series"][0]["values"]
    assert [sum(s["values"]) for s in money["series"]] == [120, 0]
    assert {v for s in shares["series"] for v in s["values"] if v is not None} <= {0.0, 50.0, 100.0, 33.3}


def test_the_table_goes_to_a_spreadsheet_and_nothing_in_it_runs(cast: Cast, now: dt.datetime) -> None:
    cast.unit.product = "=cmd|' /C calc'!A0"
    cast.unit.save()
    opened(cast, at=now - HOUR)
    folding.fold(now=now)
    client = cast.client("manager")
    text = client.get("/office/figures/table.csv?table=product").content.decode()
    rows = list(csv.reader(io.StringIO(text.removeprefix(csvsafe.BOM))))
    assert rows[1][0] == "'=cmd|' /C calc'!A0" and rows[0][3] == "已受理" and rows[1][3] == "1.0"
    answer = client.get("/office/figures/table.xlsx?table=product")
    assert "attachment" in answer["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        assert packed.testzip() is None
        sheet = packed.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet and 't="inlineStr"><is><t xml:space="preserve">=cmd|' in sheet
    assert client.get("/office/figures/table.exe").status_code == 404


def test_a_workbook_holds_numbers_texts_and_no_character_that_breaks_it() -> None:
    made = xlsx.workbook([["a", 1, 2.5, None, "<&>\x00\x0b", True]])
    with zipfile.ZipFile(io.BytesIO(made)) as packed:
        sheet = packed.read("xl/worksheets/sheet1.xml").decode()
    assert "<v>1</v>" in sheet and "<v>2.5</v>" in sheet and "&lt;&amp;&gt;" in sheet and "\x00" not in sheet
    assert ">True<" in sheet and "<c/>" in sheet


@pytest.mark.parametrize(
    "query",
    ["days=x", "from=yesterday", "from=2026-13-01", "from=9999-12-31&to=1", "days=-5", "by=moon&of=x", "table=moon",
     "from=2026-11-30&to=2026-01-01", "from=2001-01-01&to=2026-01-01", "by=engineer&of=x", "by=station&of=%00"],
)  # fmt: skip
def test_an_address_that_makes_no_sense_shows_something_sensible(cast: Cast, query: str) -> None:
    assert cast.client("manager").get(f"/office/dashboard/?{query}").status_code == 200
    assert cast.client("manager").get(f"/office/conformance/?{query}").status_code == 200


@pytest.mark.parametrize("after", ["x", "2026-01-01", "2026-01-01_x", "2026-01-01_99999999999999999999", "_"])
def test_a_place_that_is_none_is_not_there(cast: Cast, after: str) -> None:
    client = cast.client("manager")
    assert client.get(f"/office/figures/response/all/?after={after}").status_code == 404
    assert client.get(f"/office/conformance/C4.2/broken/?after={after}").status_code == 404
    for address in (
        "figures/moon/all/",
        "figures/response/moon/",
        "conformance/C99/broken/",
        "conformance/C4.2/x/",
    ):
        assert client.get(f"/office/{address}").status_code == 404


def test_conformance_over_a_period_opens_to_the_cases(cast: Cast, walks: list[Walk]) -> None:
    found = page(cast, "/office/conformance/")
    row = re.search(r"C4\.2</span>.*?</tr>", found, re.S)
    assert row
    cells = re.findall(r'href="(/office/conformance/C4\.2/(\w+)/[^"]*)">(\d+)<', row[0])
    counts = {outcome: int(n) for _, outcome, n in cells}
    assert counts == {"kept": 2, "broken": 2}
    for address, outcome, n in cells:
        listed = numbers(page(cast, address.replace("&amp;", "&")))
        assert len(listed) == int(n)
        assert (walks[1].case.number in listed) == (outcome == "broken")


def test_machines_get_the_same_figures(cast: Cast, walks: list[Walk]) -> None:
    asked = machine.machine(cast, "manager")
    told = asked.get("/figures?days=30&table=engineer").json()
    by_name = {f["name"]: f for f in told["figures"]}
    assert by_name["response"]["numerator"] == 1 and by_name["response"]["denominator"] == 3
    assert by_name["response"]["value"] == pytest.approx(1 / 3) and told["open"] == told["late"] == 1
    assert told["paid"] == [{"currency": "CNY", "cases": 1, "cents": 12000}]
    assert {r["name"]: r["figures"][0]["value"] for r in told["table"]} == {"张工": 2.0, "": 2.0}
    first = asked.get("/figures/registered/all?limit=3").json()
    rest = asked.get(f"/figures/registered/all?limit=3&cursor={first['next']}").json()
    assert {r["number"] for r in first["items"] + rest["items"]} == {w.case.number for w in walks}
    assert rest["next"] is None and asked.get("/figures/moon/all").status_code == 404
    assert asked.get("/figures/registered/all?cursor=x").status_code == 422
    clauses = {c["clause"]: c for c in asked.get("/conformance").json()["clauses"]}
    assert clauses["C4.2"]["broken"] == 2 and clauses["C4.2"]["kept"] == 2
    broken = asked.get("/conformance/C4.2/broken").json()["items"]
    assert {r["number"] for r in broken} == {walks[1].case.number, walks[3].case.number}


def test_what_is_on_hold_is_not_late_now(cast: Cast, now: dt.datetime) -> None:
    paused = opened(cast, at=now - 2 * DAY)
    step(paused, "hold", cast.actor("agent"), at=now - DAY, reason="customer", text="等客户")
    found = page(cast)
    assert figure(found, "进行中")[1] == "1" and figure(found, "当前超时")[1] == "0"


def test_the_numbers_of_the_board_open_to_their_duties(cast: Cast, walks: list[Walk]) -> None:
    found, asked = page(cast, "/office/board/"), machine.machine(cast, "manager")
    cells = re.findall(r'chip-(?:late|soon|done)" href="(/office/board/\w+/[^"]+)">(\d+)<', found)
    assert len(cells) >= 3
    for address, n in cells:
        assert len(re.findall(r'<th scope="row"><a class="serial"', page(cast, address))) == int(n), address
        items = asked.get(address.removeprefix("/office").rstrip("/")).json()["items"]
        assert len(items) == int(n), address
    late = asked.get("/board/all/all/late").json()["items"]
    assert {row["number"] for row in late} == {walks[3].case.number}
    assert walks[3].case.number in page(cast, "/office/board/clause/C4.2/late/")
    for wrong in ("moon/1/late", "team/x/late", "clause/C99/late", "person/1/moon", "all/all/late/?after=x"):
        assert (
            cast.client("manager")
            .get(f"/office/board/{wrong}".rstrip("/") + "/" * ("?" not in wrong))
            .status_code
            == 404
        )
    assert asked.get("/board/all/all/late?cursor=x").status_code == 422
    assert asked.get("/board/clause/C99/late").status_code == 404


def test_the_manual_defines_every_figure() -> None:
    root = Path(__file__).resolve().parents[2] / "docs"
    for language in ("zh", "en"):
        text = (root / language / "figures.md").read_text(encoding="utf-8")
        assert [
            k.name
            for k in figures.KPIS
            if f"| {k.title.to(language)} | {k.meaning.to(language)} |" not in text
        ] == []


def test_with_no_case_at_all_the_page_says_so(cast: Cast) -> None:
    found = page(cast)
    assert figure(found, "满意率（CSAT）")[1] == "–" and "暂无" in found or "尚无" in found
    assert "尚未统计" in found


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
