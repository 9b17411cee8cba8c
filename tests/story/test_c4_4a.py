"""C4.4a: an appointment, the way there, arrival, work and a signature – the customer sees each."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from baoxiu.cases.models import Content, Duty
from tests.story import telling
from tests.story.telling import FREE_REPAIR

pytestmark = pytest.mark.django_db
ACCEPTED = "triage confirm assign accept"


def test_from_the_appointment_to_the_signature(tell, cast):
    story = tell().walk(f"{ACCEPTED} appoint")
    due = Duty.objects.get(case=story.case, kind="arrival", outcome="open").due_at
    assert due > timezone.now() + dt.timedelta(hours=1)
    assert "上门" in story.letter("appoint").body
    story.take("engineer", "set_out", minutes=25)
    assert "25" in story.letter("set_out").body
    story.take("engineer", "check_in", lat=31.19, lon=121.44)
    assert story.stage == "repair"
    story.walk(FREE_REPAIR)
    story.cannot("engineer", "hand_over", signature="[]")
    story.take("engineer", "hand_over", signer="王女士")
    signed = Content.objects.get(entry__case=story.case, entry__step="hand_over").words
    assert signed["signer"] == "王女士" and signed["signature"].startswith("[[")
    assert story.stage == "followup" and story.is_sound()


def test_the_customer_follows_it_on_the_tracking_page(tell, cast):
    story = tell().walk(f"{ACCEPTED} appoint set_out")
    html = Client(headers={"accept-language": "zh-CN"}).get(story.address("track")).content.decode()
    assert story.number in html and "张" in html


def test_nobody_there_means_another_appointment(tell, cast):
    story = tell().walk(f"{ACCEPTED} appoint set_out customer_absent")
    assert story.stage == "visit" and story.owed == {"appointment"}
    story.cannot("engineer", "check_in")
    story.walk("appoint check_in")
    assert story.stage == "repair" and story.is_sound()


def test_an_engineer_is_not_promised_twice(tell, cast):
    tell().walk(f"{ACCEPTED} appoint")
    story = tell().walk(ACCEPTED)
    story.cannot("engineer", "appoint")
    tomorrow = timezone.now().replace(second=0, microsecond=0) + dt.timedelta(days=1)
    story.take("engineer", "appoint", starts_at=tomorrow, ends_at=tomorrow + dt.timedelta(hours=2))


def test_an_appointment_in_the_past_is_refused(tell, cast):
    story = tell().walk(ACCEPTED)
    now = timezone.now()
    story.cannot(
        "engineer", "appoint", starts_at=now - dt.timedelta(hours=3), ends_at=now - dt.timedelta(hours=1)
    )


def test_the_job_is_on_the_engineers_list_and_on_no_other(cast):
    story = telling.begin(cast, "pages").walk(f"{ACCEPTED} appoint")
    assert story.number in cast.client("engineer").get("/field/").content.decode()
    assert story.number not in cast.client("engineer2").get("/field/").content.decode()
    assert cast.client("engineer2").get(f"/field/jobs/{story.number}/").status_code == 404


def test_it_turns_into_a_depot_repair_and_back(tell, cast):
    story = tell().walk(f"{ACCEPTED} appoint check_in")
    story.take("engineer", "to_depot", reason="须拆机")
    assert story.stage == "inbound" and story.case.facts["possession"] == "ours"
    story.walk(f"receive take_on {FREE_REPAIR}")
    story.take("station_head", "to_site", reason="客户要求上门安装")
    story.walk("assign accept appoint check_in pass_test hand_over")
    assert story.stage == "followup" and story.case.facts["possession"] == "customer" and story.is_sound()
