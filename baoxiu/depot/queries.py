"""C4.4b: the bench – what is on its way, waiting, in work, to be sent back."""

from __future__ import annotations

from typing import Any

from baoxiu.cases.models import Case, WorkOrder
from baoxiu.depot.models import Parcel, Receipt
from baoxiu.people.actors import Actor

COLUMNS = ("in_transit", "received", "waiting_consent", "waiting_parts", "on_bench", "to_ship", "shipped")
_STAGES = ("inbound", "repair", "consent", "parts", "handover")
_SHOWN = 100


def bench(viewer: Actor, limit: int = 500) -> dict[str, list[dict[str, Any]]]:
    """The depot cases the viewer may see, by column, most urgent first; at most 100 in each."""
    columns: dict[str, list[dict[str, Any]]] = {name: [] for name in COLUMNS}
    cases = list(
        Case.objects.visible_to(viewer)
        .filter(is_open=True, stage__in=_STAGES, facts__venue="depot")
        .order_by("next_due_at", "id")
        .values(
            "id",
            "number",
            "subject",
            "stage",
            "stage_since",
            "facts",
            "next_duty",
            "next_due_at",
            "priority",
            "contact_name",
            "language",
            "unit__product",
            "unit__serial",
            "engineer__name",
            "engineer_id",
            "station__name",
            "kind",
        )[:limit]
    )
    sent = {
        p["case_id"]: p
        for p in Parcel.objects.filter(case__in=[c["id"] for c in cases], status="sent")
        .order_by("id")
        .values("case_id", "direction", "carrier", "tracking", "sent_at")
    }
    on_bench = set(
        WorkOrder.objects.filter(case__in=[c["id"] for c in cases], status="on_bench").values_list(
            "case_id", flat=True
        )
    )
    for case in cases:
        column = columns[_column(dict(case), case["id"] in on_bench)]
        if len(column) < _SHOWN:
            column.append({**case, "parcel": sent.get(case["id"])})
    return columns


def _column(case: dict[str, Any], on_bench: bool) -> str:
    if case["stage"] == "repair":
        return "on_bench" if on_bench else "received"
    if case["stage"] == "handover":
        return "shipped" if case["facts"]["outbound"] == "shipped" else "to_ship"
    return {"inbound": "in_transit", "consent": "waiting_consent", "parts": "waiting_parts"}[case["stage"]]


def parcels(viewer: Actor, case: Case) -> list[Parcel]:
    """Parcels of the case, newest first."""
    return list(
        Parcel.objects.filter(case__in=Case.objects.visible_to(viewer).filter(pk=case.pk)).order_by("-id")
    )


def receipts(viewer: Actor, case: Case) -> list[Receipt]:
    """Receipts of the case, newest first."""
    return list(
        Receipt.objects.filter(case__in=Case.objects.visible_to(viewer).filter(pk=case.pk)).order_by("-id")
    )
