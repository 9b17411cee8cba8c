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
from baoxiu.sop import procedure as sop
from baoxiu.terms import procedures


def get(viewer: Actor, number: str) -> Case:
    """The case with what its page needs. Raises Case.DoesNotExist when the viewer may not see it.

    Annotated: `paused_at`, `pause_reason`, `pause_until` of the pause it is in, if any.
    """
    pause = Pause.objects.filter(case=OuterRef("pk"), until_at=None)
    return (
        Case.objects.visible_to(viewer)
        .select_related("customer", "unit__model", "site", "owner", "engineer", "station", "merged_into")
        .annotate(
            paused_at=Subquery(pause.values("from_at")[:1]),
            pause_reason=Subquery(pause.values("reason")[:1]),
            pause_until=Subquery(pause.values("expected_date")[:1]),
        )
        .get(number=number)
    )


def allowed_steps(viewer: Actor, case: Case, open_duties: set[str]) -> list[sop.Step]:
    """The steps `viewer` may take now, in the procedure's order: the only buttons there are."""
    version = procedures.by_hash(case.procedure)
    return [
        step
        for step in version.by_stage.get(case.stage, ())
        if links.covers(viewer, step.name)
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
    return list(Duty.objects.filter(case=case, outcome="open").select_related("owner").order_by("due_at"))


def others(viewer: Actor, case: Case, limit: int = 6) -> list[dict[str, Any]]:
    """The customer's other cases that the viewer may see, newest first."""
    found = Case.objects.visible_to(viewer).filter(customer_id=case.customer_id).exclude(pk=case.pk)
    rows = found.order_by("-created_at", "-id").values(
        "number", "subject", "stage", "is_open", "created_at", "unit_id"
    )
    return [dict(row) for row in rows[:limit]]


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


def timeline(case: Case, *, before: int | None = None, limit: int = 50) -> Timeline:
    """The newest `limit` entries (before number `before`); two to five statements whatever the length."""
    newest: QuerySet[JournalEntry] = JournalEntry.objects.filter(case=case).select_related("content")
    if before:
        newest = newest.filter(no__lt=before)
    found = list(newest.order_by("-no")[: limit + 1])
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
    found = Staff.objects.with_role("agent") | Staff.objects.with_role("account_manager")
    people = sorted(found.values_list("pk", "name"), key=lambda p: (p[0] != viewer.staff_id, p[1]))
    return [(pk, name) for pk, name in people]
