"""C5.2: what intake promises is what the clock then says."""

from __future__ import annotations

import pytest

from baoxiu.cases.clocks import promised
from baoxiu.sop.service_levels import Subject
from baoxiu.sop.standard import STANDARD
from tests.rooms import test_clocks as clocks
from tests.rooms.walking import begin

pytestmark = pytest.mark.django_db


def test_what_is_promised_before_there_is_a_case_is_what_its_clock_then_says(cast, now):
    night = clocks.at("2026-11-02T20:00")  # closed until nine
    clocks.publish(
        cast,
        now,
        clocks.level("gold", tiers=["gold"], targets={"first_response": {"minutes": 30}}),
        clocks.level(),
    )
    for subject, due in ((Subject(), "2026-11-03T11:00"), (Subject(tier="gold"), "2026-11-03T09:30")):
        assert promised(STANDARD, "first_response", subject, now=night) == clocks.at(due)
    walk = begin(cast, night)
    assert clocks.clock(walk).due_at == clocks.at("2026-11-03T11:00")
    assert promised(STANDARD, "final_followup", Subject(), now=night) > night  # no level speaks of it
