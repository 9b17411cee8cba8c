"""C3.1: a quality fault is repaired or replaced free of charge; who says otherwise says why."""

from __future__ import annotations

import pytest

from baoxiu.cases import decisions
from baoxiu.charges.models import Quote
from tests.story.telling import CALLS, FREE_REPAIR, ON_SITE

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
