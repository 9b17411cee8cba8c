"""One operation per step of the standard procedure, made from its table and its payloads."""

from __future__ import annotations

import inspect
import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from baoxiu.cases import links, queries, steps
from baoxiu.faces.api.contract import Asked, api
from baoxiu.faces.api.pages import json
from baoxiu.faces.api.problems import invalid
from baoxiu.faces.api.shapes import Taken
from baoxiu.faces.common.audience import STAFF
from baoxiu.sop import payloads
from baoxiu.sop.procedure import Step
from baoxiu.sop.standard import STANDARD

MACHINES = (*STAFF, "integration")
ANYBODY = (*MACHINES, *links.STEPS)  # with personal links of every purpose


def seen(request: Asked) -> int | None:
    """The journal count of an `If-Match` header: the state the caller decided on."""
    wanted = request.headers.get("If-Match", "")
    if not wanted or wanted == "*":
        return None
    if not (found := re.fullmatch(r'"?(\d{1,9})"?', wanted)):
        raise invalid("If-Match", "Send the ETag of the case.", "请发送服务单的 ETag。")
    return int(found[1])


def taken(answer: steps.Taken, status: int = 201, **headers: str) -> HttpResponse:
    headers["ETag"] = f'"{answer.entry_no}"'
    return json(answer.to_json(), status, headers)


def describe(step: Step) -> str:
    """What the table says of a step, for the documentation."""
    stages = ", ".join(step.from_stages)
    lines = [
        f"{step.clause} · {step.title.en} · {step.title.zh}",
        f"Who: {', '.join(sorted(step.parties))}. From: {stages}."
        + (f" To: {step.to_stage}." if step.to_stage else ""),
    ]
    if step.requires:
        lines.append(
            "Needs: " + "; ".join(" or ".join(f"{n}={v}" for n, v in c.any_of) for c in step.requires) + "."
        )
    if step.opens or step.discharges:
        lines.append(
            f"Opens: {', '.join(step.opens) or '–'}. Discharges: {', '.join(step.discharges) or '–'}."
        )
    return "\n\n".join(lines)


def declare(step: Step) -> None:
    payload_of = payloads.PAYLOADS[step.name]

    def view(request: Asked, number: str, payload: Any) -> HttpResponse:
        by = request.auth
        case = queries.to_step(by, number)
        return taken(steps.take_step(case, step.name, payload, by=by, now=timezone.now(), seen=seen(request)))

    view.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=kind)
            for name, kind in (("request", HttpRequest), ("number", str), ("payload", payload_of))
        ]
    )
    api.operation(
        "POST",
        f"/cases/{{slug:number}}/{step.noun}",
        who=ANYBODY,
        gives=Taken,
        status=201,
        summary=f"{step.title.en} · {step.title.zh}",
        description=describe(step),
        name=f"step_{step.name}",
        tag=step.clause,
        extra={"x-step": step.name, "x-parties": sorted(step.parties), "x-if-match": True},
    )(view)


def href(number: str, step: Step) -> str:
    return reverse(f"api:step_{step.name}", kwargs={"number": number})


for _step in STANDARD.steps:
    if _step.name != "register":
        declare(_step)
