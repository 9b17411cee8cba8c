"""C5.2: a manager makes a case more urgent and its clocks follow; what was promised is told, kept and replayed."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from baoxiu.cases.models import Duty
from baoxiu.clocks import operations as clocks
from baoxiu.service_levels import operations as levels
from baoxiu.sop.service_levels import FIRST, Book

pytestmark = pytest.mark.django_db
URGENT = {
    "code": "urgent", "name_en": "Urgent", "name_zh": "加急", "priorities": [1],
    "targets": {"first_response": {"minutes": 15, "actions": [{"at": "breach", "do": "notify", "to": "manager"}]}},
}  # fmt: skip


@pytest.fixture
def urgent(cast):
    book = Book.model_validate(FIRST.model_dump(mode="json") | {"levels": [URGENT]})
    return levels.publish(book, reason="签约", by=cast.actor("manager"), now=timezone.now())


def test_a_manager_escalates_and_the_promise_is_kept_shorter(tell, cast, urgent):
    story = tell()
    before = Duty.objects.get(case=story.case, kind="first_response")
    story.cannot("agent", "escalate", priority="1", reason="急")
    story.take("manager", "escalate", priority="1", reason="客户家中漏水")
    after = Duty.objects.get(case=story.case, kind="first_response")
    assert (before.due_at - after.due_at, after.level) == (dt.timedelta(minutes=45), "urgent")
    assert story.is_sound()


def test_nothing_to_change_is_no_escalation(tell, cast, urgent):
    tell().cannot("manager", "escalate", priority="", reason="急")


def test_due_times_are_derived_again_on_demand(tell, cast, urgent):
    story = tell()
    story.take("manager", "retime", reason="核对")
    assert story.is_sound()


def test_a_missed_promise_alarms_the_manager_once(tell, cast, urgent):
    story = tell()
    story.take("manager", "escalate", priority="1", reason="急")
    late = timezone.now() + dt.timedelta(hours=1)
    assert [clocks.tick(now=late).fired for _ in range(2)] == [1, 0]
    assert story.is_sound()
