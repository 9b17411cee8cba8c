"""Files a day can be read from: our own JSON day, the city day, Solomon, VRPLIB, TRSP, HHCRSP.

Each module has `matches(head)`, `read(text, name) -> Day`, `read_plan(day, text) -> Plan` and `write_plan(day, plan)`;
`measure(day, verdict)` is the cost as the file's authors count it. Lengths with fractions are scaled to integers.
"""

from __future__ import annotations

import mmap
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from pydantic import ValidationError

from baoxiu.dispatch.plan.formats import city_day, day_json, faults, hhcrsp, routes, solomon, trsp, vrplib
from baoxiu.dispatch.plan.model import Day, Plan
from baoxiu.dispatch.plan.referee import Verdict

FORMATS: dict[str, ModuleType] = {
    "day": day_json, "city-day": city_day, "solomon": solomon, "vrplib": vrplib, "trsp": trsp, "hhcrsp": hhcrsp,
}  # fmt: skip


UNSOUND = (LookupError, ValueError, TypeError, AttributeError, ArithmeticError, RecursionError, MemoryError)
LARGE = 2_000_000  # bytes; what is larger is mapped, not read


class Unreadable(Exception):
    """The file is in no known format, or broken; the message says which."""


@dataclass(frozen=True)
class Source:
    """A file as read: the day, and how its authors write and measure plans."""

    format: str
    day: Day
    read_plan: Callable[[str], Plan]
    write_plan: Callable[[Plan], object]
    measure: Callable[[Verdict], float]


def read(path: Path) -> Source:
    """Read a day. Raises `Unreadable`."""
    try:
        with path.open("rb") as file:
            large = path.stat().st_size > LARGE
            raw = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if large else file.read()
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror}") from error
    head = raw[: 4_000 if large else None].decode("utf-8", errors="replace")
    for name, module in FORMATS.items():
        if module.matches(head):
            try:
                whole = raw if name == "city-day" else bytes(raw)
                day: Day = module.read(whole, path.stem)
                faults.check(day)
            except faults.Unsound as error:
                raise Unreadable(f"{path}: {error}") from error
            except ValidationError as error:
                raise Unreadable(f"{path}: {_first(error)}") from error
            except UNSOUND as error:
                raise Unreadable(
                    f"{path}: not a sound {name} file ({type(error).__name__}: {error})"
                ) from error
            return source(name, day)
    raise Unreadable(f"{path}: none of {', '.join(FORMATS)}")


def _first(error: ValidationError) -> str:
    """Where it is wrong first, and how."""
    wrong, n = error.errors(include_url=False, include_input=False), error.error_count()
    at = ".".join(map(str, wrong[0]["loc"])) or "the file"
    more = f" (and {n - 1} more)" if n > 1 else ""
    return f"{at}: {wrong[0]['msg']}{more}"


def source(name: str, day: Day) -> Source:
    """A day that was made in memory, with the habits of a format."""
    module = FORMATS[name]
    return Source(
        name,
        day,
        read_plan=lambda text: routes.read(day, text, getattr(module, "read_plan", None)),
        write_plan=lambda plan: getattr(module, "write_plan", routes.write)(day, plan),
        measure=lambda verdict: module.measure(day, verdict),
    )
