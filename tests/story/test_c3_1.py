"""C3.1: a quality fault is repaired or replaced free of charge; who says otherwise says why."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from baoxiu.cases import decisions
from baoxiu.cases.models import JournalEntry
from baoxiu.charges.models import Quote
from tests.story.telling import CALLS, FREE_REPAIR, ON_SITE, forms_of

pytestmark = pytest.mark.django_db


def test_a_quality_fault_in_warranty_is_mended_free_and_nobody_is_asked_to_pay(tell, cast):
    story = tell()
    story.take("agent", "triage", fault="quality")
    decision = decisions.latest(story.case)
    assert (decision.outcome, decision.decision["clause"]) == ("free", "C3.1")
    html = story.page("agent")
    assert "依据" in html and decision.decision["reasons"][0]["zh"] in html
    story.walk(ON_SITE.removeprefix("triage ") + " diagnose")
    story.cannot("engineer", "quote")
    story.walk(f"start_work work pass_test hand_over {CALLS}")
    assert story.stage == "closed" and not Quote.objects.exists() and story.is_sound()


def test_it_is_replaced_free_where_repair_is_not_possible(tell, cast):
    story = tell().walk(f"{ON_SITE} diagnose start_work replace pass_test hand_over {CALLS}")
    assert story.case.unit.serial == "SN-NEW-2" and story.case.facts["outcome"] == "replaced"
    assert story.is_sound()


def test_only_a_manager_decides_against_the_rules_and_says_why(tell, cast):
    story = tell(unit="old").walk("triage")
    assert story.case.facts["cover"] == "paid"
    story.cannot("agent", "override_cover")
    story.cannot("manager", "override_cover", reason="")
    story.take("manager", "override_cover", cover="free", reason="老客户关怀")
    decision = decisions.latest(story.case)
    assert (
        decision.is_override and decision.reason == "老客户关怀" and decision.decision["computed"] == "paid"
    )
    assert "老客户关怀" in story.page("manager")
    story.walk(f"{ON_SITE.removeprefix('triage ')} {FREE_REPAIR}")
    assert story.stage == "handover" and story.is_sound()


def test_the_fee_for_the_use_is_said_before_the_customer_chooses_and_kept_with_the_choice(tell, cast):
    cast.unit.model.law_class = "mobile_phone"
    cast.unit.model.save()
    story = tell(purchase_date=timezone.localdate() - dt.timedelta(days=10)).walk("triage")
    story.take("agent", "confirm", venue="depot")
    story.walk("assign_station receive")
    story.cannot("customer", "settle_limit", choice="refund", name="王女士", terms_sha256=_shown(story))
    story.take("agent", "correct", price="2000.00", reason="客户提供发票")
    page = story.page("agent")
    assert "¥2,000.00×0.50%×10日=¥100.00" in page and "CN-3BAO-MP-006" in page
    shown = _shown(story)
    story.cannot("customer", "settle_limit", choice="refund", name="王女士", terms_sha256="0" * 64)
    story.cannot("customer", "settle_limit", choice="refund", name="", terms_sha256=shown)
    story.cannot("agent", "settle_limit", choice="refund", text="")
    story.take("customer", "settle_limit", choice="refund", name="王女士", terms_sha256=shown)
    kept = JournalEntry.objects.filter(case=story.case).latest("no").body["data"]
    assert (kept["terms"]["fee"], kept["terms"]["refund"], kept["terms"]["days"]) == ("100.00", "1900.00", 10)
    assert kept["terms_sha256"] == shown and len(kept["consent_sha256"]) == 64
    assert (
        story.is_sound()
        and "退款¥1,900.00" in Client(headers={"accept-language": "zh-CN"}).get(story.address("track")).text
    )


def _shown(story):
    """The hash of the choices as the customer sees them."""
    if story.interface == "api":
        return (
            story._machine("customer", "chase")
            .get(f"/cases/{story.number}/repair-clock")
            .json()["terms_sha256"]
        )
    page = Client(headers={"accept-language": "zh-CN"}).get(story.address("track")).text
    return next(f.values["terms_sha256"] for f in forms_of(page) if "terms_sha256" in f.values)
