"""Every story is told twice: through the pages and through the API."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from baoxiu.people.models import Skill, StaffSkill
from tests.story import telling


@pytest.fixture(params=["pages", "api"])
def tell(request, cast) -> Callable[..., telling.Story]:
    """`tell()` begins a story; `tell(unit="old")` one out of warranty."""

    def begin(**more):
        return telling.begin(cast, request.param, **more)

    return begin


@pytest.fixture
def skilled(cast):
    """钱工 can mend washing machines too."""
    return StaffSkill.objects.create(
        staff=cast.staff["engineer2"], skill=Skill.objects.get(code="washing"), level=2
    )
