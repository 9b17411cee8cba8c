"""C2: customers register what they bought; whoever sends learns nothing of others; staff decide beside the proof."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from baoxiu.cases.models import Attachment, Outgoing
from baoxiu.cases.operations import housekeeping
from baoxiu.catalogue.models import ProductModel, Registration, Unit
from baoxiu.notify import messages
from baoxiu.people.actors import SYSTEM
from baoxiu.people.models import Customer
from tests.conftest import NOW, Cast
from tests.faces.machine import machine
from tests.faces.portal import CANARY, CONTROL, LONG, browser, form_key, picture

pytestmark = pytest.mark.django_db
SOLD = dt.date(2026, 5, 1)


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.ATTACHMENTS = tmp_path


def filled(**more):
    """孙某's registration, as the browser sends it."""
    return {
        "key": form_key(), "website": "", "serial": "SN-NEW-1", "model": "", "product": "洗衣机", "dealer": "国美", "purchase_date": "2026-05-01",
        "name": "孙某", "phone": "138 0013 8003", "email": "sun@example.com", "consent": "yes", "photos-upload": picture("发票.jpg"), **more,
    }  # fmt: skip


def send(path="/register/", language="zh-CN", **more):
    return browser(language).post(path, filled(**more), follow=True)


def plain(page):
    """Without tokens, numbers and times."""
    return re.sub(r"[A-Za-z0-9_-]{24,}|RG-\d{4}-\d{6}|\d{2}:\d{2}", "", page)


def accepted(cast, found, who="agent", **more):
    form = {
        "model": "",
        "product": found.product,
        "serial": found.serial,
        "purchase_date": found.purchase_date.isoformat(),
        **more,
    }
    return cast.client(who).post(f"/office/registrations/{found.pk}/", form)


def test_whose_number_it_is_is_never_said(cast: Cast):
    """Attack case K01: taken by another, free, twice, exchanged, or never made – one answer."""
    Unit.objects.create(serial="S-FREE", created_at=NOW, purchase_date=SOLD)
    Unit.objects.create(serial="S-OLD", created_at=NOW, replaced_by=cast.unit)
    for _ in range(2):
        Unit.objects.create(serial="S-TWICE", created_at=NOW)
    answers = [send(serial=s) for s in ("SN-NEW-1", "S-FREE", "S-OLD", "S-TWICE", "S-NEVER")]
    pages = {
        plain(a.text).replace(s, "")
        for a in answers
        for s in ("SN-NEW-1", "S-FREE", "S-OLD", "S-TWICE", "S-NEVER")
    }
    assert all(a.status_code == 200 and "核对" in a.text for a in answers)
    assert "王女士" not in "".join(pages) and "1380" not in "".join(pages)
    assert len({re.sub(r"SN-NEW-1|S-[A-Z]+", "", plain(a.text)) for a in answers}) == 1
    cast.unit.refresh_from_db()
    assert cast.unit.customer == cast.wang
    first = [r.findings[0] for r in Registration.objects.order_by("pk")]
    assert first == ["owned", "no_label", "exchanged", "ambiguous", "unknown"]


def test_a_duplicate_waits_for_staff_and_passes_on_with_the_first_sale_date(cast: Cast):
    send(purchase_date="2026-10-01", language="en")
    found = Registration.objects.get()
    assert (found.status, found.findings[0], found.language) == ("waiting", "owned", "en")
    page = cast.client("agent").get(f"/office/registrations/{found.pk}/").text
    assert "王女士" in page and "孙某" in page and "发票.jpg" in page and "已登记在其他客户名下" in page
    assert found.number in cast.client("agent").get("/office/registrations/").text
    assert "/office/registrations/" in cast.client("agent").get("/desk/?view=mine").text
    refused = accepted(cast, found)
    assert refused.status_code == 422 and "转让" in refused.text
    found.refresh_from_db()
    assert found.status == "waiting" and Unit.objects.get(pk=cast.unit.pk).customer == cast.wang
    done = accepted(cast, found, earlier_owner="passed_on", model=cast.unit.model_id, product="滚筒洗衣机")
    assert done.status_code == 302
    unit = Unit.objects.get(pk=cast.unit.pk)
    assert (unit.customer, unit.purchase_date) == (cast.sun, SOLD)
    found.refresh_from_db()
    assert (found.earlier_owner, found.passed_on, found.decided_by) == (cast.wang, True, cast.staff["agent"])
    first, second = [letter for _, letter in messages.render_many(Outgoing.objects.order_by("pk"))]
    assert (
        "checks your proof" in first.body and "until 2027-05-01" in second.body and "Dear 孙某" in second.body
    )
    assert "王女士" not in first.body + second.body
    own = browser("en").get(re.search(r"/o/[\w-]+/", second.body)[0])
    assert "In warranty until 2027-05-01" in own.text and own.headers["X-Robots-Tag"].startswith("noindex")
    assert accepted(cast, found, earlier_owner="passed_on").status_code == 422  # decided once


