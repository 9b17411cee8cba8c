"""C3.1: the cause comes first – when the fault showed itself, with what proof and evidence, and who has to prove it."""

from __future__ import annotations

import datetime as dt

import pytest

from baoxiu.cases import decisions
from baoxiu.catalogue.models import ProductModel, Unit
from baoxiu.sop.entitlement import lacking
from tests.faces.machine import machine
from tests.rooms.walking import ON_SITE, begin, refused

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def washer(cast, now):
    """王女士's unit as a washing machine, bought seven months before the request."""
    ProductModel.objects.update(law_class="washing_machine")
    Unit.objects.filter(pk=cast.unit.pk).update(purchase_date=now.date() - 213 * DAY)
    cast.unit.refresh_from_db()
    return cast.unit


def claim_of(walk):
    standing = decisions.latest(walk.case)
    return standing.decision["detail"]["claim"], standing.decision["detail"]["verdict"]


def test_the_day_the_fault_was_seen_decides_who_proves_and_stays_for_the_diagnosis(cast, now, washer):
    early = washer.purchase_date + 30 * DAY
    walk = begin(cast, now)
    walk.step("triage", "agent", symptom="drain", fault="unknown", found_on=early)
    claim, verdict = claim_of(walk)
    assert claim["found_on"] == early.isoformat() and verdict["values"]["BURDEN"] == "BUSINESS"
    walk.steps("confirm assign accept appoint set_out check_in").steps("diagnose")
    claim, verdict = claim_of(walk)
    assert claim["found_on"] == early.isoformat() and verdict["values"]["BURDEN"] == "BUSINESS"
    late = begin(cast, now).steps("triage")
    assert claim_of(late)[1]["values"]["BURDEN"] == "CONSUMER"


@pytest.mark.parametrize("days", [1, -300])
def test_the_day_lies_between_purchase_and_request(cast, now, washer, days):
    no = refused(begin(cast, now), "triage", "agent", symptom="drain", found_on=now.date() + days * DAY)
    assert no.field == "found_on"


def test_while_the_business_proves_a_finding_against_the_customer_needs_evidence(cast, now, washer):
    Unit.objects.filter(pk=washer.pk).update(purchase_date=now.date() - 30 * DAY)
    walk = begin(cast, now).steps(ON_SITE)
    given = {"symptom": "drain", "cause": "misuse", "remedy": "clean", "fault": "other"}
    no = refused(walk, "diagnose", "engineer", **given)
    assert no.field == "text"
    walk.step("diagnose", "engineer", **given, text="过滤器中有硬币和钥匙")
    assert walk.case.facts["cover"] == "paid" and walk.is_sound()


def test_the_proof_seen_stands_on_the_unit_and_answers_an_exclusion_for_want_of_it(cast, now, washer):
    walk = begin(cast, now)
    walk.step("triage", "agent", symptom="drain", fault="quality", proof="invoice")
    washer.refresh_from_db()
    assert washer.proof == "invoice" and claim_of(walk)[0]["proof"] == "invoice"
    walk.steps("confirm assign accept appoint set_out check_in")
    walk.step(
        "diagnose", "engineer", symptom="drain", cause="component", remedy="replace_part", fault="other",
        exclusion="NO_PROOF", text="未见凭证",
    )  # fmt: skip
    claim, verdict = claim_of(walk)
    assert claim["evidence"] is True and claim["exclusion"] == "NO_PROOF"
    assert "EXCLUSION" not in verdict["values"] and verdict["outcome"] == "free"


def test_a_proof_that_is_missing_is_named_with_its_link_until_it_is_seen(cast, now, washer):
    walk = begin(cast, now)
    page = cast.client("agent").get(f"/desk/cases/{walk.case.number}/").text
    assert "购买凭证（无凭证可能不予三包）" in page and f"/desk/cases/{walk.case.number}/correction/" in page
    walk.step("correct", "agent", proof="card", reason="客户出示三包凭证")
    page = cast.client("agent").get(f"/desk/cases/{walk.case.number}/").text
    assert "购买凭证（无凭证可能不予三包）" not in page and "三包凭证" in page
    assert machine(cast, "agent").get(f"/units/{washer.pk}").json()["proof"] == "card"


def test_a_proof_is_asked_for_only_where_a_rule_depends_on_it():
    def named(**unit):
        return [
            text.en.partition(" (")[0] for text in lacking.facts({"sold_on": 1, "delivered_on": 1, **unit})
        ]

    assert named(product_class="washing_machine") == ["proof of purchase"]
    assert named(product_class="washing_machine", factory_on=1) == []
    assert named(product_class="washing_machine", proof="none") == []
    assert named(product_class="family_car") == [] and named(product_class="") == []
