"""One request of the demo on its way: who does what next, and when. Every step goes through the gate."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from baoxiu.cases import attachments, links, steps
from baoxiu.cases.models import Case
from baoxiu.faces.console.demo import fate, pictures, words
from baoxiu.faces.console.demo.cast import Cast
from baoxiu.faces.console.demo.requests import Row
from baoxiu.people.actors import Actor
from baoxiu.people.models import Staff
from baoxiu.people.remembered import remembered
from baoxiu.sop.payloads import PAYLOADS

Act = Callable[[dt.datetime], None]
ZONES = {True: ZoneInfo("Asia/Shanghai"), False: ZoneInfo("Europe/London")}
WINDOWS = ((9, 0, 11, 0), (11, 0, 13, 0), (13, 30, 15, 30), (15, 30, 17, 30))
LAST_WINDOW, SHORT = dt.time(18, 30), dt.timedelta(minutes=90)
MINUTE, BRISK = dt.timedelta(minutes=1), 0.15


@dataclass
class Diary:
    """The visiting windows already given away, by engineer."""

    taken: dict[int, list[tuple[dt.datetime, dt.datetime]]] = field(default_factory=dict)

    def reserve(
        self, engineer: int, earliest: dt.datetime, zone: ZoneInfo
    ) -> tuple[dt.datetime, dt.datetime]:
        """The engineer's first free window after `earliest`."""
        day = earliest.astimezone(zone).date()
        while True:
            for h1, m1, h2, m2 in WINDOWS:
                start, end = (dt.datetime.combine(day, dt.time(*t), zone) for t in ((h1, m1), (h2, m2)))
                if start > earliest and self._take(engineer, start, end):
                    return start, end
            day += dt.timedelta(days=1)

    def squeeze(
        self, engineer: int, earliest: dt.datetime, zone: ZoneInfo
    ) -> tuple[dt.datetime, dt.datetime]:
        """The engineer's next hour and a half, until the evening."""
        start = earliest.astimezone(zone).replace(minute=0, second=0, microsecond=0)
        while True:
            start += dt.timedelta(minutes=30)
            if start.time() > LAST_WINDOW or start.hour < WINDOWS[0][0]:
                continue
            if start > earliest and self._take(engineer, start, start + SHORT):
                return start, start + SHORT

    def _take(self, engineer: int, start: dt.datetime, end: dt.datetime) -> bool:
        mine = self.taken.setdefault(engineer, [])
        if any(a < end and start < b for a, b in mine):
            return False
        mine.append((start, end))
        return True


@dataclass
class Story:
    """A request with its fate. `done` holds what happens only once; `number` is the case's."""

    row: Row
    no: int
    cast: Cast
    diary: Diary
    with_pictures: bool
    chance: random.Random = field(init=False)
    fate: fate.Fate = field(init=False)
    number: str = ""
    done: set[str] = field(default_factory=set)
    read: Case | None = None
    owes_answer: bool = False
    favours: str = ""  # the engineer who gets it where he may
    rests_at: str = ""  # the stage where it still is when the demo begins
    comes_after: dt.datetime | None = None  # no visit before; such a request is dealt with at once

    def __post_init__(self) -> None:
        self.chance = random.Random(f"baoxiu-{self.no}")
        self.fate = fate.of(self.row, self.chance)

    # -- when -----------------------------------------------------------------------------

    @property
    def zone(self) -> ZoneInfo:
        return ZONES[self.row.language == "zh"]

    def soon(self, now: dt.datetime, low: float, high: float, stage: str = "") -> dt.datetime:
        """Some time between `low` and `high` minutes from now, at working hours; far later where it lies about."""
        minutes = self.chance.uniform(low, high) * (BRISK if self.comes_after else 1)
        if stage and stage == self.fate.lies_at and f"lay {stage}" not in self.done:
            self.done.add(f"lay {stage}")
            minutes = max(minutes * self.chance.uniform(5, 12), 300)
        return self.at_work(now + minutes * MINUTE)

    def at_work(self, moment: dt.datetime) -> dt.datetime:
        local = moment.astimezone(self.zone)
        early, late = (8, 22) if self.row.language == "zh" else (8, 20)
        if local.hour < early:
            local = local.replace(hour=early, minute=self.chance.randint(1, 40))
        elif local.hour >= late:
            local = (local + dt.timedelta(days=1)).replace(hour=early, minute=self.chance.randint(1, 50))
        return max(local, moment)

    def once(self, what: str) -> bool:
        """True the first time."""
        if what in self.done:
            return False
        self.done.add(what)
        return True

    # -- who ------------------------------------------------------------------------------

    @property
    def agent(self) -> Actor:
        return self.cast.agent(self.row.language, self.no)

    def engineer(self, case: Case) -> Actor:
        return self.cast.by_id[case.engineer_id or 0]

    def at_bench(self, case: Case) -> Actor:
        """Who works on it at the station: its engineer, before that the head."""
        return self.engineer(case) if case.engineer_id else self.cast.head_of(case.station_id)

    def customer(self, case: Case, purpose: str, now: dt.datetime) -> Actor:
        return links.actor(links.issue(case, purpose, now=now))

    def station_near(self) -> int:
        by_province = {"北京市": "BJ1", "广东省": "GZ1", "四川省": "CD1", "湖北省": "CD1"}
        if self.row.language != "zh":
            return self.cast.stations["LDN" if self.row.country in ("GB", "US", "CA") else "UTR"].pk
        return self.cast.stations[by_province.get(self.row.province, "SH1")].pk

    def skilled(self, staff: list[Staff]) -> Staff:
        return self.chance.choice(staff)

    # -- what -----------------------------------------------------------------------------

    def case(self) -> Case:
        """The case as it stands; nobody moves it between a plan and its act."""
        if self.read is None:
            self.read = _numbered(self.number)[0]
        return self.read

    def say(self, occasion: str) -> str:
        name = self.row.name if self.row.language != "zh" else self.row.name[:1] + "先生/女士"
        return words.say(occasion, self.row.language, self.chance, name=name)

    def take(self, case: Case, step: str, by: Actor, now: dt.datetime, **fields: Any) -> steps.Taken:
        self.read = None
        self.owes_answer = step in ("message", "chase") or (
            self.owes_answer and step not in ("reply", "call")
        )
        return steps.take_step(case, step, PAYLOADS[step](**fields), by=by, now=now)

    def photos(self, share: float, by: Actor, now: dt.datetime) -> list[int]:
        """Ids of fresh photos, in some share of the cases."""
        if not self.with_pictures or self.chance.random() > share:
            return []
        picture = pictures.photo(self.row.product_class, self.chance.randint(0, 11))
        return [attachments.store(picture, by=by, now=now).pk]


@remembered
def _numbered(number: str) -> QuerySet[Case]:
    return Case.objects.filter(number=number)
