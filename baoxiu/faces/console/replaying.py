"""`baoxiu conformance`: an event log held against a procedure – how well it fits, and where it does not."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from baoxiu.faces.console.start import MISUSED, Trouble, say
from baoxiu.lib import eventlogs
from baoxiu.sop import foreign
from baoxiu.sop.alignment import BOTH, LOG, Aligner, Alignment, Fit, TooHard, fit
from baoxiu.sop.standard import STANDARD

PLACES = {LOG: "not allowed here", "model": "left out"}


def run(
    log: Path,
    procedure: str,
    columns: dict[str, str],
    labels: Iterable[str],
    running: bool,
    shown: int,
    as_json: bool,
) -> None:
    """Raises Trouble for what cannot be read."""
    held = _procedure(procedure)
    spoken = {**held.labels, **_labels(labels, held)}
    given = {name: (column,) for name, column in columns.items() if column}
    try:
        traces = eventlogs.read(log, eventlogs.Columns(**given))
    except (eventlogs.Unreadable, OSError) as error:
        raise Trouble(f"{log}: {error}", MISUSED) from None
    names = {
        trace.case: tuple(
            name
            for e in trace.events
            if (name := foreign.spoken(spoken, e.activity, e.lifecycle)) is not None
        )
        for trace in traces
    }
    aligner = Aligner(held.procedure, may_stop=running)
    found = fit(aligner, names.values())
    deviating = _deviating(aligner, names)
    if as_json:
        say(json.dumps(_json(held, found, deviating), ensure_ascii=False, indent=1))
    else:
        _print(held, found, deviating, shown)


def _procedure(wanted: str) -> foreign.Foreign:
    if wanted == "standard":
        return foreign.of_ours(STANDARD)
    try:
        return foreign.read(json.loads(Path(wanted).read_text(encoding="utf-8")))
    except ValueError as error:  # ProcedureError, JSON, UTF-8
        raise Trouble(f"{wanted}: {error}", MISUSED) from None
    except OSError as error:
        raise Trouble(
            f"{wanted}: {error.strerror}; --procedure takes a file or `standard`.", MISUSED
        ) from None


def _labels(given: Iterable[str], held: foreign.Foreign) -> dict[str, str | None]:
    """`Activity=step` pairs; nothing behind the sign leaves the activity out."""
    labels: dict[str, str | None] = {}
    for pair in given:
        activity, sign, step = pair.rpartition("=")
        if not sign or (step and step not in held.procedure.step):
            raise Trouble(
                f"--label takes Activity=step with a step of {held.procedure.name}, not {pair}.", MISUSED
            )
        labels[activity] = step or None
    return labels


def _deviating(aligner: Aligner, names: dict[str, tuple[str, ...]]) -> list[tuple[str, Alignment | None]]:
    """The cases that do not fit, the worst first; None for one too hard to align."""
    found: list[tuple[str, Alignment | None]] = []
    for case, trace in names.items():
        try:
            aligned = aligner.align(trace)
        except TooHard:
            found.append((case, None))
            continue
        if aligned.cost:
            found.append((case, aligned))
    return sorted(found, key=lambda pair: (pair[1].fitness if pair[1] else -1.0, pair[0]))


def _json(held: foreign.Foreign, found: Fit, deviating: list[tuple[str, Alignment | None]]) -> dict[str, Any]:
    return {
        "procedure": {"name": held.procedure.name, "sha256": held.procedure.sha256},
        "cases": found.traces, "variants": found.variants, "fitting_cases": found.fitting,
        "mean_fitness": round(found.mean, 6), "log_fitness": round(found.total, 6), "cost": found.cost,
        "not_aligned": found.too_hard,
        "deviations": [{"kind": k, "step": n, "times": times} for k, n, times in found.deviations],
        "deviating_cases": [
            {
                "case": case,
                "fitness": round(aligned.fitness, 6) if aligned else None,
                "where": [{"kind": m.kind, "step": m.name, "after_events": m.at} for m in aligned.deviations]
                if aligned else None,
            }
            for case, aligned in deviating
        ],
    }  # fmt: skip


def _print(
    held: foreign.Foreign, found: Fit, deviating: list[tuple[str, Alignment | None]], shown: int
) -> None:
    say(
        f"{found.traces:,} cases in {found.variants:,} variants against {held.procedure.name} {held.procedure.sha256[:12]}"
    )
    say(f"fit entirely: {found.fitting:,} cases ({found.fitting / found.traces:.1%})")
    say(f"fitness: {found.mean:.4f} (mean of the cases), {found.total:.4f} (of the whole log)")
    if found.too_hard:
        say(f"too hard to align: {found.too_hard:,} cases")
    for kind, name, times in found.deviations:
        say(f"  {times:>7,} × {name}: {PLACES[kind]}")
    for case, aligned in deviating[:shown]:
        say(f"{case}: {_told(aligned)}")
    if len(deviating) > shown:
        say(f"… and {len(deviating) - shown:,} more; --show {len(deviating)} or --json tells all.")


def _told(aligned: Alignment | None) -> str:
    if aligned is None:
        return "too hard to align"
    where = (f"{m.name} {PLACES[m.kind]} (after event {m.at})" for m in aligned.moves if m.kind != BOTH)
    return f"fitness {aligned.fitness:.3f}; {'; '.join(where)}"
