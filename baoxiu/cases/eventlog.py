"""C1, C6.2: the journals as event logs for process mining: XES (IEEE 1849) and OCEL 2.0 (JSON).

Steps are named by their codes; persons appear as the numbers the journal knows, never by name. Each
case must carry its journal, oldest first, as `entries`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from baoxiu.cases.models import Case, JournalEntry
from baoxiu.lib import canonical, eventlogs
from baoxiu.sop.standard import STANDARD

# object types of OCEL, and the columns of the case they come from
OBJECTS = {"customer": "customer_id", "unit": "unit_id", "engineer": "engineer_id", "station": "station_id"}


def xes(cases: Iterable[Case]) -> Iterator[str]:
    """The file, part by part."""
    return eventlogs.xes((_about(case), map(_event, _entries(case))) for case in cases)


def _entries(case: Case) -> list[JournalEntry]:
    found: list[JournalEntry] = case.entries  # type: ignore[attr-defined]
    return found


def _about(case: Case) -> eventlogs.Attributes:
    return {
        "concept:name": case.number, "kind": case.kind, "channel": case.channel, "priority": case.priority,
        "procedure": case.procedure, "stage": case.stage,
    }  # fmt: skip


def _event(entry: JournalEntry) -> eventlogs.Attributes:
    return {
        "concept:name": entry.step, "time:timestamp": entry.at, "lifecycle:transition": "complete",
        "org:resource": entry.actor, "org:role": entry.party, "clause": entry.clause, "stage": entry.to_stage,
        "number": entry.no,
    }  # fmt: skip


# -- OCEL 2.0 ----------------------------------------------------------------------------------


def _typed(names: Iterable[str]) -> list[dict[str, str]]:
    return [{"name": name, "type": "string"} for name in names]


_CASE = ("kind", "channel", "priority", "stage")
_EVENT = ("clause", "actor", "party", "stage")


def ocel(cases: Iterable[Case]) -> Iterator[str]:
    """The file, part by part: events first, for the objects are known once all cases were seen.

    The numbers of what cases share are kept in memory, nothing else.
    """
    types = [
        {"name": "case", "attributes": _typed(_CASE)},
        *({"name": name, "attributes": []} for name in OBJECTS),
    ]
    steps = [{"name": step.name, "attributes": _typed(_EVENT)} for step in STANDARD.steps]
    yield f'{{"objectTypes":{canonical.dumps(types)},\n"eventTypes":{canonical.dumps(steps)},\n"events":['
    shared: set[tuple[str, int]] = set()
    about: list[dict[str, Any]] = []
    comma = ""
    for case in cases:
        linked = _linked(case)
        shared |= set(linked)
        about.append(_case(case, linked))
        for entry in _entries(case):
            yield f"{comma}\n{canonical.dumps(_ocel_event(case, entry, linked))}"
            comma = ","
    yield '],\n"objects":['
    objects = (
        *about,
        *({"id": f"{n}-{pk}", "type": n, "attributes": [], "relationships": []} for n, pk in sorted(shared)),
    )
    for i, thing in enumerate(objects):
        yield f"{',' if i else ''}\n{canonical.dumps(thing)}"
    yield "]}\n"


def _linked(case: Case) -> list[tuple[str, int]]:
    pairs = ((name, getattr(case, column)) for name, column in OBJECTS.items())
    return [(name, pk) for name, pk in pairs if pk]


def _case(case: Case, linked: list[tuple[str, int]]) -> dict[str, Any]:
    at = _utc(case.created_at)
    return {
        "id": case.number,
        "type": "case",
        "attributes": [{"name": n, "time": at, "value": str(getattr(case, n))} for n in _CASE],
        "relationships": [{"objectId": f"{name}-{pk}", "qualifier": name} for name, pk in linked],
    }


def _ocel_event(case: Case, entry: JournalEntry, linked: list[tuple[str, int]]) -> dict[str, Any]:
    told = {"clause": entry.clause, "actor": entry.actor, "party": entry.party, "stage": entry.to_stage}
    return {
        "id": f"{case.number}-{entry.no}",
        "type": entry.step,
        "time": _utc(entry.at),
        "attributes": [{"name": n, "value": v} for n, v in told.items()],
        "relationships": [
            {"objectId": case.number, "qualifier": "case"},
            *({"objectId": f"{name}-{pk}", "qualifier": name} for name, pk in linked),
        ],
    }


def _utc(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
