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


def opening(form: str) -> str:
    """What stands before the first case. `form`: xes | ocel."""
    if form == "xes":
        return eventlogs.XES_HEAD
    types = [
        {"name": "case", "attributes": _typed(_CASE)},
        *({"name": name, "attributes": []} for name in OBJECTS),
    ]
    steps = [{"name": step.name, "attributes": _typed(_EVENT)} for step in STANDARD.steps]
    return f'{{"objectTypes":{canonical.dumps(types)},\n"eventTypes":{canonical.dumps(steps)},\n"events":['


def pieces(form: str, cases: Iterable[Case], *, is_first: bool) -> Iterator[tuple[str, str]]:
    """(part, text) of these cases: `log`, and for OCEL, whose objects stand behind all events, also `objects` and
    `shared`, the numbers of what cases share. `is_first`: no case was written before."""
    for case in cases:
        if form == "xes":
            yield "log", eventlogs.xes_trace(_about(case), map(_event, _entries(case)))
            continue
        linked, comma = _linked(case), "" if is_first else ","
        events = [canonical.dumps(_ocel_event(case, entry, linked)) for entry in _entries(case)]
        yield "log", f"{comma}\n" + ",\n".join(events)
        yield "objects", f"{comma}\n{canonical.dumps(_case(case, linked))}"
        yield "shared", "".join(f"{name} {pk}\n" for name, pk in linked)
        is_first = False


def closing(form: str, objects: Iterable[str], shared: Iterable[str]) -> Iterator[str]:
    """What stands behind the last case, from what was written to the other parts; each shared number once."""
    if form == "xes":
        yield eventlogs.XES_FOOT
        return
    yield '],\n"objects":['
    yield from objects
    for name, pk in _once(shared):
        thing = {"id": f"{name}-{pk}", "type": name, "attributes": [], "relationships": []}
        yield f",\n{canonical.dumps(thing)}"
    yield "]}\n"


def _once(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """A bit for each number: a million customers are known in an eighth of a megabyte."""
    known: dict[str, bytearray] = {}
    for name, pk in map(str.split, lines):
        place, bit = int(pk) >> 3, 1 << (int(pk) & 7)
        bits = known.setdefault(name, bytearray())
        if len(bits) <= place:
            bits.extend(bytes(place + 1024 - len(bits)))
        if not bits[place] & bit:
            bits[place] |= bit
            yield name, pk


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
