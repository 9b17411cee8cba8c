"""C3.3, C7: the company changes its promise – a purchase keeps the promise of its day. Told over pages and API."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from baoxiu.cases.models import Case
from baoxiu.terms.models import WarrantyVersion
from tests.faces.machine import machine, problem

pytestmark = pytest.mark.django_db
WORDS = {
    "zh": "自购买之日起，质量问题免费维修。",
    "en": "From the day of purchase a quality fault is repaired free of charge.",
}


def form(months):
    row = {"months": str(months), "scope": "all", "starts": "purchase"}
    kept = dict.fromkeys(
        ("misuse", "unauth_open", "no_proof", "proof_mismatch", "force_majeure", "modified", "software"), "on"
    )
    return {
        **WORDS,
        **{f"coverages-0-{k}": v for k, v in row.items()},
        **{f"exclusions-{k}": v for k, v in kept.items()},
    }


def test_in_the_office_a_short_promise_is_stopped_and_a_long_one_holds_for_new_purchases(tell, cast):
    boss, today = cast.client("manager"), timezone.localdate()
    at = boss.post("/office/warranty/new/").headers["Location"].removesuffix("edit/")
    assert boss.get(f"{at}edit/").status_code == 200
    assert boss.post(f"{at}edit/", form(6)).headers["Location"] == at
    page = boss.get(at).text
    assert "CN-3BAO-95-003" in page and "低于法定" in page and "减少了对客户的承诺" in page and "影响" in page
    refused = boss.post(f"{at}publish/", {"reason": "压缩成本"})
    assert refused.status_code == 422 and "CN-3BAO-95-003" in refused.text
    assert boss.post(f"{at}edit/", form(24)).status_code == 302
    page = boss.get(at).text
    assert "<s>12</s> → <b>24</b>" in page and "低于法定标准" not in page
    assert (
        boss.post(f"{at}publish/", {"reason": "周年回馈", "in_force_from": today.isoformat()}).status_code
        == 302
    )
    version = WarrantyVersion.objects.get()
    assert (version.published_by, version.reason, len(version.sha256)) == ("陈主管", "周年回馈", 64)
    assert "生效中" in boss.get("/office/warranty/").text
    _two_purchases(tell, cast, today)


def test_over_the_api_the_law_is_named_and_the_diff_and_impact_are_told(tell, cast):
    boss, today = machine(cast, "administrator"), timezone.localdate()
    made = boss.post("/warranty-terms").json()
    at = f"/warranty-terms/{made['id']}"
    assert made["document"]["coverages"][0]["months"] == 12 and made["findings"]
    short = boss.send("PUT", at, {**WORDS, "coverages": [{"months": 6}]}).json()
    errors = [f for f in short["findings"] if f["level"] == "error"]
    assert "CN-3BAO-95-003" in {f["rule"] for f in errors}
    refused = problem(boss.post(f"{at}/publication", {"reason": "压缩成本"}), 422)
    assert "CN-3BAO-95-003" in str(refused["errors"])
    boss.send("PUT", at, {**WORDS, "coverages": [{"months": 24}]})
    changes = boss.get(f"{at}/changes").json()
    assert [c["kind"] for c in changes["coverages"]] == ["changed"] and not changes["weaker"]
    assert boss.get(f"{at}/impact").json()["units"]["is_all"]
    told = boss.post(f"{at}/publication", {"reason": "周年回馈", "in_force_from": today.isoformat()}).json()
    assert told["status"] == "published" and told["published_by"] == "何管理员"
    problem(boss.send("PUT", at, {**WORDS, "coverages": [{"months": 48}]}), 422)
    _two_purchases(tell, cast, today)


def _two_purchases(tell, cast, today):
    """Thirteen months on: what was bought before is out of warranty, what was bought today is in."""
    old = tell(purchase_date=today - dt.timedelta(days=400))
    old.take("agent", "triage", fault="quality")
    assert old.case.facts["cover"] == "paid"
    new = tell(purchase_date=today)
    Case.objects.filter(pk=new.case.pk).update(created_at=timezone.now() + dt.timedelta(days=400))
    new.take("agent", "triage", fault="quality")
    assert new.case.facts["cover"] == "free"
    assert "v1 " in new.page("agent")
