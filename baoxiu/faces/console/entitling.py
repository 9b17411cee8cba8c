"""`baoxiu entitlement`: what customers are owed, claims read as JSON lines, without any database."""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Iterator
from itertools import islice

import orjson
from pydantic import ValidationError

from baoxiu.faces.console.start import MISUSED, Trouble, say
from baoxiu.lib import workdays
from baoxiu.sop.entitlement import engine, explain
from baoxiu.sop.entitlement.claim import Claim
from baoxiu.sop.entitlement.days import WorkingDays
from baoxiu.sop.entitlement.engine import decide
from baoxiu.sop.entitlement.products import ROWS
from baoxiu.sop.entitlement.rules import RULES
from baoxiu.sop.entitlement.verdict import Verdict

# lines read, then decided together: a fifth faster than in turns, for the processor's caches
BATCH = 32
# what `model_validate_json` calls, without its look at options that are not given
_validated = Claim.__pydantic_validator__.validate_json
SWITCHES = {**{i: r.confidence for i, r in RULES.items()}, **{r.id: r.confidence for r in ROWS}}


def switched(on: list[str], off: list[str]) -> frozenset[str]:
    """The ids that are off: what ships off, changed by the two lists. Raises Trouble for an unknown id."""
    if unknown := [name for name in (*on, *off) if name not in SWITCHES]:
        raise Trouble(f"there is no rule {unknown[0]}.", MISUSED)
    return (engine.WEAK - frozenset(on)) | frozenset(off)


def problem(error: ValidationError) -> str:
    """The first thing that is wrong, with its field."""
    first = error.errors(include_url=False)[0]
    field = ".".join(map(str, first["loc"]))
    reason = first["msg"].removeprefix("Value error, ")
    return f"{field}: {reason}" if field else reason


def _lines() -> Iterator[tuple[int, bytes]]:
    """The lines of standard input that are not empty."""
    for no, line in enumerate(sys.stdin.buffer, 1):
        if line.strip():
            yield no, line.removeprefix(b"\xef\xbb\xbf")


def _read(line: bytes) -> Claim | str:
    """The claim, or what is wrong with it."""
    try:
        return _validated(line)
    except ValidationError as error:
        return problem(error)


def decided(
    lines: Iterator[tuple[int, bytes]], table: WorkingDays | None, off: frozenset[str]
) -> Iterator[tuple[int, Claim | str, Verdict | None]]:
    """Number, claim and verdict of every line, in order; or what is wrong with it, and None."""
    while batch := list(islice(lines, BATCH)):
        read = [(no, _read(line)) for no, line in batch]
        yield from [(no, c, None if isinstance(c, str) else decide(c, table, off)) for no, c in read]


def run(as_json: bool, schema: bool, words: bool, lang: str, on: list[str], off: list[str]) -> None:
    """One decision a line. Raises Trouble (exit 1) after the last when a line was wrong."""
    if schema:
        say(json.dumps(Claim.model_json_schema(), ensure_ascii=False, indent=1))
        return
    if lang not in ("zh", "en"):
        raise Trouble(f"--lang is zh or en, not {lang}.", MISUSED)
    table, switches = workdays.shipped("CN"), switched(on, off)
    gc.freeze()  # what is loaded by now stays: the collector need not look at it again
    total = wrong = 0
    write = sys.stdout.buffer.write
    for no, claim, verdict in decided(_lines(), table, switches):
        total += 1
        if isinstance(claim, str) or verdict is None:
            wrong += 1
            answer = {"line": no, "error": claim}
            write(orjson.dumps(answer) + b"\n" if as_json else f"{no}\t{claim}\n".encode())
        elif words:
            write(explain.text(claim, verdict, lang).encode())
        elif as_json:
            write(orjson.dumps({"line": no, **verdict.to_json()}) + b"\n")
        else:
            write(f"{no}\t{claim.id}\t{verdict.result}\n".encode())
    sys.stdout.buffer.flush()
    if wrong:
        raise Trouble(f"{wrong:,} of {total:,} lines are wrong.")
