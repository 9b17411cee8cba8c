"""C4: a step being taken, its answer, and the ways it may be refused."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from baoxiu.cases.models import Case, Duty
from baoxiu.people.actors import Actor
from baoxiu.sop import payloads
from baoxiu.sop import procedure as sop
from baoxiu.sop.text import Text

COLUMNS = frozenset(
    [
        "priority",
        "subject",
        "contact_name",
        "contact_phone",
        "contact_email",
        "customer_id",
        "unit_id",
        "site_id",
        "owner_id",
        "engineer_id",
        "station_id",
        "merged_into_id",
        "kind",
        "language",
    ]
)
PERSONAL_COLUMNS = frozenset({"subject", "contact_name", "contact_phone", "contact_email"})


class StepRefused(Exception):
    """The rules say no. `code` is for machines, `reason` for people in both languages."""

    def __init__(self, code: str, reason: Text, field: str = "") -> None:
        super().__init__(reason.en)
        self.code, self.reason, self.field = code, reason, field


class Conflict(Exception):
    """Somebody else moved the case in the same moment; nothing was changed."""


class KeyReused(Exception):
    """An idempotency key came again with another request."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The answer of a step; the same again when its key comes again (`replayed`)."""

    number: str
    step: str
    entry_no: int
    stage: str
    extra: dict[str, Any] = field(default_factory=dict)
    replayed: bool = False

    def to_json(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "step": self.step,
            "entry_no": self.entry_no,
            "stage": self.stage,
            "extra": self.extra,
        }


@dataclass
class Taking:
    """A step being taken: what the room's operation reads and adds.

    `facts`: values for the facts the step chooses. `changes`: columns of the case (journalled, so
    that `verify` can rebuild them). `data`: more for the journal's body; `words`: more personal
    content. `due`: due times agreed or set by hand, which stay; `minutes`: other working minutes
    than the level's; `stands`: open duties with such a time that stand still from this step on, until it is set anew. `owners`: duty kind → staff id.
    `reassign`: the same for duties already open.
    `orders`: written by `work_orders`. `extra`: more for the answer. `context`: more for the message to the customer.
    """

    case: Case
    procedure: sop.Procedure
    step: sop.Step
    payload: payloads.Payload
    by: Actor
    now: dt.datetime
    entry_no: int
    open_duties: dict[str, Duty]
    facts: dict[str, str] = field(default_factory=dict)
    changes: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    words: dict[str, Any] = field(default_factory=dict)
    due: dict[str, dt.datetime] = field(default_factory=dict)
    minutes: dict[str, int] = field(default_factory=dict)
    owners: dict[str, int] = field(default_factory=dict)
    reassign: dict[str, int | None] = field(default_factory=dict)
    orders: dict[str, dict[str, Any]] = field(default_factory=dict)  # work order → columns as they become
    extra: dict[str, Any] = field(default_factory=dict)
    context: dict[str, Any] = field(default_factory=dict)
    unowed: set[str] = field(default_factory=set)  # duties the step opens only where a rule says so
    stands: set[str] = field(default_factory=set)
    clock_from: dt.datetime | None = None  # what new duties are counted from, when not from `now`

    def refuse(self, en: str, zh: str, code: str = "invalid", field: str = "") -> StepRefused:
        """`raise taking.refuse(…)`: a room's own no, naming the field where there is one."""
        return StepRefused(code, Text(en, zh), field)
