"""C5.2: service levels as data – one book of calendars, yearly day tables and levels, versioned as a whole.

A level says for whom it holds (contract, tier, product class, priority, kind of request) and, per duty or per
clause, how many working minutes there are, on which calendar, what stops the clock, and what is done before and
at breach. The first level that fits and names the duty counts; where none does, the procedure's own time holds,
round the clock. Beside the promise to the customer may stand an inner target.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from baoxiu.lib import canonical, clocks
from baoxiu.lib.calendars import ROUND_THE_CLOCK, Calendar, WorkingTime
from baoxiu.lib.workdays import DayTable, Year, YearNotPublished, shipped
from baoxiu.sop import codes
from baoxiu.sop.standard import STANDARD
from baoxiu.sop.text import Text

ALWAYS = "24x7"
RESOLUTION = "resolution"
UNRESOLVED = frozenset(s.name for s in STANDARD.stages if not s.is_end) - {"followup", "final"}
SPANS = {RESOLUTION: Text("Resolution", "解决")}

# why a clock stands → the words and the clause that allows it
PAUSES: dict[str, tuple[Text, str]] = {
    "hold": (Text("On hold", "挂起"), "C4.1"),
    "customer": (Text("Waiting for the customer", "等待客户"), "C4.5"),
    "parts": (Text("Waiting for parts", "待料"), "C4.5"),
}
STAGE_PAUSES = {"consent": "customer", "parts": "parts"}  # waiting at these stages
POINTS: codes.Codes = {
    "warn": Text("Before it is due", "到期前提醒"),
    "inner": Text("Inner target missed", "超过内控目标"),
    "breach": Text("Overdue", "超时"),
}
ACTIONS: codes.Codes = {
    "notify": Text("Notify", "通知"),
    "raise": Text("Raise the priority", "提高优先级"),
    "reassign": Text("Give it to the whole team", "转给全队处理"),
}
Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
Name = Annotated[str, Field(min_length=1, max_length=100)]
Minutes = Annotated[int, Field(ge=1, le=527_040)]


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Action(_Frozen):
    """What is done at a point. `to` (notify): owner, or a role; the owner of a duty nobody has is its team."""

    at: Literal["warn", "inner", "breach"]
    do: Literal["notify", "raise", "reassign"]
    to: Literal["owner", "agent", "dispatcher", "engineer", "station_head", "account_manager", "manager"] = (
        "owner"
    )


class Target(_Frozen):
    """Working minutes to the promise; `inner_minutes` to the inner target, which is never later."""

    minutes: Minutes
    inner_minutes: Minutes | None = None
    warn_percent: Annotated[int, Field(ge=1, le=99)] = 75
    calendar: str = Field(default="", description="Empty: the level's.")
    stops_for: tuple[Literal["hold", "customer", "parts"], ...] | None = Field(
        default=None, description="Left out: hold; for the resolution also customer and parts."
    )
    actions: tuple[Action, ...] = ()

    @model_validator(mode="after")
    def _inner_first(self) -> Self:
        if self.inner_minutes and self.inner_minutes > self.minutes:
            raise ValueError("the inner target is later than the promise")
        return self


class Level(_Frozen):
    """For whom: an empty list asks nothing. `targets`: by duty (first_response, … or resolution) or by clause (C4.3)."""

    code: Slug
    name_en: Name
    name_zh: Name
    contracts: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    priorities: tuple[Annotated[int, Field(ge=1, le=4)], ...] = ()
    kinds: tuple[str, ...] = ()
    calendar: str = ALWAYS
    targets: Mapping[str, Target]

    def fits(self, subject: Subject) -> bool:
        asked = (
            (self.contracts, subject.contract), (self.tiers, subject.tier), (self.classes, subject.product_class),
            (self.priorities, subject.priority), (self.kinds, subject.kind),
        )  # fmt: skip
        return all(not wanted or value in wanted for wanted, value in asked)

    def target(self, duty: str, clause: str) -> Target | None:
        return self.targets.get(duty) or self.targets.get(clause)


class Hours(_Frozen):
    """A working calendar: seven days of periods such as 09:00-12:00 from Monday; `table`: of holidays, or none."""

    code: Slug
    name_en: Name
    name_zh: Name
    zone: str = "Asia/Shanghai"
    week: Annotated[tuple[tuple[str, ...], ...], Field(min_length=7, max_length=7)]
    makeup: tuple[str, ...] = ()
    table: str = ""

    @model_validator(mode="after")
    def _is_a_calendar(self) -> Self:
        if self.code == ALWAYS:
            raise ValueError(f"{ALWAYS} is round the clock and cannot be changed")
        WorkingTime.from_json(self.model_dump())
        return self


class Days(_Frozen):
    """One year of a day table, as MM-DD."""

    holidays: tuple[str, ...] = ()
    workdays: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """What a level asks about a case."""

    product_class: str = ""
    priority: int = 3
    kind: str = "repair"
    contract: str = ""
    tier: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a clock runs under."""

    minutes: int
    calendar: str = ALWAYS
    level: str = ""
    inner_minutes: int | None = None
    warn_share: float = 0.75
    stops_for: tuple[str, ...] = ("hold",)
    actions: tuple[Action, ...] = ()


