"""Plans as files: our own JSON, the city day's, TRSP's routes, and `Route #1: 3 17` text."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from baoxiu.dispatch.plan.model import STOCKROOM, Day, Plan

Own = Callable[[Day, Any], Plan]


def read(day: Day, text: str, own: Own | None) -> Plan:
    """A plan from text. `own` reads the format's own JSON shape. Raises ValueError."""
    if re.search(r"^Route #\d+:", text, re.MULTILINE):
        return _numbered(day, text)
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"neither JSON nor 'Route #1: …' lines ({error})") from error
    try:
        if own and (plan := own(day, data)):
            return plan
        return _ours(data)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a plan ({type(error).__name__}: {error})") from error


def write(day: Day, plan: Plan) -> object:
    """`{"routes": [{"engineer": id, "stops": [job id or "@stockroom", …]}, …]}`."""
    return {"routes": [{"engineer": e, "stops": list(s)} for e, s in sorted(plan.routes.items()) if s]}


def number(name: str) -> int | str:
    """Authors number what they plan; a strange name in a plan that is only refereed stays as it is."""
    return int(name) if name.isascii() and name.isdecimal() and len(name) < 16 else name


def numbered(plan: Plan) -> list[tuple[str, tuple[str, ...]]]:
    """The routes with a stop by their engineers' numbers, strange names last."""
    routes = [(e, stops) for e, stops in plan.routes.items() if stops]
    return sorted(routes, key=lambda r: (isinstance(number(r[0]), str), len(r[0]), r[0]))


def _ours(data: Any) -> Plan:
    rows = data["plan"]["routes"] if "plan" in data else data["routes"]
    return Plan({str(r["engineer"]): tuple(map(str, r.get("stops", r.get("jobs")))) for r in rows})


def _numbered(day: Day, text: str) -> Plan:
    """Route n is engineer n's; 0 is the stockroom."""
    found = {}
    for n, stops in re.findall(r"^Route #(\d+):(.*)$", text, re.MULTILINE):
        found[n] = tuple(STOCKROOM if s == "0" else s for s in stops.split())
    return Plan(found)