def test_by_the_label_of_a_free_unit_it_stands_on_record_at_once(cast: Cast):
    free = Unit.objects.create(
        model=cast.unit.model, product="滚筒洗衣机", serial="SN-9", created_at=NOW, purchase_date=SOLD
    )
    assert f"/u/{free.qr_token}/register/" in browser().get(f"/u/{free.qr_token}/").text
    page = send(f"/u/{free.qr_token}/register/", serial="", product="")
    assert "已登记" in page.text and "2027-05-01" in page.text
    free.refresh_from_db()
    assert (free.customer, Registration.objects.get().status, Registration.objects.get().channel) == (
        cast.sun,
        "accepted",
        "qr",
    )
    free.customer = cast.liu  # passed on later: the first owner's page says no more of it
    free.save()
    assert "2027-05-01" not in browser().get(page.redirect_chain[-1][0]).text


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"purchase_date": "2099-01-01"}, "不能晚于今天"),
        ({"purchase_date": "1980-01-01"}, "1990"),
        ({"purchase_date": "soon"}, "日期"),
        ({"serial": ""}, "序列号"),
        ({"serial": CONTROL}, "note-error"),
        ({"serial": LONG}, "note-error"),
        ({"phone": "", "email": ""}, "电话或邮箱"),
        ({"phone": "12"}, "号码不正确"),
        ({"email": "x@"}, "地址不正确"),
        ({"photos-upload": ""}, "购买凭证"),
        ({"photos-upload": SimpleUploadedFile("发票.jpg", b"<html><script>alert(1)</script>")}, "发票.jpg"),
        ({"consent": ""}, "同意"),
        ({"model": "XQG100", "serial": "XX-1"}, "SN-@@@-#"),
        ({"website": "x"}, "note-error"),
    ],
)
def test_what_cannot_be_true_is_said_at_once_and_nothing_is_kept(cast: Cast, more, word):
    ProductModel.objects.update(serial_format="SN-@@@-#")
    answer = send(**more)
    assert answer.status_code == 422 and word in answer.text and Registration.objects.count() == 0


def test_a_label_in_the_hand_may_be_told_when_it_was_made(cast: Cast):
    free = Unit.objects.create(serial="SN-9", created_at=NOW, made_date=SOLD)
    assert "2026-05-01" in send(f"/u/{free.qr_token}/register/", serial="", purchase_date="2026-04-30").text
    assert "2026-05-01" not in send(serial="SN-9", purchase_date="2026-04-30").text
    assert "before_made" in Registration.objects.get().findings


def test_a_form_counts_once_and_only_so_often(cast: Cast):
    form = filled()
    first, second = (browser().post("/register/", {**form, "photos-upload": picture()}) for _ in range(2))
    assert first.url == second.url and Registration.objects.count() == 1
    stale = browser().post("/register/", {**form, "key": "x"})
    assert stale.status_code == 409
    for _ in range(9):
        send()
    assert send().status_code == 429 and Registration.objects.count() == 10


