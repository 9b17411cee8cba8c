"""C3.2: what is not a quality fault is mended for a fee – after a quote and a consent on record."""

from __future__ import annotations

import pytest

from baoxiu.charges.models import Consent, Quote
from tests.rooms.walking import SIGNATURE
from tests.story.telling import CALLS, ON_SITE

pytestmark = pytest.mark.django_db


def found_misuse(tell):
    story = tell().walk(ON_SITE)
    story.take("engineer", "diagnose", fault="other", cause="misuse")
    assert story.case.facts["cover"] == "paid"
    return story


def test_no_chargeable_work_starts_before_the_customer_agreed(tell, cast):
    story = found_misuse(tell)
    story.cannot("engineer", "start_work")
    story.take("engineer", "quote")
    story.cannot("engineer", "start_work")
    story.take("customer", "accept_quote")
    consent = Consent.objects.get()
    assert (consent.name, consent.way, consent.outcome) == ("王女士", "link", "accepted")
    story.walk(f"start_work work pass_test hand_over {CALLS}")
    assert story.stage == "closed" and story.is_sound()


def test_a_refusal_means_no_work_and_no_bill(tell, cast):
    story = found_misuse(tell)
    story.take("engineer", "quote")
    story.take("customer", "decline_quote", reason="太贵")
    assert story.stage == "handover" and story.case.facts["outcome"] == "unrepaired"
    story.cannot("engineer", "start_work")
    story.cannot("customer", "accept_quote")
    story.walk(f"hand_over {CALLS}")
    assert story.is_sound() and Consent.objects.get().outcome == "declined"


def test_by_phone_the_agent_records_who_agreed_and_how(tell, cast):
    story = found_misuse(tell)
    story.take("engineer", "quote")
    story.cannot("agent", "accept_quote", way="link")
    story.take("agent", "accept_quote", name="王先生（丈夫）", way="phone")
    consent = Consent.objects.get()
    assert (consent.name, consent.way) == ("王先生（丈夫）", "phone")
    assert story.is_sound()


def test_another_finding_needs_another_consent(tell, cast):
    story = found_misuse(tell)
    story.take("engineer", "quote")
    story.take("customer", "accept_quote")
    story.take("engineer", "diagnose", fault="other", cause="accident")
    story.cannot("engineer", "start_work")


def test_on_site_the_customer_reads_and_signs_on_the_engineers_device(tell, cast):
    story = found_misuse(tell)
    story.take("engineer", "quote")
    shown = Quote.objects.get().text_sha256
    story.cannot("engineer", "accept_quote", signature=SIGNATURE, text_sha256="0" * 64)
    story.cannot("engineer", "accept_quote", signature="", text_sha256=shown)
    story.cannot("agent", "accept_quote", way="device")
    if story.interface == "pages":
        page = cast.client("engineer").get(f"/field/jobs/{story.number}/consent/").text
        assert "排水泵" in page and shown in page and "同意按该报价维修" in page
    story.take("engineer", "accept_quote", name="王女士", signature=SIGNATURE, text_sha256=shown)
    consent = Consent.objects.get()
    assert (consent.way, consent.name, consent.is_signed) == ("device", "王女士", True)
    assert consent.sha256 == consent.fingerprint(SIGNATURE) and story.is_sound()
