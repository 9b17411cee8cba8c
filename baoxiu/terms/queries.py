"""C7: the versions that were published."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass

from baoxiu.people.actors import Actor
from baoxiu.people.rules import Denied, need
from baoxiu.sop import amendments
from baoxiu.sop.entitlement.products import ROWS
from baoxiu.sop.entitlement.rules import RULES
from baoxiu.sop.text import Text
from baoxiu.sop.warranty import FIRST, Warranty
from baoxiu.terms import switches
from baoxiu.terms.models import ProcedureVersion, RuleSwitch, WarrantyVersion
from baoxiu.terms.warranty import START


def versions(viewer: Actor, limit: int = 50) -> list[ProcedureVersion]:
    """Newest first; for staff: what was agreed is no secret among colleagues."""
    if viewer.kind not in ("staff", "system"):
        return []
    return list(ProcedureVersion.objects.defer("meaning").order_by("-in_force_from")[:limit])


# -- the company's promise -----------------------------------------------------------------------

READERS = ("agent", "dispatcher", "engineer", "station_head", "account_manager", "manager", "administrator")


def _may_read(viewer: Actor) -> bool:
    try:
        need(viewer, *READERS)
    except Denied:
        return False
    return True


def warranties(viewer: Actor, limit: int = 200) -> list[WarrantyVersion]:
    """Newest first; the draft on top."""
    return list(WarrantyVersion.objects.order_by("-number")[:limit]) if _may_read(viewer) else []


def warranty(viewer: Actor, pk: int) -> WarrantyVersion:
    """Raises WarrantyVersion.DoesNotExist."""
    if not _may_read(viewer):
        raise WarrantyVersion.DoesNotExist
    return WarrantyVersion.objects.get(pk=pk)


@dataclass(frozen=True, slots=True)
class Announced:
    """A version as anybody may read it; `row` None: the promise an installation starts with."""

    life: amendments.Life
    sha256: str
    document: Warranty
    row: WarrantyVersion | None


def announced(viewer: Actor, today: dt.date) -> list[Announced]:
    """What was ever announced, newest first, for everybody: a promise is public. One statement."""
    rows = {row.number: row for row in WarrantyVersion.objects.exclude(status="draft")}
    begun = {
        status: [(r.in_force_from, n) for n, r in rows.items() if r.status == status and r.in_force_from]
        for status in ("published", "withdrawn")
    }
    first = (START.in_force_from, 0)
    found = amendments.lives([first, *begun["published"]], begun["withdrawn"], today)
    return [
        Announced(
            life, row.sha256 if (row := rows.get(life.number)) else START.sha256, row.document if row else FIRST, row
        )
        for life in found
    ]  # fmt: skip


def changed_texts() -> list[int]:
    """B07: the numbers of versions whose stored text is not what their hash names."""
    rows = WarrantyVersion.objects.exclude(status="draft").order_by("number")
    return [
        v.number
        for v in rows
        if hashlib.sha256(v.named.encode("utf-8", "surrogatepass")).hexdigest() != v.sha256
    ]


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule of the law, or a product's row, as it can be switched."""

    id: str
    title: Text
    source: Text | None  # of a rule
    jurisdiction: str  # "" everywhere
    verified: bool
    confidence: str
    is_on: bool
    ships_on: bool
    kind: str  # rule | row
    turned: RuleSwitch | None  # the latest turn


def rules(viewer: Actor) -> list[RuleRow]:
    """Every rule, then every product's row, in the order of the register; empty for those who may not read."""
    if not _may_read(viewer):
        return []
    turns = {turn.rule: turn for turn in RuleSwitch.objects.order_by("pk")}
    off = switches.off()
    found = [
        RuleRow(
            r.id, r.title, r.source, r.jurisdiction, r.verified, r.confidence, r.id not in off, r.ships_on, "rule",
            turns.get(r.id),
        )
        for r in RULES.values()
    ]  # fmt: skip
    months = Text("{} months, main parts {}", "整机{}个月，主要部件{}个月")
    for row in ROWS:
        said = Text(
            f"{row.name.en}: {months.en.format(row.months, row.part_months or row.months)}",
            f"{row.name.zh}：{months.zh.format(row.months, row.part_months or row.months)}",
        )
        found.append(
            RuleRow(
                row.id, said, None, "CN", row.verified, row.confidence, row.id not in off, row.confidence != "low", "row",
                turns.get(row.id),
            )
        )  # fmt: skip
    return found


def turns(viewer: Actor, limit: int = 50) -> list[RuleSwitch]:
    """What was switched, newest first."""
    return list(RuleSwitch.objects.order_by("-pk")[:limit]) if _may_read(viewer) else []
