"""C3.2: price lists in the office and over the API; quotes made from them at the desk, in the field and by the customer."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from baoxiu.charges.models import Consent, PriceItem, PriceList, Quote
from tests.conftest import NOW
from tests.faces.machine import machine, problem
from tests.faces.portal import browser, page_of
from tests.rooms.test_prices import ROWS, diagnosed, item, prices
from tests.rooms.walking import SIGNATURE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


def test_a_list_is_drafted_compared_and_published(cast, django_assert_max_num_queries):
    boss = cast.client("manager")
    at = boss.post("/office/prices/new/", {"currency": "CNY"}).headers["Location"]
    boss.post(
        f"{at}head/", {"tax_included": "on", "tax_rate": "13", "minimum": "50", "approval_above": "500"}
    )
    assert boss.post(f"{at}row/", {**ROWS[0], "unit": "job"}).headers["Location"] == at
    wrong = boss.post(f"{at}row/", {**ROWS[0], "unit": "job"})
    assert wrong.status_code == 422 and "已有其他项目" in wrong.text
    assert boss.post(f"{at}row/", {**ROWS[1], "price": "-1"}).status_code == 422
    assert boss.post(f"{at}publish/", {}).headers["Location"] == at
    again = boss.post("/office/prices/new/", {"currency": "CNY"}).headers["Location"]
    row = PriceItem.objects.get(price_list__status="draft")
    boss.post(f"{again}row/{row.pk}/", {**ROWS[0], "unit": "job", "price": "150"})
    with django_assert_max_num_queries(10):
        page = boss.get(again).text
    assert "¥120.00" in page and "¥150.00" in page and "+25%" in page
    assert "生效中" in boss.get("/office/prices/").text
    boss.post(f"{again}row/{row.pk}/remove/")
    boss.post(f"{again}discard/")
    assert PriceList.objects.get().status == "published"


def test_a_row_of_another_list_is_not_there(cast, now):
    one, two = prices(cast, now), prices(cast, now, currency="EUR")
    boss = cast.client("manager")
    assert boss.get(f"/office/prices/{one.pk}/row/{two.items.first().pk}/").status_code == 404
    assert "不可更改" in boss.post(f"/office/prices/{one.pk}/row/", {**ROWS[0], "unit": "job"}).text


@pytest.mark.parametrize("who", ["agent", "dispatcher", "account_manager", "administrator"])
def test_others_read_and_see_no_button(cast, now, who):
    made = prices(cast, now)
    page = cast.client(who).get(f"/office/prices/{made.pk}/")
    assert page.status_code == 200 and "排水泵" in page.text and "/publish/" not in page.text
    assert cast.client(who).post(f"/office/prices/{made.pk}/discard/").status_code == 403


def test_hostile_names_stand_as_they_are(cast, now):
    """Attack case C02."""
    bad = '<script>alert(1)</script>{{7*7}}"><img src=x onerror=1>'
    made = prices(cast, now, rows=[{**ROWS[0], "name": bad, "zone": bad[:100]}])
    page = cast.client("manager").get(f"/office/prices/{made.pk}/").text
    assert "<script>alert" not in page and "<img src=x" not in page and "{{7*7}}" in page


# -- quoting -----------------------------------------------------------------------------------


def quote_form(**more):
    return {
        "currency": "CNY",
        "valid_days": "14",
        "text": "",
        "key": "k1",
        "lines-0-item": "P-PUMP",
        "lines-0-quantity": "1",
        **more,
    }


def live(cast, **head):
    """A list that holds whatever the clock of the pages says."""
    made = prices(cast, NOW, **head)
    PriceList.objects.update(in_force_from=NOW.replace(year=2020))
    return made


def test_the_form_offers_the_rows_and_begins_with_the_right_ones(cast, now):
    live(cast)
    walk = diagnosed(cast, now)
    page = cast.client("engineer").get(f"/field/jobs/{walk.case.number}/quote/").text
    assert '<option value="P-PUMP"' in page and '<option value="L-REPL" selected' in page
    page = cast.client("agent").get(reverse("desk:step", args=[walk.case.number, "quote"])).text
    assert '<option value="L-REPL" selected' in page


def test_without_a_price_list_lines_are_written_by_hand(cast, now):
    walk = diagnosed(cast, now)
    page = cast.client("engineer").get(f"/field/jobs/{walk.case.number}/quote/").text
    assert "lines-0-price" in page and "lines-0-item" not in page


def test_a_large_quote_goes_to_the_manager_from_the_same_form(cast, now):
    live(cast, approval_above="100")
    walk = diagnosed(cast, now)
    at = f"/field/jobs/{walk.case.number}/quote/"
    engineer = cast.client("engineer")
    for _double_click in range(2):
        assert engineer.post(at, quote_form(**{"lines-0-quantity": "2"})).status_code == 302
    quote = Quote.objects.get()
    assert (quote.status, quote.total, quote.case.stage) == ("draft", 171, "quote_approval")
    desk = reverse("desk:case", args=[walk.case.number])
    page = cast.client("manager").get(desk).text
    assert "待审批" in page and "quote-approval/" in page
    approve = reverse("desk:step", args=[walk.case.number, "quote-approval"])
    assert cast.client("manager").post(approve, {"version": "1", "key": "a"}).status_code == 302
    page = cast.client("agent").get(desk).text
    assert "待客户答复" in page and "陈主管 审批" in page


def test_what_is_wrong_with_a_line_is_said_and_kept(cast, now):
    live(cast)
    walk = diagnosed(cast, now)
    answer = cast.client("engineer").post(
        f"/field/jobs/{walk.case.number}/quote/",
        quote_form(**{"lines-0-price": "5", "lines-0-text": "便宜点"}),
    )
    assert answer.status_code == 422 and "价格以价目表为准" in answer.text and "便宜点" in answer.text


def test_the_timeline_says_the_total(cast, now):
    walk = diagnosed(cast, now)
    walk.step("quote", lines=[{"text": "泵", "price": "1234.5"}])
    page = cast.client("agent").get(reverse("desk:case", args=[walk.case.number])).text
    line = page[page.index('class="timeline-list"') :]
    assert "¥1,234.50" in line


def test_the_customer_chooses_an_option_and_signs(cast, now):
    walk = diagnosed(cast, now)
    walk.step("quote", valid_days=90, lines=[
        {"text": "原厂泵", "price": "200", "option": "A"}, {"text": "翻新泵", "price": "90", "option": "B"},
        {"text": "变速箱", "price": "800", "free": True, "reason": "statute"},
    ])  # fmt: skip
    at = page_of(walk.case, "quote")
    page = browser().get(at).text
    assert "方案A" in page and "费用为¥90.00" in page and "法定免费" in page and "data-sign" in page
    fields = {"key": "q1", "version": 1, "name": "王女士", "signature": SIGNATURE}
    assert browser().post(f"{at}accept/", fields).status_code == 422
    assert browser().post(f"{at}accept/", {**fields, "option": "Z"}).status_code == 422
    assert browser().post(f"{at}accept/", {**fields, "option": "B"}).status_code == 302
    consent = Consent.objects.get()
    assert (consent.agreed, consent.is_signed, consent.way) == (90, True, "link")
    assert "方案B" in cast.client("agent").get(reverse("desk:case", args=[walk.case.number])).text


def test_the_api_drafts_publishes_quotes_and_tells(cast, now):
    boss, engineer = machine(cast, "manager"), machine(cast, "engineer")
    made = boss.post("/price-lists", {"currency": "CNY"}).json()
    at = f"/price-lists/{made['id']}"
    assert len(boss.send("PUT", f"{at}/items", {"items": ROWS}).json()["items"]) == 4
    head = boss.send("PUT", at, {"tax_rate": "13", "approval_above": "300"}).json()
    assert head["approval_above"] == "300.00"
    problem(engineer.post(f"{at}/publication"), 403)
    assert boss.post(f"{at}/publication").json()["status"] == "published"
    problem(boss.send("PUT", f"{at}/items", {"items": []}), 422)
    assert [c["kind"] for c in engineer.get(f"{at}/changes").json()["items"]] == ["added"] * 4
    PriceList.objects.update(in_force_from=now)
    walk = diagnosed(cast, now)
    case = f"/cases/{walk.case.number}"
    dear = {"lines": [item("P-PUMP", quantity="4")]}
    assert problem(engineer.post(f"{case}/quote", dear), 422)["code"] == "needs_approval"
    assert engineer.post(f"{case}/quote-submission", dear).json()["stage"] == "quote_approval"
    problem(engineer.post(f"{case}/quote-approval", {"version": 1}), 403)
    assert boss.post(f"{case}/quote-approval", {"version": 1}).json()["extra"]["total"] == "342.00"
    quote = engineer.get(f"{case}/quotes").json()["items"][0]
    assert (quote["status"], quote["sums"][""]["total"], quote["lines"][0]["item"]) == (
        "sent",
        "342.00",
        "P-PUMP",
    )
    assert boss.send("DELETE", f"/price-lists/{boss.post('/price-lists').json()['id']}").status_code == 204


# -- as a table ----------------------------------------------------------------------------------


def test_a_list_goes_out_and_comes_back_as_a_draft_all_rows_or_none(cast, now):
    made = prices(cast, now, rows=[{**ROWS[0], "name": "=HYPERLINK(1)"}, ROWS[1]])
    boss = cast.client("manager")
    sheet = boss.get(f"/office/prices/{made.pk}/prices.csv").content.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in sheet and ",=HYP" not in sheet
    at = f"/office/prices/{made.pk}/upload/"

    def send(text):
        return boss.post(at, {"file": SimpleUploadedFile("p.csv", text.encode(), "text/csv")})

    head, *lines = sheet.splitlines()
    first = next(line for line in lines if "120.00" in line)
    code = first.split(",")[0]
    wrong = send(f"{head}\n{first}\n{first}\n{first.replace(code, 'X', 1).replace('120.00', 'viel')}\n")
    assert (
        wrong.status_code == 422
        and "第1行重复" in wrong.text
        and ">3<" in wrong.text
        and "price" in wrong.text
    )
    assert send("code;name\nA;B\n").status_code == 422 and boss.post(at, {}).status_code == 422
    assert not PriceList.objects.filter(status="draft").exists(), "nothing was changed"
    landed = send(sheet.replace("120.00", "150.00")).headers["Location"]
    draft = PriceList.objects.get(status="draft")
    assert landed == f"/office/prices/{draft.pk}/" and "¥150.00" in boss.get(landed).text
    assert {i.name for i in draft.items.all()} == {i.name for i in made.items.all()}, (
        "formulas come back as written"
    )
    assert cast.client("agent").post(at).status_code == 403


def test_the_same_over_the_api(cast, now):
    made, boss = prices(cast, now), machine(cast, "manager")
    assert boss.get(f"/price-lists/{made.pk}/prices.csv").content.startswith(b"\xef\xbb\xbfcode,")
    rows = [{"code": "A", "name": "检测", "price": "60"}, {"code": "A", "name": "上门", "price": "x"}]
    said = boss.post(f"/price-lists/{made.pk}/rows", {"rows": rows}).json()
    assert said["draft"] is None and [(r["row"], r["column"]) for r in said["refused"]] == [(2, "price")]
    said = boss.post(f"/price-lists/{made.pk}/rows", {"rows": rows[:1]}).json()
    draft = PriceList.objects.get(status="draft")
    assert (said["draft"], said["rows"], draft.items.get().code) == (draft.pk, 1, "A")
    problem(boss.post(f"/price-lists/{made.pk}/rows", {"rows": [{"code": "A"}]}), 422)
