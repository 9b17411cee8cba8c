"""Event logs as traces: CSV and XES in, gzipped or not; XES out.

XML from strangers is read as a stream that refuses document types and entities, deep nesting and more
than `MAX_BYTES` of text after unpacking, so that a small file cannot fill the memory.
"""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

MAX_BYTES = 1 << 30
MAX_DEPTH = 64
_CHUNK = 1 << 20
_ATTRIBUTES = {"string", "date", "int", "float", "boolean", "id"}


class Unreadable(ValueError):
    """A file that is no event log: says why and, where known, on which line."""


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns (or XES keys) are called; `time` and `lifecycle` may be absent from a log."""

    case: tuple[str, ...] = ("case:concept:name", "case", "case_id", "Case ID")
    activity: tuple[str, ...] = ("concept:name", "activity", "Activity")
    time: tuple[str, ...] = ("time:timestamp", "timestamp", "time", "Complete Timestamp")
    lifecycle: tuple[str, ...] = ("lifecycle:transition", "lifecycle")


@dataclass(frozen=True, slots=True)
class LogEvent:
    activity: str
    lifecycle: str = ""
    at: dt.datetime | None = None


@dataclass(slots=True)
class Trace:
    case: str
    events: list[LogEvent] = field(default_factory=list)


def read(path: Path, columns: Columns | None = None) -> list[Trace]:
    """The traces of a .csv, .csv.gz, .xes or .xes.gz file, in the order of their first events.

    Events stand in the order of their times where every event of a trace has one, else of the file.
    Raises Unreadable, OSError.
    """
    names = [s.lower() for s in path.suffixes]
    form = next((s for s in reversed(names) if s != ".gz"), "")
    if form not in (".csv", ".xes"):
        raise Unreadable("the file's name must end with .csv, .xes, .csv.gz or .xes.gz")
    with path.open("rb") as file:
        bounded = _Bounded(gzip.GzipFile(fileobj=file) if names[-1] == ".gz" else file)
        try:
            made = (_csv if form == ".csv" else _xes)(bounded, columns or Columns())
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise Unreadable(f"the file cannot be unpacked: {error}") from None
        except UnicodeDecodeError as error:
            raise Unreadable(f"the file is not UTF-8: {error.reason}") from None
    for trace in made:
        if all(e.at for e in trace.events):
            trace.events.sort(key=lambda e: e.at or _NEVER)
    return made


_NEVER = dt.datetime.max.replace(tzinfo=dt.UTC)


class _Bounded(io.RawIOBase):
    """Reads through to `raw`, up to MAX_BYTES."""

    def __init__(self, raw: io.BufferedReader | gzip.GzipFile) -> None:
        self.raw, self.taken = raw, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self.raw.read(len(buffer))
        self.taken += len(data)
        if self.taken > MAX_BYTES:
            raise Unreadable(f"the file holds more than {MAX_BYTES >> 20} MB")
        buffer[: len(data)] = data
        return len(data)


def _csv(raw: _Bounded, columns: Columns) -> list[Trace]:
    text = io.TextIOWrapper(io.BufferedReader(raw, _CHUNK), encoding="utf-8-sig", newline="")
    rows = csv.DictReader(text)
    try:
        head = rows.fieldnames or ()
        case, activity = _column(head, columns.case, "case"), _column(head, columns.activity, "activity")
        time = next((n for n in columns.time if n in head), "")
        lifecycle = next((n for n in columns.lifecycle if n in head), "")
        traces: dict[str, Trace] = {}
        for row in rows:
            name = row[case]
            if not name or not row[activity]:
                raise Unreadable(f"line {rows.line_num}: no case or no activity")
            at = _moment(row[time], f"line {rows.line_num}: ") if time else None
            traces.setdefault(name, Trace(name)).events.append(
                LogEvent(row[activity], (row.get(lifecycle) or "") if lifecycle else "", at)
            )
    except csv.Error as error:
        raise Unreadable(f"line {rows.line_num}: {error}") from None
    if not traces:
        raise Unreadable("there is no row under the header line")
    return list(traces.values())


def _column(head: Iterable[str], names: tuple[str, ...], what: str) -> str:
    found = next((n for n in names if n in head), "")
    if not found:
        raise Unreadable(f"no column for the {what}; there are: {', '.join(head) or 'none'}")
    return found


def _moment(text: str | None, where: str = "") -> dt.datetime | None:
    """None where nothing stands: the file's order then holds. What is no time is not passed over, for the order
    of the events hangs on it."""
    if not text:
        return None
    try:
        at = dt.datetime.fromisoformat(text)
    except ValueError:
        raise Unreadable(f"{where}“{text[:40]}” is no time such as 2026-01-31T09:30:00") from None
    return at if at.tzinfo else at.replace(tzinfo=dt.UTC)


class _Xes:
    """What the parser has seen so far."""

    def __init__(self, columns: Columns) -> None:
        self.columns, self.path, self.traces = columns, list[str](), list[Trace]()
        self.trace: dict[str, str] = {}
        self.events: list[LogEvent] = []
        self.event: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if len(self.path) >= MAX_DEPTH:
            raise Unreadable(f"elements lie deeper than {MAX_DEPTH}")
        if name == "trace" and self.path == ["log"]:
            self.trace, self.events = {}, []
        elif name == "event" and self.path == ["log", "trace"]:
            self.event = {}
        elif name in _ATTRIBUTES and self.path[-1:] in (["trace"], ["event"]):
            into = self.event if self.path[-1] == "event" else self.trace
            into[attributes.get("key", "")] = attributes.get("value", "")
        self.path.append(name)

    def end(self, name: str) -> None:
        self.path.pop()
        name = name.rpartition(":")[2]
        if name == "event" and self.path == ["log", "trace"]:
            activity = _first(self.event, self.columns.activity)
            if not activity:
                raise Unreadable("an event without a name")
            lifecycle = _first(self.event, self.columns.lifecycle)
            self.events.append(LogEvent(activity, lifecycle, _moment(_first(self.event, self.columns.time))))
        elif name == "trace" and self.path == ["log"]:
            named = self.trace.get("concept:name") or _first(self.trace, self.columns.case)
            self.traces.append(Trace(named or str(len(self.traces) + 1), self.events))


def _first(values: dict[str, str], names: tuple[str, ...]) -> str:
    return next((values[n] for n in names if values.get(n)), "")


def _xes(raw: _Bounded, columns: Columns) -> list[Trace]:
    seen, parser = _Xes(columns), expat.ParserCreate()

    def refuse(*_given: Any) -> None:
        raise Unreadable("a document type or an entity is not taken")

    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    parser.StartElementHandler, parser.EndElementHandler = seen.start, seen.end
    source = io.BufferedReader(raw, _CHUNK)
    try:
        while chunk := source.read(_CHUNK):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise Unreadable(f"line {error.lineno}: {expat.errors.messages[error.code]}") from None
    if not seen.traces:
        raise Unreadable("there is no trace in it")
    return seen.traces


# -- writing -----------------------------------------------------------------------------------

XES_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
<global scope="trace"><string key="concept:name" value=""/></global>
<global scope="event"><string key="concept:name" value=""/><date key="time:timestamp" value="1970-01-01T00:00:00+00:00"/></global>
<classifier name="Activity" keys="concept:name"/>
"""
XES_FOOT = "</log>\n"
Attributes = dict[str, str | int | dt.datetime]


def xes_trace(about: Attributes, events: Iterable[Attributes]) -> str:
    """One trace of an XES file; XESXES_HEAD stands before the first, XES_FOOT behind the last."""
    parts = ["<trace>", *map(_attribute, about.items())]
    for event in events:
        parts += ["<event>", *map(_attribute, event.items()), "</event>\n"]
    return "".join([*parts, "</trace>\n"])


def _attribute(pair: tuple[str, str | int | dt.datetime]) -> str:
    key, value = pair
    kind = "date" if isinstance(value, dt.datetime) else "int" if isinstance(value, int) else "string"
    text = value.isoformat() if isinstance(value, dt.datetime) else _sayable(str(value))
    return f'<{kind} key="{key}" value={quoteattr(text)}/>'


def _sayable(text: str) -> str:
    """Without the characters XML cannot hold."""
    return "".join(c for c in text if c >= " " or c in "\t\n\r").encode("utf-8", "ignore").decode()
