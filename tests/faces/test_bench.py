"""C4.4b, C4.5: the bench: columns, scan box, one product from receipt to the parcel back."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.utils import timezone

from baoxiu.cases.models import Attachment, Case, JournalEntry
from tests.conftest import Cast
from tests.faces.portal import CANARY, CONTROL, LONG, picture
from tests.rooms import walking
from tests.rooms.walking import Walk

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.ATTACHMENTS = tmp_path


def begin(cast: Cast, names: str = "", **more) -> Walk:
    walk = walking.begin(cast, timezone.now() - dt.timedelta(hours=6), **more).steps("triage")
    walk.step("confirm", venue="depot")
    return walk.steps("assign_station " + names)


def at(walk: Walk, noun: str = "") -> str:
    return f"/bench/cases/{walk.case.number}/" + (f"{noun}/" if noun else "")


def take(walk: Walk, noun: str, who: str = "station_head", key: str = "", **fields):
    answer = walk.cast.client(who).post(
        at(walk, noun), {"key": key or f"b-{noun}-{timezone.now().timestamp()}", **fields}
    )
    walk.case = Case.objects.get(pk=walk.case.pk)
    return answer


def queue(cast: Cast, who: str = "station_head", q: str = "") -> str:
    return cast.client(who).get("/bench/", {"q": q} if q else {}).text


def column(page: str, title: str) -> str:
    return re.search(rf'<section aria-label="{title}">.*?</section>', page, re.S)[0]


# -- the queue ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "title"),
    [
        ("", "在途"), ("receive", "已收件"), ("receive take_on", "维修中"), ("receive take_on diagnose quote", "待客户同意"),
        ("receive take_on diagnose wait_parts", "待料"), ("receive take_on diagnose condemn", "待寄出"),
        ("receive take_on diagnose condemn ship_out", "寄回途中"),
    ],
)  # fmt: skip
def test_each_product_stands_in_its_column(cast: Cast, names: str, title: str):
    walk = begin(cast, names, unit="old")
    page = queue(cast)
    assert walk.case.number in column(page, title) and page.count(walk.case.number) == 2  # address and number


def test_an_empty_bench_still_shows_its_columns(cast: Cast):
    assert queue(cast).count("暂无") == 7


def test_another_stations_bench_is_not_mine(cast: Cast):
    walk = begin(cast, "receive")
    assert walk.case.number not in queue(cast, "station_head2")
    for noun in ("", "label", "bench", "note"):
        assert cast.client("station_head2").get(at(walk, noun)).status_code == 404
    assert take(walk, "bench", "station_head2", engineer=cast.staff["engineer"].pk).status_code == 404


def test_an_engineer_sees_what_lies_on_his_own_bench(cast: Cast):
    mine, not_yet = begin(cast, "receive take_on"), begin(cast, "receive", problem="别人的")
    page = queue(cast, "engineer")
    assert mine.case.number in page and not_yet.case.number not in page
    assert cast.client("engineer").get(at(not_yet)).status_code == 404


def test_a_stock_keeper_sees_only_what_waits_for_parts(cast: Cast):
    waiting, other = (
        begin(cast, "receive take_on diagnose wait_parts"),
        begin(cast, "receive", problem="别的"),
    )
    page = queue(cast, "stock_keeper")
    assert waiting.case.number in page and other.case.number not in page and page.count("<section") == 1
    assert cast.client("stock_keeper").get(at(other)).status_code == 404
    assert cast.client("stock_keeper").get(at(waiting, "label")).status_code == 403
    assert take(waiting, "parts-arrival", "stock_keeper").status_code == 302 and waiting.stage == "repair"


def test_contact_details_do_not_lie_on_the_bench(cast: Cast):
    walk = begin(cast, "receive take_on diagnose wait_parts", name="王女士", phone="13800138001", email=f"{CANARY}@example.com".lower(),
                 address={"street": f"{CANARY}路1号"})  # fmt: skip
    walk.step("correct", by="agent", reason="x", phone="13800138009")
    for who in ("station_head", "engineer", "stock_keeper"):
        page = cast.client(who).get(at(walk)).text
        assert not any(secret in page for secret in ("13800138001", "13800138009", CANARY.lower(), CANARY))


@pytest.mark.parametrize("who", ["agent", "dispatcher", "manager", "administrator", "account_manager"])
def test_the_bench_is_for_the_station(cast: Cast, who: str):
    walk = begin(cast)
    for path in ("/bench/", at(walk), at(walk, "receipt"), at(walk, "label")):
        assert cast.client(who).get(path).status_code == 403


def test_the_queue_needs_few_queries(cast: Cast, django_assert_max_num_queries):
    for names in ("", "receive", "ship_in", "receive take_on"):
        begin(cast, names)
    queue(cast)
    with django_assert_max_num_queries(7):
        queue(cast)


def test_an_on_site_job_is_not_a_matter_of_the_bench(cast: Cast):
    walk = walking.begin(cast, timezone.now() - dt.timedelta(hours=6)).steps("triage confirm assign")
    assert cast.client("engineer").get(at(walk)).status_code == 404


# -- scanning ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["number", "lower", "tracking", "serial"])
def test_scanning_opens_the_case(cast: Cast, what: str):
    walk = begin(cast, "ship_in")
    text = {
        "number": walk.case.number,
        "lower": f"  {walk.case.number.lower()} ",
        "tracking": "SF100",
        "serial": "SN-NEW-1",
    }[what]
    answer = cast.client("station_head").get("/bench/", {"q": text})
    assert answer.status_code == 302 and answer.url == at(walk)


def test_several_with_one_serial_are_listed(cast: Cast):
    walks = [begin(cast), begin(cast, problem="又坏了")]
    page = queue(cast, q="SN-NEW-1")
    assert all(page.count(at(walk)) == 2 for walk in walks)


@pytest.mark.parametrize("text", ["nothing", "' OR 1=1 --", CONTROL, LONG, "%", "9" * 400])
def test_what_is_not_found_is_said(cast: Cast, text: str):
    begin(cast)
    answer = cast.client("station_head").get("/bench/", {"q": text})
    assert answer.status_code == 200 and "您的站点没有" in answer.text


def test_another_stations_number_is_not_found_by_scanning(cast: Cast):
    walk = begin(cast, "ship_in")
    for text in (walk.case.number, "SF100", "SN-NEW-1"):
        assert "您的站点没有" in queue(cast, "station_head2", q=text)


# -- one product ------------------------------------------------------------------------------------------------


def test_the_whole_repair_on_the_bench_without_a_script(cast: Cast):
    walk = begin(cast, "ship_in", unit="old")
    found = {"symptom": "drain", "cause": "wear", "remedy": "replace_part", "fault": "quality"}
    line = {
        "lines-0-kind": "part",
        "lines-0-text": "排水泵",
        "lines-0-quantity": "1",
        "lines-0-price": "120",
        "currency": "CNY",
        "valid_days": "14",
    }
    steps = [
        ("receipt", "station_head", {"condition": "外壳有划痕", "accessories": "电源线", "files-upload": picture()}, "repair"),
        ("bench", "station_head", {"engineer": cast.staff["engineer"].pk}, "repair"),
        ("diagnosis", "engineer", found, "repair"), ("quote", "engineer", line, "consent"),
    ]  # fmt: skip
    for noun, who, fields, stage in steps:
        answer = take(walk, noun, who, **fields)
        assert answer.status_code == 302 and walk.stage == stage, (
            noun,
            re.findall(r"field-error[^<]*", answer.text),
        )
    walk.step("accept_quote")
    for noun, who, fields, stage in [
        ("work-start", "engineer", {}, "repair"), ("replacement", "engineer", {"new_serial": "SN-777", "text": "换机"}, "repair"),
        ("test", "engineer", {"text": "空载运行"}, "handover"),
        ("outbound-parcel", "station_head", {"carrier": "顺丰", "tracking": "SF200"}, "handover"),
        ("delivery", "station_head", {}, "followup"),
    ]:  # fmt: skip
        answer = take(walk, noun, who, **fields)
        assert answer.status_code == 302 and walk.stage == stage, (
            noun,
            re.findall(r"field-error[^<]*", answer.text),
        )
    assert (
        walk.case.unit.serial == "SN-777"
        and Attachment.objects.get().entry.step == "receive"
        and walk.is_sound()
    )


def test_the_page_tells_condition_findings_work_and_the_quote(cast: Cast):
    walk = begin(cast, "ship_in receive take_on diagnose quote", unit="old")
    page = cast.client("station_head").get(at(walk)).text
    assert all(words in page for words in ("外壳有划痕", "SF100", "不排水", "¥120.00", "待客户答复"))


def test_what_was_received_goes_onto_somebodys_bench_first(cast: Cast):
    walk = begin(cast, "receive")
    page = cast.client("station_head").get(at(walk)).text
    assert re.search(r'class="btn btn-primary" href="([^"]+)"', page)[1] == at(walk, "bench")
    walk.step("take_on")
    page = cast.client("engineer").get(at(walk)).text
    assert re.search(r'class="btn btn-primary" href="([^"]+)"', page)[1] == at(walk, "diagnosis")


def test_a_customer_may_collect_at_the_station(cast: Cast):
    walk = begin(cast, "receive take_on diagnose start_work work pass_test")
    assert take(walk, "collection", signer="王女士").status_code == 302 and walk.stage == "followup"


def test_only_an_engineer_of_the_station_is_offered_for_the_bench(cast: Cast):
    walk = begin(cast, "receive")
    page = cast.client("station_head").get(at(walk, "bench")).text
    assert "张工" in page and "钱工" not in page
    assert take(walk, "bench", engineer=cast.staff["engineer2"].pk).status_code == 422


def test_the_label_names_sender_and_receiver(cast: Cast):
    walk = begin(
        cast,
        "receive",
        name="王女士",
        phone="13800138001",
        address={"province": "上海市", "street": "天钥桥路10号"},
    )
    page = cast.client("station_head").get(at(walk, "label")).text
    assert all(
        words in page
        for words in ("王女士", "+86 138 0013 8001", "天钥桥路10号", "上海一站", walk.case.number, "<svg")
    )


def test_a_double_click_counts_once(cast: Cast):
    walk = begin(cast)
    for _n in range(2):
        assert take(walk, "receipt", key="same", condition="完好").status_code == 302
    assert JournalEntry.objects.filter(step="receive").count() == 1


@pytest.mark.parametrize(
    ("noun", "fields"),
    [
        ("receipt", {"condition": ""}), ("receipt", {"condition": LONG}), ("receipt", {"condition": CONTROL}),
        ("receipt", {"condition": "x", "files": "9" * 40}), ("inbound-parcel", {"carrier": "", "tracking": ""}),
        ("inbound-parcel", {"carrier": "顺丰", "tracking": LONG}), ("inbound-parcel", {"carrier": "顺\n丰", "tracking": CONTROL}),
        ("note", {"text": LONG}), ("bench", {"engineer": "9" * 40}), ("diagnosis", {}), ("delivery", {}),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_changes(cast: Cast, noun: str, fields: dict):
    walk = begin(cast)
    before = walk.case.journal_count
    answer = take(walk, noun, **fields)
    assert answer.status_code == 422 and walk.case.journal_count == before
    assert "note-error" in answer.text or "field-error" in answer.text


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("who", ["station_head", "engineer", "stock_keeper"])
def test_every_page_has_both_languages(cast: Cast, language: str, who: str):
    walk = begin(cast, "receive take_on diagnose wait_parts")
    for path in ("/bench/", at(walk), at(walk, "note")):
        assert cast.client(who).get(path, headers={"accept-language": language}).status_code == 200
