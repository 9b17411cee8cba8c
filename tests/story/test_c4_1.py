"""C4.1: a request by any channel gets one number and one timeline; everything said is kept."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.utils import timezone

from baoxiu.cases import links
from baoxiu.cases.models import Case, Content, JournalEntry, Outgoing
from baoxiu.intake import operations, queries
from baoxiu.people.models import Customer
from tests.faces.machine import machine
from tests.faces.portal import browser, filled
from tests.rooms.test_intake_import import CHINESE, GOOD, write
from tests.story import telling

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


# -- channels ----------------------------------------------------------------------------------


def by_phone(cast):
    client = cast.client("agent")
    form = next(
        f for f in telling.forms_of(client.get("/desk/phone/").content.decode()) if "problem" in f.values
    )
    said = {"channel": "phone", "problem": "洗衣机不排水", "phone": "13800138001", "name": "王女士"}
    client.post("/desk/phone/", {**form.values, **said})


def by_web_form(cast):
    browser().post("/request/", filled())


def by_label(cast):
    browser().post(f"/u/{cast.unit.qr_token}/request/", filled())


def by_api(cast):
    body = {"channel": "api", "problem": "洗衣机不排水", "phone": "13800138001", "name": "王女士"}
    assert machine(cast, "agent").post("/cases", body, Idempotency_Key="r").status_code == 201


@pytest.mark.parametrize(
    ("channel", "raise_request"),
    [("phone", by_phone), ("web", by_web_form), ("qr", by_label), ("api", by_api)],
)
def test_each_channel_makes_one_case_of_the_known_customer(cast, channel, raise_request):
    raise_request(cast)
    case = Case.objects.get()
    assert (case.channel, case.customer, case.stage) == (channel, cast.wang, "triage")
    assert case.number.startswith("BX-") and case.journal_count == 1
    assert set(case.duties.values_list("kind", flat=True)) == {"first_response", "triage"}
    assert Customer.objects.count() == 3  # nobody was doubled
    found = cast.client("agent").get("/desk/search/?q=洗衣机不排水")
    assert found.status_code in (200, 302) and case.number in (
        found.content.decode() + found.headers.get("Location", "")
    )


def test_a_file_of_requests_is_imported_and_found_at_the_desk(cast, tmp_path):
    list(operations.import_rows(write(tmp_path / "cases.csv.gz", GOOD, CHINESE), now=timezone.now()))
    assert set(Case.objects.values_list("channel", flat=True)) == {"email", "chat"}
    page = cast.client("agent").get("/desk/cases/").content.decode()
    assert all(number in page for number in Case.objects.values_list("number", flat=True))
    assert cast.client("manager").get("/desk/cases/?late=1").content.decode().count("BX-") == 0


def test_a_company_raises_requests_with_its_own_key_for_itself_only(cast):
    company = machine(cast, "liu")
    answer = company.post(
        "/cases",
        {"channel": "api", "problem": "设备停机", "name": "刘总", "reference": "PO-1"},
        Idempotency_Key="a",
    )
    assert answer.status_code == 201
    case = Case.objects.get()
    assert case.customer == cast.liu and case.owner == cast.staff["account_manager"]
    again = company.post(
        "/cases",
        {"channel": "api", "problem": "设备停机", "name": "刘总", "reference": "PO-1"},
        Idempotency_Key="b",
    )
    assert again.json()["number"] == case.number and Case.objects.count() == 1
    other = {"channel": "api", "problem": "x", "name": "y", "customer_id": cast.wang.pk}
    assert company.post("/cases", other, Idempotency_Key="c").status_code == 422


# -- recognised, acknowledged, not twice -------------------------------------------------------


def test_the_caller_is_recognised_while_the_number_is_typed(cast):
    by_phone(cast)
    case = Case.objects.get()
    page = cast.client("agent").get("/desk/phone/caller/?phone=138 0013 8001", headers={"hx-request": "true"})
    html = page.content.decode()
    assert "王女士" in html and "SN-NEW-1" in html and case.number in html
    unknown = cast.client("agent").get(
        "/desk/phone/caller/?phone=13999999999", headers={"hx-request": "true"}
    )
    assert "王女士" not in unknown.content.decode()


def test_a_duplicate_is_offered_and_merging_keeps_everything(tell, cast):
    first = tell()
    second = tell(problem="洗衣机还是不排水")
    [hint] = queries.duplicates(cast.actor("agent"), second.case, now=timezone.now())
    assert hint.case == first.case and {"phone", "unit"} <= set(hint.reasons)
    second.take("agent", "note", text="客户很着急")
    second.take("agent", "merge", into=first.number)
    merged = second.case
    assert merged.stage == "merged" and merged.merged_into == first.case and not merged.is_open
    assert second.steps == ["register", "note", "merge"] and first.stage == "triage"
    assert second.is_sound() and first.is_sound()


@pytest.mark.parametrize(("language", "word"), [("zh", "已收到"), ("en", "registered")])
def test_the_acknowledgement_goes_out_in_the_customers_language(tell, cast, language, word):
    story = tell(language=language)
    letter = story.letter("register")
    assert letter.recipient == "wang@example.com" and story.number in letter.subject + letter.body
    assert word in (letter.subject + letter.body).lower()
    assert browser().get(story.address("track")).status_code == 200


# -- the conversation --------------------------------------------------------------------------


def test_every_word_in_and_out_stands_on_one_timeline(tell, cast):
    story = tell()
    story.take("agent", "reply", text="您好，正在处理")
    assert "first_response" not in story.owed
    story.take("customer", "message", text="请尽快")
    assert "response" in story.owed
    story.take("agent", "call", text="已电话安抚", direction="out")
    assert "response" not in story.owed
    story.take("agent", "note", text="只给同事看")
    story.take("customer", "chase")
    assert "chase" in story.owed
    story.take("agent", "reply", text="已加急")
    assert "chase" not in story.owed
    page = story.page("agent")
    for said in ("洗衣机不排水", "您好，正在处理", "请尽快", "已电话安抚", "只给同事看", "已加急"):
        assert said in page
    track = browser().get(story.address("track")).content.decode()
    assert "您好，正在处理" in track and "只给同事看" not in track
    assert (
        story.steps == ["register", "reply", "message", "call", "note", "chase", "reply"] and story.is_sound()
    )


def test_what_is_wrong_on_record_is_corrected_with_a_reason(tell, cast):
    story = tell()
    story.cannot("agent", "correct", phone="12", reason="客户更正")
    story.take("agent", "correct", phone="13912345678", name="王小姐", reason="客户更正")
    assert (story.case.contact_phone, story.case.contact_name) == ("+8613912345678", "王小姐")
    assert Content.objects.get(entry=JournalEntry.objects.get(case=story.case, step="correct")).words[
        "reason"
    ]
    assert story.is_sound()


def test_a_hold_stops_the_clocks_and_resuming_moves_them(tell, cast):
    story = tell()
    due = {d.kind: d.due_at for d in story.case.duties.filter(outcome="open")}
    story.take("agent", "hold", reason="customer", text="等客户照片")
    story.cannot("agent", "triage")
    story.take("agent", "resume")
    after = {d.kind: d.due_at for d in story.case.duties.filter(outcome="open")}
    assert all(after[kind] >= due[kind] for kind in due) and story.is_sound()


# -- nobody outside learns anything ------------------------------------------------------------


def test_a_stranger_with_a_known_number_is_told_nothing_about_the_customer(cast):
    """孙某 types 王女士's number into the public form."""
    known = browser().post("/request/", filled(name="孙某"), follow=True)
    cache.clear()
    unknown = browser().post("/request/", filled(name="孙某", phone="13900000000"), follow=True)
    for page in (known, unknown):
        assert page.status_code == 200 and "王女士" not in page.content.decode()
    case = Case.objects.order_by("id").first()
    track = browser().get("/t/" + _track_token(case) + "/").content.decode()
    assert "王女士" not in track and "wang@example.com" not in track and "SN-NEW-1" not in track
    assert not Outgoing.objects.filter(recipient="wang@example.com").exists()


def _track_token(case):
    return links.token_of(case.links.get(purpose="track"))


@pytest.mark.parametrize("who", ["dispatcher", "stock_keeper", "administrator"])
def test_others_do_not_register(cast, who):
    answer = cast.client(who).post("/desk/phone/", {"channel": "phone", "problem": "x", "name": "y"})
    assert answer.status_code in (403, 422)
    said = {"channel": "phone", "problem": "x", "name": "y"}
    assert machine(cast, who).post("/cases", said, Idempotency_Key="k").status_code in (403, 422)
    assert not Case.objects.exists()
