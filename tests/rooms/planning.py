"""A day to plan: two engineers in one city who can mend washing machines, and jobs at places a few minutes apart."""

from __future__ import annotations

import datetime as dt

from baoxiu.cases.models import Case
from baoxiu.people.models import Site, Skill, StaffSkill
from tests.conftest import Cast
from tests.rooms.walking import Walk, begin

HOUR = dt.timedelta(hours=1)


def ready(cast: Cast) -> None:
    """钱工 moves to the city of the others and learns to mend washing machines."""
    second = cast.staff["engineer2"]
    type(second).objects.filter(pk=second.pk).update(lat=31.22, lon=121.46, region="上海市")
    StaffSkill.objects.create(staff=second, skill=Skill.objects.get(code="washing"), level=2)


def job(
    cast: Cast, now: dt.datetime, steps: str = "triage confirm", *, east: float = 0.0, **columns: int
) -> Walk:
    """A confirmed job, `east` degrees from the usual place."""
    walk = begin(cast, now).steps(steps)
    site = Site.objects.create(
        customer=cast.wang, province="上海市", city="上海市", district="徐汇区", street="漕宝路1号",
        lat=31.19, lon=121.44 + east,
    )  # fmt: skip
    Case.objects.filter(pk=walk.case.pk).update(site=site, **columns)
    walk.case.refresh_from_db()
    return walk
