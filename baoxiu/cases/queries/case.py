"""C4: one case and what stands around it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from baoxiu.cases import links
from baoxiu.cases.models import Attachment, Case, Duty, JournalEntry, Outgoing, Pause, PersonalLink, WorkOrder
from baoxiu.people.actors import OFFICE, Actor
from baoxiu.people.models import Staff, Station
from baoxiu.people.remembered import remembered
from baoxiu.sop import procedure as sop
from baoxiu.terms import procedures


def get(viewer: Actor, number: str) -> Case:
    """The case with what its page needs. Raises Case.DoesNotExist when the viewer may not see it.

    Annotated: `paused_at`, `pause_reason`, `pause_until` of the pause it is in, if any.
    """
    if not (viewer.kind == "system" or viewer.parties & OFFICE):
        to_step(viewer, number)  # a small statement of its own: the large one is built once for all
    for case in _by_number(number):
        return case
    raise Case.DoesNotExist


def to_step(viewer: Actor, number: str) -> Case:
    """The case for `take_step`, which reads it under its lock: nothing is loaded but its number. Raises as `get`."""
    return Case.objects.visible_to(viewer).only("number").get(number=number)


def _whole(cases: QuerySet[Case]) -> QuerySet[Case]:
    pause = Pause.objects.filter(case=OuterRef("pk"), until_at=None, scope="hold")
    return cases.select_related(
        "customer", "unit__model", "site", "owner", "engineer", "station", "merged_into"
    ).annotate(
        paused_at=Subquery(pause.values("from_at")[:1]),
        pause_reason=Subquery(pause.values("reason")[:1]),
        pause_until=Subquery(pause.values("expected_date")[:1]),
    )


@remembered
def _by_number(number: str) -> QuerySet[Case]:
    """Once it is known that the viewer may see it."""
    return _whole(Case.objects.all()).filter(number=number)


def allowed_steps(viewer: Actor, case: Case, open_duties: set[str]) -> list[sop.Step]:
    """The steps `viewer` may take now, in the procedure's order: the only buttons there are."""
    version = procedures.by_hash(case.procedure)
    is_reviewed = "review" in open_duties
    return [
        step
        for step in version.by_stage.get(case.stage, ())
        if not (is_reviewed and step.name == "contest")
        and links.covers(viewer, step.name)
        and sop.refusal(
            version,
            step.name,
            stage=case.stage,
            facts=case.facts,
            open_duties=open_duties,
            parties=viewer.parties,
        )
        is None
    ]


def open_duties(case: Case) -> list[Duty]:
    return _open_duties(case.pk)


@remembered
def _open_duties(case_id: int) -> QuerySet[Duty]:
    return Duty.objects.filter(case_id=case_id, outcome="open").select_related("owner").order_by("due_at")


def others(viewer: Actor, case: Case, limit: int = 6) -> list[dict[str, Any]]:
    """The customer's other cases that the viewer may see, newest first."""
    if viewer.kind == "system" or viewer.parties & OFFICE:
        found = _others(case.customer_id, case.pk)[:limit]
        return [{name: getattr(other, name) for name in _OTHER} for other in found]
    mine = Case.objects.visible_to(viewer).filter(customer_id=case.customer_id).exclude(pk=case.pk)
    return [dict(row) for row in mine.order_by("-created_at", "-id").values(*_OTHER)[:limit]]


_OTHER = ("number", "subject", "stage", "is_open", "created_at", "unit_id")


@remembered
def _others(customer_id: int, case_id: int) -> QuerySet[Case]:
    found = Case.objects.filter(customer_id=customer_id).exclude(pk=case_id)
    return found.order_by("-created_at", "-id").only(*_OTHER)[:20]


def work_orders(case: Case, limit: int = 5) -> list[WorkOrder]:
    """Newest first."""
    return list(
        WorkOrder.objects.filter(case=case).select_related("engineer", "station").order_by("-id")[:limit]
    )


@dataclass(slots=True)
class Timeline:
    """A case's journal, oldest first, with what its entries name."""

    entries: list[JournalEntry]
    has_older: bool
    files: dict[int, list[Attachment]] = field(default_factory=dict)  # entry id → its files
    staff: dict[int, str] = field(default_factory=dict)
    stations: dict[int, str] = field(default_factory=dict)