def test_hostile_words_stand_as_they_are(cast: Cast):
    """Attack cases C02, C03."""
    bad = '"><script>alert(1)</script>{{7*7}}'
    page = send(product=bad, dealer=bad, name=bad, serial=bad[:80]).text
    found = Registration.objects.get()
    for shown in (
        page,
        cast.client("agent").get(f"/office/registrations/{found.pk}/").text,
        cast.client("agent").get("/office/registrations/").text,
    ):
        assert "<script>alert" not in shown and "{{7*7}}" in shown


def test_a_refusal_tells_its_reason_and_the_link_is_hashed(cast: Cast):
    send(serial="S-NEVER")
    found = Registration.objects.get()
    where = f"/office/registrations/{found.pk}/"
    assert cast.client("agent").post(where, {"refuse": "1", "reason": ""}).status_code == 422
    assert cast.client("agent").post(where, {"refuse": "1", "reason": "发票看不清"}).status_code == 302
    letter = messages.render_many(Outgoing.objects.filter(event="registration_refused"))[0][1]
    assert "发票看不清" in letter.body
    token = re.search(r"/o/([\w-]+)/", letter.body)[1]
    assert "发票看不清" in browser().get(f"/o/{token}/").text
    assert token not in str(Registration.objects.values()) and len(token) == 32
    other = token[:-1] + ("x" if token[-1] != "x" else "y")
    assert browser().get(f"/o/{other}/").status_code == 404


def test_a_proof_is_kept_and_seen_only_by_those_who_check(cast: Cast):
    """Attack case A04."""
    send()
    housekeeping.forget_uploads(by=SYSTEM, now=timezone.now() + dt.timedelta(days=30))
    proof = Attachment.objects.get()
    for who, status in (("agent", 200), ("manager", 200), ("engineer", 404), ("account_manager", 404)):
        assert cast.client(who).get(f"/files/{proof.pk}/").status_code == status
    assert browser().get(f"/files/{proof.pk}/").status_code in (403, 404)


def test_a_machine_does_the_same(cast: Cast):
    agent, company = machine(cast, "agent"), machine(cast, "liu")
    record = {"serial": "SN-NEW-1", "purchase_date": "2026-05-01", "name": "刘总"}
    made = company.post("/registrations", record).json()
    assert (
        made["status"] == "waiting"
        and made["findings"] == []
        and made["unit_id"] is None
        and "王女士" not in str(made)
    )
    seen = agent.get(f"/registrations/{made['id']}").json()
    assert (
        seen["findings"][:1] == ["owned"]
        and agent.get("/registrations?status=waiting").json()["items"][0]["id"] == made["id"]
    )
    send(serial="S-2")
    other = Registration.objects.get(serial="S-2")
    assert company.get(f"/registrations/{other.pk}").status_code == 404
    body = {"serial": "SN-NEW-1", "purchase_date": "2026-05-01", "model": cast.unit.model_id}
    assert agent.post(f"/registrations/{made['id']}/accept", body).status_code == 422
    done = agent.post(f"/registrations/{made['id']}/accept", {**body, "earlier_owner": "mistaken"}).json()
    assert (done["status"], done["warranty_until"], done["customer_id"]) == (
        "accepted",
        "2027-05-01",
        cast.liu.pk,
    )
    assert agent.post(f"/registrations/{other.pk}/refuse", {"reason": "看不清"}).json()["status"] == "refused"
    assert company.post("/registrations", {**record, "files": [999]}).status_code == 422


def test_a_new_customer_comes_with_it_and_pages_cost_the_same(cast: Cast, django_assert_max_num_queries):
    for i in range(6):
        send(serial=f"S-{i}", name="周先生", phone="139 0013 9009", email="")
    cast.client("agent").get("/office/registrations/")
    with django_assert_max_num_queries(6):
        cast.client("agent").get("/office/registrations/")
    found = Registration.objects.order_by("pk")[0]
    with django_assert_max_num_queries(10):
        cast.client("agent").get(f"/office/registrations/{found.pk}/")
    assert accepted(cast, found).status_code == 302
    made = Customer.objects.get(name="周先生")
    assert Unit.objects.get(serial="S-0").customer == made and CANARY not in made.name
