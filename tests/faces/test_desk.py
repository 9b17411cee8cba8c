"""The desk through HTTP: what each role sees, what a page costs, what bad input gets."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from django.utils import timezone

from baoxiu.cases.models import Case, JournalEntry
from baoxiu.faces.desk import cases as list_page
from baoxiu.lib import csvsafe
from tests.conftest import Cast
from tests.faces.desk import DAY, HOUR, MINUTE, opened, step

HTMX = {"HTTP_HX_REQUEST": "true"}
SIGN_IN = 2  # session and user


@pytest.fixture
def now() -> dt.datetime:
    """The views read the clock; cases are made around it."""
    return timezone.now()


def text(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined]


# -- who sees what --------------------------------------------------------------------------

PAGES = [
    "/desk/",
    "/desk/rows/",
    "/desk/cases/",
    "/desk/search/?q=x",
    "/desk/phone/",
    "/desk/export/",
    "/desk/cases/export/",
]


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("who", ["agent", "dispatcher", "account_manager", "manager"])
def test_the_desk_opens_for_those_who_work_at_it(cast: Cast, address: str, who: str) -> None:
    assert cast.client(who).get(address).status_code == 200


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("who", ["engineer", "station_head", "stock_keeper", "administrator"])
def test_it_stays_closed_for_everybody_else(cast: Cast, address: str, who: str) -> None:
    assert cast.client(who).get(address).status_code == 403


def test_it_asks_strangers_to_sign_in(client, db: None) -> None:
    assert client.get("/desk/").status_code == 302


@pytest.mark.parametrize("part", ["", "glance/", "timeline/", "entitlement/", "messages/", "note/"])
def test_an_account_manager_reaches_the_own_customers_cases_only(
    cast: Cast, now: dt.datetime, part: str
) -> None:
    own, other = opened(cast, cast.liu, at=now), opened(cast, at=now)
    client = cast.client("account_manager")
    assert client.get(f"/desk/cases/{own.number}/{part}").status_code == 200
    assert client.get(f"/desk/cases/{other.number}/{part}").status_code == 404
    assert client.get(f"/desk/cases/BX-0000-000000/{part}").status_code == 404


def test_a_list_shows_an_account_manager_nothing_of_others(cast: Cast, now: dt.datetime) -> None:
    opened(cast, at=now, problem="王女士的洗衣机")
    opened(cast, cast.liu, at=now, problem="刘总的打印机")
    client = cast.client("account_manager")
    for address in ("/desk/?view=team", "/desk/cases/", "/desk/search/?q=的洗", "/desk/cases/export/"):
        body = b"".join(client.get(address)).decode()
        assert "王女士的洗衣机" not in body
    assert "刘总的打印机" in text(client.get("/desk/?view=team"))


# -- inbox ----------------------------------------------------------------------------------


def test_the_inbox_says_what_is_owed_under_which_clause_and_how_late(cast: Cast, now: dt.datetime) -> None:
    case = opened(cast, at=now - 3 * HOUR)
    page = text(cast.client("agent").get("/desk/"))
    for words in (
        "首次响应",
        "C4.2",
        case.number,
        "洗衣机不排水",
        "王女士",
        "SN-NEW-1",
        "超时 2 小时",
        "chip-late",
    ):
        assert words in page


@pytest.mark.parametrize("count", [3, 40])
def test_the_inbox_costs_the_same_however_full(
    cast: Cast, now: dt.datetime, count: int, django_assert_max_num_queries
) -> None:
    for i in range(count):
        opened(cast, at=now - i * MINUTE)
    client = cast.client("agent")
    client.get("/desk/")
    with django_assert_max_num_queries(SIGN_IN + 4):  # rows, counts, owners, registrations to check
        client.get("/desk/?view=team")
    with django_assert_max_num_queries(SIGN_IN + 2):
        client.get("/desk/rows/?view=team")


def test_the_inbox_pages_on_and_keeps_its_view(cast: Cast, now: dt.datetime) -> None:
    for i in range(14):
        opened(cast, at=now - i * MINUTE)
    client = cast.client("agent")
    first = text(client.get("/desk/?view=team"))
    following = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = text(client.get("/desk/" + following))
    assert first.count("data-row=") == 25
    assert second.count("data-row=") == 3
    assert "hx-trigger" not in second.split('id="rows"')[1].split(">")[0]


def test_polling_gets_304_until_something_can_be_seen(cast: Cast, now: dt.datetime) -> None:
    case = opened(cast, at=now - DAY)
    client = cast.client("agent")
    fresh = client.get("/desk/rows/?view=team")
    tag = fresh["ETag"]
    same = client.get("/desk/rows/?view=team", HTTP_IF_NONE_MATCH=tag)
    assert (same.status_code, same.content) == (304, b"")
    step(case, "reply", cast.actor("agent"), at=timezone.now(), text="马上处理")
    changed = client.get("/desk/rows/?view=team", HTTP_IF_NONE_MATCH=tag)
    assert changed.status_code == 200
    assert 'hx-swap-oob="true"' in text(changed)
    assert (
        client.get("/desk/rows/?view=team", HTTP_IF_NONE_MATCH=tag, HTTP_ACCEPT_LANGUAGE="en").status_code
        == 200
    )


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/desk/?view=moon", 404),
        ("/desk/?after=x", 400),
        ("/desk/?after=99999999T000000.0-1", 400),
        ("/desk/cases/?after=1-1", 400),
        ("/desk/cases/?stage=moon", 400),
        ("/desk/cases/?owner=%00", 400),
        ("/desk/cases/?from=2026-02-30", 400),
        ("/desk/cases/?nonsense=1", 400),
        ("/desk/cases/export/?priority=9", 400),
        ("/desk/search/?q=%00%ff&before=-1", 200),
        ("/desk/search/?q=" + "漏" * 3000, 200),
        ("/desk/search/?q='\" OR 1=1 --* NEAR(", 200),
        ("/desk/phone/?phone=%F0%9F%93%9E", 200),
    ],
)
def test_bad_addresses_get_a_sentence_not_a_crash(cast: Cast, address: str, status: int) -> None:
    assert cast.client("agent").get(address).status_code == status


def test_a_wrong_filter_is_named(cast: Cast) -> None:
    assert "阶段" in text(cast.client("agent").get("/desk/cases/?stage=moon")).split('role="alert"')[1]


# -- lists and CSV --------------------------------------------------------------------------


def test_the_list_costs_the_same_however_long(
    cast: Cast, now: dt.datetime, django_assert_max_num_queries
) -> None:
    for i in range(60):
        opened(cast, at=now - i * MINUTE)
    client = cast.client("agent")
    client.get("/desk/")
    with django_assert_max_num_queries(SIGN_IN + 3):
        page = text(client.get("/desk/cases/?status=open"))
    assert page.count("data-row=") == 25
    assert 'rel="next"' in page


def rows_of(answer: object) -> list[list[str]]:
    body = b"".join(answer).decode()  # type: ignore[call-overload]
    assert body.startswith(csvsafe.BOM)
    return list(csv.reader(io.StringIO(body.removeprefix(csvsafe.BOM))))


EVIL = ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "＝1", "  =1", "'=1", "\t=1", 'a"b,c', "=cmd|' /C calc'!A0"]


def test_no_cell_of_the_csv_is_a_formula_and_each_reads_back(cast: Cast, now: dt.datetime) -> None:
    for subject in EVIL:
        opened(cast, at=now, subject=subject)
    table = rows_of(cast.client("agent").get("/desk/cases/export/"))
    assert table[0][:2] == ["单号", "标题"] or table[0][0] == "单号"
    cells = [row[1] for row in table[1:]]
    assert not [c for c in cells if c.lstrip(" ")[:1] in "=+-@\t\r＝＋－＠" and not c.startswith("'")]
    assert {csvsafe.restored(c) for c in cells} == set(EVIL)


@pytest.mark.parametrize("value", [*EVIL, "", "普通", "'", "''x", "=\r\n1", None, 5, -5])
def test_a_safe_cell_gives_back_what_went_in(value: object) -> None:
    written = "".join(csvsafe.lines([[value]])).removeprefix(csvsafe.BOM)
    (row,) = csv.reader(io.StringIO(written, newline=""))
    assert csvsafe.restored(row[0] if row else "") == ("" if value is None else str(value))


def test_the_csv_speaks_the_readers_language_masks_phones_and_says_where_it_stops(
    cast: Cast, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        opened(cast, at=now)
    monkeypatch.setattr(list_page, "EXPORT_ROWS", 2)
    english = rows_of(cast.client("agent").get("/desk/cases/export/", HTTP_ACCEPT_LANGUAGE="en"))
    assert english[0][0] == "Number"
    assert len(english) == 4
    assert "2" in english[3][0]
    assert "13800138001" not in str(english)


def test_the_inbox_can_be_taken_away_too(cast: Cast, now: dt.datetime) -> None:
    opened(cast, at=now)
    table = rows_of(cast.client("agent").get("/desk/export/?view=team"))
    assert [row[1] for row in table] == ["应办事项", "首次响应", "初步判断"]


# -- ownership ------------------------------------------------------------------------------


def test_marked_cases_are_given_away_and_each_refusal_is_said(cast: Cast, now: dt.datetime) -> None:
    free, own = opened(cast, at=now, owner=None), opened(cast, at=now)
    data = {"number": [free.number, own.number], "owner": cast.staff["agent"].pk, "next": "/desk/?view=late"}
    answer = cast.client("manager").post("/desk/ownership/", data)
    assert (answer.status_code, answer["Location"]) == (303, "/desk/?view=late")
    page = text(cast.client("manager").get("/desk/"))
    assert "已更换 1 单的负责人" in page
    assert own.number in page
    free.refresh_from_db()
    assert free.owner == cast.staff["agent"]
    assert JournalEntry.objects.filter(case=free, step="take_over").exists()


@pytest.mark.parametrize("owner", ["", "0x1", "９", "99999999999999999999", "-1", "abc"])
def test_nonsense_gives_nothing_away(cast: Cast, now: dt.datetime, owner: str) -> None:
    case = opened(cast, at=now, owner=None)
    answer = cast.client("manager").post(
        "/desk/ownership/", {"number": case.number, "owner": owner, "next": "//evil.example/"}
    )
    assert (answer.status_code, answer["Location"]) == (303, "/desk/")
    case.refresh_from_db()
    assert case.owner_id is None


# -- search ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query", ["排水", "王女士", "SN-NEW-1", "138 0013 8001", "+86-138-0013-8001", "1380013"]
)
def test_it_finds_a_case_by_any_word_of_it(cast: Cast, now: dt.datetime, query: str) -> None:
    first, second = opened(cast, at=now), opened(cast, at=now)
    page = text(cast.client("agent").get("/desk/search/", {"q": query}))
    assert first.number in page
    assert second.number in page


def test_a_number_or_a_phone_with_one_case_leads_straight_there(cast: Cast, now: dt.datetime) -> None:
    case, other = opened(cast, at=now), opened(cast, cast.liu, at=now)
    client = cast.client("agent")
    for query in (case.number, case.number.lower(), "13800138001", " 138-0013-8001 "):
        assert client.get("/desk/search/", {"q": query})["Location"] == f"/desk/cases/{case.number}/"
    assert client.get("/desk/search/", {"q": other.number})["Location"].endswith(f"{other.number}/")
    assert cast.client("account_manager").get("/desk/search/", {"q": case.number}).status_code == 200


def test_a_short_number_is_enough(cast: Cast, now: dt.datetime) -> None:
    case = opened(cast, at=now, number=f"BX-{now:%y%m}-000777")
    assert case.number in text(cast.client("agent").get("/desk/search/?q=777"))


def test_the_box_gets_its_first_hits_while_typing(cast: Cast, now: dt.datetime) -> None:
    case = opened(cast, at=now)
    answer = cast.client("agent").get("/desk/search/", {"q": "排水"}, **HTMX)
    assert case.number in text(answer)
    assert "<html" not in text(answer)
    assert Case.objects.count() == 1