SHOWN = 50  # entries of a journal on one page


@remembered
def _newest(case_id: int) -> QuerySet[JournalEntry]:
    entries = JournalEntry.objects.filter(case_id=case_id).select_related("content")
    return entries.order_by("-no")[: SHOWN + 1]


def timeline(case: Case, *, before: int | None = None, limit: int = SHOWN) -> Timeline:
    """The newest `limit` entries (before number `before`); two to five statements whatever the length."""
    if before or limit > SHOWN:
        newest = JournalEntry.objects.filter(case=case, no__lt=before or 2**31 - 1).select_related("content")
        found = list(newest.order_by("-no")[: limit + 1])
    else:
        found = _newest(case.pk)[: limit + 1]
    line = Timeline(found[:limit][::-1], len(found) > limit)
    if any("files" in entry.body.get("data", {}) for entry in line.entries):
        for file in Attachment.objects.filter(entry__in=[e.pk for e in line.entries]).order_by("pk"):
            line.files.setdefault(file.entry_id or 0, []).append(file)
    line.staff, line.stations = _names(case, line.entries)
    return line


_STAFF_KEYS, _STATION_KEYS = ("engineer", "owner", "engineer_id", "owner_id"), ("station", "station_id")


def _names(case: Case, entries: list[JournalEntry]) -> tuple[dict[int, str], dict[int, str]]:
    """Names of the staff and stations that bodies mention; asks only for those the case does not carry."""
    staff = {p.pk: p.name for p in (case.owner, case.engineer) if p}
    stations = {case.station.pk: case.station.name} if case.station else {}
    wanted_staff: set[int] = set()
    wanted_stations: set[int] = set()
    for entry in entries:
        for part in (entry.body.get("data", {}), entry.body.get("set", {})):
            wanted_staff |= {part[k] for k in _STAFF_KEYS if isinstance(part.get(k), int)}
            wanted_stations |= {part[k] for k in _STATION_KEYS if isinstance(part.get(k), int)}
    if missing := wanted_staff - staff.keys():
        staff.update(Staff.objects.filter(pk__in=missing).values_list("pk", "name"))
    if missing := wanted_stations - stations.keys():
        stations.update(Station.objects.filter(pk__in=missing).values_list("pk", "name"))
    return staff, stations


def stages_passed(case: Case) -> list[str]:
    """The stages the case has been at, in order of first arrival."""
    passed = JournalEntry.objects.filter(case=case).order_by("no").values_list("to_stage", flat=True)
    return list(dict.fromkeys(passed))


def outgoing(case: Case, limit: int = 20) -> list[Outgoing]:
    """Messages the case owes or has sent, newest first."""
    return list(Outgoing.objects.filter(case=case).order_by("-id")[:limit])


def live_links(case: Case, *, now: dt.datetime) -> list[PersonalLink]:
    return list(
        PersonalLink.objects.filter(case=case, revoked_at=None, expires_at__gt=now).order_by("purpose", "id")
    )


def shows_contact(viewer: Actor, case: Case) -> bool:
    """C9: whether `viewer` needs to reach this customer: the office, and whoever does this very case."""
    if viewer.kind in ("link", "integration", "system") or viewer.parties & OFFICE:
        return True
    return (
        (viewer.has("engineer") and case.engineer_id == viewer.staff_id)
        or (
            viewer.has("station_head")
            and viewer.station_id is not None
            and case.station_id == viewer.station_id
        )
        or (viewer.has("account_manager") and case.customer.account_manager_id == viewer.staff_id)
    )


def owners(viewer: Actor) -> list[tuple[int, str]]:
    """Who may answer for a case: agents and account managers at work, the viewer first, then by name."""
    people = sorted((row["pk"] != viewer.staff_id, row["name"], row["pk"]) for row in _owners())
    return [(pk, name) for _, name, pk in people]


@remembered
def _owners() -> QuerySet[Staff, Any]:
    found = Staff.objects.with_role("agent") | Staff.objects.with_role("account_manager")
    return found.values("pk", "name")
