"""C3.3: one year of warranty, derived from the purchase and the day of the request – never typed."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from baoxiu.cases import decisions
from baoxiu.lib import workdays
from baoxiu.sop.entitlement import days as periods
from tests.story.telling import ON_SITE

pytestmark = pytest.mark.django_db


def a_year_ago(days: int) -> dt.date:
    today = timezone.localdate()
    day = today.replace(year=today.year - 1, day=min(today.day, 28))
    return day + dt.timedelta(days=(today - today.replace(day=min(today.day, 28))).days + days)


def moved(cover: str, last: dt.date) -> str:
    """CN-DAY-003: a last day on a rest day moves; in a year that is not published nobody knows how far."""
    if cover == "free":
        return cover
    try:
        return "free" if periods.roll(last, workdays.shipped("CN")) >= timezone.localdate() else cover
    except periods.MissingYear:
        return "unknown"


@pytest.mark.parametrize(("days", "cover"), [(1, "free"), (0, "free"), (-1, "paid")])
def test_the_last_day_of_the_year_is_covered_and_the_next_is_not(tell, cast, days, cover):
    story = tell(purchase_date=a_year_ago(days))
    story.take("agent", "triage", fault="quality")
    assert story.case.facts["cover"] == moved(cover, timezone.localdate() + dt.timedelta(days=days))
    assert "CN-DAY-002" in decisions.latest(story.case).decision["rule_ids"]


def test_without_a_purchase_date_it_stays_open_until_the_proof_comes(tell, cast):
    story = tell(unit=None)
    story.take("agent", "triage", fault="quality")
    assert story.case.facts["cover"] == "unknown"
    assert "购买凭证" in story.page("agent")
    story.take("agent", "triage", fault="quality", purchase_date=timezone.localdate() - dt.timedelta(days=30))
    assert story.case.facts["cover"] == "free" and story.case.unit.purchase_date
    assert story.is_sound()


def test_nobody_types_the_decision_in(tell, cast):
    story = tell(unit="old")
    answer = story.attempt("agent", "triage", fault="quality", cover="free")
    assert story.case.facts["cover"] == (
        "paid" if answer.ok else "unknown"
    )  # a form ignores it, the API refuses it
    assert answer.ok == (story.interface == "pages")


def test_the_diagnosis_decides_again_on_what_was_found(tell, cast):
    story = tell().walk(ON_SITE)
    assert story.case.facts["cover"] == "free"
    story.take("engineer", "diagnose", fault="other", cause="accident")
    assert story.case.facts["cover"] == "paid" and story.is_sound()
    assert [d.outcome for d in decisions.history(cast.actor("agent"), story.case)] == ["free", "paid"]
