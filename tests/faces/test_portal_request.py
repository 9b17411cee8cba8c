"""C4.1: the public request form and the label on a unit."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile

from baoxiu.cases.models import Attachment, Case, JournalEntry
from tests.conftest import Cast
from tests.faces.portal import CANARY, CONTROL, LONG, browser, filled, form_key, picture

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_limits(settings, tmp_path):
    settings.ATTACHMENTS = tmp_path
    cache.clear()


def test_the_form_is_one_page_without_a_script_in_either_language():
    zh, en = browser().get("/request/"), browser("en-GB").get("/request/")
    assert "我要报修" in zh.text and "提交报修" in zh.text
    assert "What can we do for you?" in en.text
    assert zh.text.count("<fieldset data-step") == 3 and "<fieldset data-step hidden" not in zh.text
    assert all(name in zh.text for name in ('name="problem"', 'name="phone"', 'name="consent"'))


def test_a_request_becomes_one_case_and_the_page_says_its_number(cast: Cast):
    answer = browser().post("/request/", filled(), follow=True)
    case = Case.objects.get()
    assert answer.status_code == 200 and case.number in answer.text
    assert re.search(r'href="/t/[\w-]{20,}/"', answer.text)
    assert (case.channel, case.contact_phone, case.language, case.unit.brand) == (
        "web",
        "+8613800138001",
        "zh",
        "海清",
    )
    assert case.site.one_line == "上海市徐汇区天钥桥路10号"
    assert JournalEntry.objects.get(step="register").body["data"]["consent"] is True


def test_an_english_visitor_is_served_in_english(cast: Cast):
    answer = browser("en-GB").post("/request/", filled(), follow=True)
    assert "We have received your request" in answer.text and Case.objects.get().language == "en"


def test_sending_twice_makes_one_case_and_shows_it_again(cast: Cast):
    visitor, form = browser(), filled()
    first = visitor.post("/request/", {**form, "photos-upload": picture()})
    second = visitor.post("/request/", {**form, "photos-upload": picture()})
    assert first.status_code == second.status_code == 302 and first.url == second.url
    assert Case.objects.count() == 1


def test_the_same_form_sent_again_with_other_words_leads_to_the_request_already_made(cast: Cast):
    form = filled()
    first = browser().post("/request/", form)
    assert browser().post("/request/", {**form, "problem": "别的"}).url == first.url
    assert Case.objects.count() == 1


def test_photos_become_part_of_the_case(cast: Cast):
    browser().post(
        "/request/", filled(**{"photos-upload": [picture("铭牌.jpg"), picture("故障.jpg", "blue")]})
    )
    assert Attachment.objects.filter(case=Case.objects.get(), entry__step="register").count() == 2


def test_photos_outlive_a_mistake_in_another_field(cast: Cast):
    answer = browser().post("/request/", filled(phone="", email="", **{"photos-upload": picture()}))
    assert answer.status_code == 422 and "铭牌.jpg" in answer.text
    kept = re.search(r'name="kept" value="([^"]+)"', answer.text)
    browser().post("/request/", filled(kept=kept[1]))
    assert Attachment.objects.get().case == Case.objects.get()


def test_photos_of_somebody_else_cannot_be_claimed(cast: Cast):
    browser().post("/request/", filled(name="", **{"photos-upload": picture()}))
    for forged in (str([Attachment.objects.get().pk]), "1", '{"a":1}', "x" * 5000):
        browser().post("/request/", filled(kept=forged, files=str(Attachment.objects.get().pk)))
    assert Attachment.objects.get().case is None


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("problem", "", "问题"), ("phone", "12", "号码不正确"), ("email", "not an address", "地址不正确"), ("name", "", "请填写您的姓名"),
        ("consent", "", "未经您同意"), ("purchase_date", "2999-01-01", "不能晚于今天"), ("purchase_date", "gestern", "购买日期"),
        ("kind", "party", "需求类型"), ("product_class", "rocket", "产品类别"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(
    cast: Cast, field: str, value: str, said: str
):
    answer = browser().post("/request/", filled(**{field: value}))
    assert answer.status_code == 422 and said in answer.text
    assert "field-error" in answer.text and not Case.objects.exists()
    if field != "problem":
        assert "洗衣机不排水，屏幕显示 E21。" in answer.text
    assert 'value="天钥桥路10号"' in answer.text


def test_a_phone_or_an_email_is_enough_but_one_is_needed(cast: Cast):
    assert browser().post("/request/", filled(phone="", email="")).status_code == 422
    assert browser().post("/request/", filled(phone="", email="wang@example.com")).status_code == 302


@pytest.mark.parametrize(
    "field",
    ["problem", "name", "phone", "email", "serial", "brand", "product", "address-street", "key", "kept"],
)
@pytest.mark.parametrize(
    "junk", [CONTROL, LONG, "9" * 400, "<script>alert(1)</script>" * 500, "\u202e\ud83d\ude00" * 300]
)
def test_junk_gets_a_clear_answer_and_never_an_error_page(cast: Cast, field: str, junk: str):
    junk = junk.encode("utf-8", "replace").decode()
    answer = browser().post("/request/", filled(**{field: junk}))
    assert answer.status_code in (302, 409, 422)
    assert "<script>alert" not in answer.text


def test_a_file_that_is_no_picture_is_named_and_the_words_stay(cast: Cast):
    bad = SimpleUploadedFile("病毒.exe", b"MZ\x90\x00" + bytes(500), "image/jpeg")
    answer = browser().post("/request/", filled(**{"photos-upload": bad}))
    assert answer.status_code == 422 and "病毒.exe" in answer.text and not Case.objects.exists()


def test_too_many_photos_are_named(cast: Cast):
    answer = browser().post("/request/", filled(**{"photos-upload": [picture(f"{n}.jpg") for n in range(9)]}))
    assert answer.status_code == 422 and "最多 8 张" in answer.text and not Attachment.objects.exists()


# -- machines ---------------------------------------------------------------------------------


def test_a_filled_trap_stops_the_form_but_not_the_person(cast: Cast):
    form = filled(website="http://spam.example")
    answer = browser().post("/request/", form)
    assert answer.status_code == 422 and "应留空" in answer.text and not Case.objects.exists()
    assert browser().post("/request/", {**form, "website": ""}).status_code == 302


def test_a_form_sent_within_a_moment_is_not_taken(cast: Cast):
    assert browser().post("/request/", filled(key=form_key(ago=0))).status_code == 422
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    "key",
    ["", "1", "a:b:c", "x" * 3000, form_key(ago=26 * 3600), form_key()[:-2] + "zz"],
    ids=["none", "short", "foreign", "long", "old", "forged"],
)
def test_a_key_not_made_here_or_too_old_gets_a_new_form_with_the_words_kept(cast: Cast, key: str):
    answer = browser().post("/request/", filled(key=key))
    assert answer.status_code == 409 and not Case.objects.exists()
    assert "洗衣机不排水" in answer.text


def test_too_many_from_one_network_are_told_so(cast: Cast):
    for _n in range(20):
        browser().post("/request/", filled(name=""))
    answer = browser().post("/request/", filled())
    assert answer.status_code == 429 and "提交过多" in answer.text and not Case.objects.exists()


def test_a_household_with_ipv6_counts_as_one_peer(cast: Cast):
    for n in range(20):
        browser().post("/request/", filled(name=""), REMOTE_ADDR=f"2001:db8::{n + 1:x}")
    assert browser().post("/request/", filled(), REMOTE_ADDR="2001:db8::ffff").status_code == 429
    assert browser().post("/request/", filled(), REMOTE_ADDR="2001:db9::1").status_code == 302


def test_forwarded_addresses_are_not_believed(cast: Cast):
    for n in range(21):
        answer = browser().post("/request/", filled(name=""), headers={"x-forwarded-for": f"10.0.0.{n}"})
    assert answer.status_code == 429


def test_a_stranger_learns_nothing_and_changes_nothing_of_a_known_customer(cast: Cast):
    """王女士's number typed by somebody else: her name, units and addresses stay hers."""
    before = (cast.wang.contacts.count(), cast.wang.sites.count(), cast.wang.name)
    answer = browser().post(
        "/request/", filled(name="冒名者", email="evil@example.com", serial=cast.unit.serial), follow=True
    )
    cast.wang.refresh_from_db()
    assert cast.wang.name == before[2] and cast.wang.contacts.count() == before[0]
    assert "王女士" not in answer.text and "wang@example.com" not in answer.text