class Book(_Frozen):
    """All of it: what is published, kept by content and named in the journal."""

    calendars: tuple[Hours, ...] = ()
    tables: Mapping[str, Mapping[int, Days]] = {}
    levels: tuple[Level, ...] = ()

    @model_validator(mode="after")
    def _stands(self) -> Self:
        for what, listed in (
            ("calendar", [c.code for c in self.calendars]),
            ("level", [x.code for x in self.levels]),
        ):
            if twice := {code for code in listed if listed.count(code) > 1}:
                raise ValueError(f"{what} {min(twice)} is there twice")
        known = {c.code for c in self.calendars} | {ALWAYS}
        asked = {x.calendar for x in self.levels} | {
            t.calendar or ALWAYS for x in self.levels for t in x.targets.values()
        }
        if missing := asked - known:
            raise ValueError(f"there is no calendar {min(missing)}")
        if missing := {c.table for c in self.calendars if c.table} - set(self.tables):
            raise ValueError(f"there is no day table {min(missing)}")
        if missing := {k for x in self.levels for k in x.targets} - NAMED:
            raise ValueError(f"there is no duty or clause {min(missing)}")
        for code in self.tables:
            self.table(code)
        return self

    @cached_property
    def canonical(self) -> str:
        return canonical.dumps(self.model_dump(mode="json"))

    @cached_property
    def sha256(self) -> str:
        return canonical.sha256(self.model_dump(mode="json"))

    def table(self, code: str) -> DayTable:
        """Raises KeyError, ValueError."""
        years = {y: Year.of(y, days.holidays, days.workdays) for y, days in self.tables[code].items()}
        return DayTable(code, years)

    @cached_property
    def _working_times(self) -> dict[str, tuple[Calendar, Calendar]]:
        found: dict[str, tuple[Calendar, Calendar]] = {ALWAYS: (ROUND_THE_CLOCK, ROUND_THE_CLOCK)}
        for hours in self.calendars:
            table = self.table(hours.table) if hours.table else None
            raw = hours.model_dump()
            found[hours.code] = WorkingTime.from_json(raw, table), WorkingTime.from_json(raw)
        return found

    @property
    def asks_contract(self) -> bool:
        return any(level.contracts or level.tiers for level in self.levels)

    def terms(self, duty: str, clause: str, subject: Subject, default: Terms | None) -> Terms | None:
        """What a clock of this duty runs under now; `default` where no level speaks of it."""
        for level in self.levels:
            if level.fits(subject) and (target := level.target(duty, clause)):
                return _terms(level, target, duty)
        return default

    def terms_of(self, level: str, duty: str, clause: str) -> Terms | None:
        """What level `level` says of a duty, whoever it is for."""
        for known in self.levels:
            if known.code == level and (target := known.target(duty, clause)):
                return _terms(known, target, duty)
        return None

    def due(
        self, calendar: str, start: dt.datetime, minutes: float, pauses: Iterable[clocks.Interval] = ()
    ) -> tuple[dt.datetime | None, bool]:
        """(due or None while it stands, whether it is provisional).

        Provisional: a year on the way is not published; it is counted without holidays, so never too late, and
        derived again once the year is entered. Raises KeyError for an unknown calendar, OutOfRange.
        """
        exact, plain = self._working_times[calendar]
        stood = list(pauses)
        try:
            return clocks.due(exact, start, minutes, stood), False
        except YearNotPublished:
            return clocks.due(plain, start, minutes, stood), True


def _terms(level: Level, target: Target, duty: str) -> Terms:
    usual = ("hold", "customer", "parts") if duty == RESOLUTION else ("hold",)
    return Terms(
        target.minutes, target.calendar or level.calendar, level.code, target.inner_minutes,
        target.warn_percent / 100, usual if target.stops_for is None else target.stops_for, target.actions,
    )  # fmt: skip


NAMED = frozenset({*STANDARD.duty, *SPANS, *(d.clause for d in STANDARD.duties)})


def china() -> dict[int, Days]:
    """The shipped years, as a book holds them."""
    return {year: Days(**days.to_json()) for year, days in shipped("CN").years.items()}


OFFICE_HOURS = Hours(
    code="office",
    name_en="Office hours",
    name_zh="办公时间",
    week=(("09:00-12:00", "13:00-18:00"),) * 5 + ((), ()),
    table="CN",
)
FIRST = Book(calendars=(OFFICE_HOURS,), tables={"CN": china()})
"""What an installation starts with: a calendar to build levels on, and no level yet."""


def missing_years(book: Book, now: dt.datetime) -> list[tuple[str, int]]:
    """(table, year) of what should be published by now: this year, and from November the next."""
    wanted = [now.year, now.year + 1] if now.month >= 11 else [now.year]
    return [(code, year) for code in sorted(book.tables) for year in wanted if year not in book.tables[code]]
