"""What several rooms' tests start from."""

from __future__ import annotations

import pytest

from baoxiu.people.models import Skill, StaffSkill


@pytest.fixture
def skilled(cast):
    """钱工 can mend washing machines too."""
    return StaffSkill.objects.create(
        staff=cast.staff["engineer2"], skill=Skill.objects.get(code="washing"), level=2
    )