# -- the label ----------------------------------------------------------------------------------


def test_the_label_shows_the_product_and_its_warranty_but_nobody(cast: Cast):
    cast.wang.name = CANARY
    cast.wang.save()
    page = browser().get(f"/u/{cast.unit.qr_token}/").text
    assert "滚筒洗衣机" in page and "2027-05-01" in page and "保修期内" in page
    assert not any(secret in page for secret in (CANARY, "13800138001", "天钥桥路", "SN-NEW-1"))
    assert "2024-05-06" in browser().get(f"/u/{cast.old_unit.qr_token}/").text


def test_a_fault_reported_from_the_label_is_about_that_unit(cast: Cast):
    answer = browser().post(
        f"/u/{cast.unit.qr_token}/request/", filled(unit_id=cast.old_unit.pk, serial="SN-OLD-1")
    )
    assert answer.status_code == 302
    case = Case.objects.get()
    assert (case.unit, case.channel) == (cast.unit, "qr")


def test_a_unit_id_without_a_label_is_not_believed(cast: Cast):
    browser().post("/request/", filled(unit_id=cast.unit.pk, phone="13900139000"))
    assert Case.objects.get().unit != cast.unit


@pytest.mark.parametrize("token", ["x", "0" * 24, "%00", "../../etc/passwd", "长" * 200])
def test_an_unknown_label_is_not_found(cast: Cast, token: str):
    assert browser().get(f"/u/{token}/").status_code in (404, 400 if token == "%00" else 404)


def test_a_label_without_a_purchase_date_says_so(cast: Cast):
    cast.unit.purchase_date = None
    cast.unit.save()
    assert "没有购买日期" in browser().get(f"/u/{cast.unit.qr_token}/").text


def test_labels_are_not_for_search_engines(cast: Cast):
    assert "noindex" in browser().get(f"/u/{cast.unit.qr_token}/").headers["X-Robots-Tag"]
