"""What stands beside an open step: suggestions, similar cases, questions – help to decide, never the decision."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from baoxiu.cases import queries, repair_clock
from baoxiu.cases.models import Case
from baoxiu.charges import queries as charges
from baoxiu.charges.models import Quote
from baoxiu.dispatch import queries as dispatch
from baoxiu.dispatch.slots import Slot
from baoxiu.faces.common import quoting
from baoxiu.faces.common.display import cash, say
from baoxiu.faces.common.fields import Choices
from baoxiu.faces.desk.reading import TALK
from baoxiu.intake import queries as intake
from baoxiu.people.actors import Actor
from baoxiu.people.models import Station
from baoxiu.sop import followups
from baoxiu.sop.dispatch import Ranked
from baoxiu.sop.text import Text
from baoxiu.terms import procedures
from baoxiu.triage import queries as triage

Option = tuple[int, str]
TEMPLATES = {
    "triage": "desk/triage/_aside.html",
    "confirmation": "desk/dispatch/_windows.html",
    "assignment": "desk/dispatch/_aside.html",
    "reassignment": "desk/dispatch/_aside.html",
    "station": "desk/dispatch/_stations.html",
    "merger": "desk/intake/_duplicates.html",
    "final-follow-up": "desk/followups/_aside.html",
    "repair-limit": "desk/repair/_choices.html",
}
OFFERING = (
    "confirmation",
    "promised-window",
    "assignment",
    "appointment",
)  # where a customer may be offered a time
FROM_ADDRESS = ("into", "engineer", "station", "text")  # what a link may fill in


class Help:
    """Everything that helps with one step of one case; each part is asked for once, when it is needed."""

    def __init__(self, viewer: Actor, case: Case, noun: str, now: dt.datetime) -> None:
        self.viewer, self.case, self.noun, self.now = viewer, case, noun, now

    @cached_property
    def ranked(self) -> list[Ranked]:
        return dispatch.suggestions(self.viewer, self.case, now=self.now)

    @cached_property
    def windows(self) -> list[Slot]:
        return dispatch.slots(self.viewer, self.case, now=self.now) if self.noun in OFFERING else []

    @cached_property
    def stations(self) -> list[Station]:
        return dispatch.stations(self.viewer, self.case)

    @cached_property
    def hints(self) -> triage.Hints | None:
        return triage.hints(self.viewer, self.case)

    @cached_property
    def similar(self) -> list[dict[str, Any]]:
        return triage.similar(self.viewer, self.case)

    @cached_property
    def duplicates(self) -> list[intake.Hint]:
        return intake.duplicates(self.viewer, self.case, now=self.now)

    @cached_property
    def script(self) -> tuple[Text, ...]:
        return followups.script(
            "final",
            self.case.kind,
            product_class=self.case.unit.product_class if self.case.unit else "",
            charged=self.case.facts["consent"] == "given",
        )

    @cached_property
    def waiting(self) -> list[Quote]:
        return [q for q in charges.of_case(self.viewer, self.case) if q.status in ("sent", "draft")]

    @cached_property
    def clock(self) -> repair_clock.RepairClock | None:
        return repair_clock.of_case(self.case, self.now)

    @cached_property
    def versions(self) -> list[Option]:
        return [
            (
                q.version,
                _("Version %(number)s: %(total)s")
                % {"number": q.version, "total": cash(q.total, q.currency)},
            )
            for q in self.waiting
        ]

    # -- options and first values of the form ---------------------------------------------------

    def choices(self, step: str) -> Choices:
        """The options of the fields that name people, places and versions."""
        if step in ("assign", "reassign"):
            joiner = _(", ")
            eligible = [r for r in self.ranked if r.eligible]
            return {
                "engineer": [(r.id, f"{r.name} · {joiner.join(say(t) for t in r.reasons)}") for r in eligible]
            }
        if step == "assign_station":
            words = _("%(name)s · %(count)s open")
            return {"station": [(s.pk, words % {"name": s.name, "count": s.load}) for s in self.stations]}  # type: ignore[attr-defined]
        if step in ("take_over", "reopen"):
            return {"agent": queries.owners(self.viewer)}
        if step in ("accept_quote", "decline_quote", "approve_quote"):
            waiting = self.waiting[0] if self.waiting else None
            return {"version": self.versions, "option": quoting.options(waiting)}
        if step in quoting.QUOTING:
            return quoting.choices(self.viewer, self.case, self.now)
        if step in ("record_payment", "refund"):
            return {"way": quoting.ways()}
        return {}

    def initial(self, query: Mapping[str, Any]) -> dict[str, Any]:
        """The address may say so (`?into=…`); triage starts from the customer's words, dispatch from the best."""
        start: dict[str, Any] = {}
        if self.noun == "triage" and self.hints:
            start = {"priority": self.hints.priority.outcome}
            start |= {"symptom": self.hints.symptoms[0].code} if self.hints.symptoms else {}
        elif self.noun in ("assignment", "reassignment"):
            start = {"engineer": next((r.id for r in self.ranked if r.eligible), None)}
        elif self.noun == "station":
            start = {"station": self.stations[0].pk if self.stations else None}
        elif self.noun == "final-follow-up":
            start = {"answers": [{"question": say(line)} for line in self.script[:-2]]}
        elif self.noun == "repair-limit":
            start = {"name": self.case.contact_name}
        elif self.noun == "confirmation":
            start = {"agreed_by": self.case.contact_name}
        elif self.noun in ("promised-window", "appointment"):
            start = {"agreed_with": self.case.contact_name}
        elif self.noun == "parts-to-bring":
            start = dispatch.to_bring(self.viewer, self.case)
        elif self.noun in ("payment", "refund"):
            start = quoting.to_book(self.viewer, self.case, self.noun)
        elif self.noun in ("quote", "quote-submission"):
            start = quoting.initial(self.viewer, self.case, self.now)
        elif self.noun in ("consent", "quote-refusal", "quote-approval"):
            start = {
                "name": self.case.contact_name,
                "version": self.versions[0][0] if self.versions else None,
            }
        return start | {k: str(query[k])[:200] for k in FROM_ADDRESS if k in query}


def opened(request: HttpRequest, help: Help, form: HttpResponse) -> HttpResponse:
    """The step's form in its place, with the tabs above and what helps to fill it in beside."""
    case, viewer = help.case, help.viewer
    duties = {d.kind for d in queries.open_duties(case)}
    context = {
        "case": case, "noun": help.noun, "help": help, "now": help.now, "next": request.GET.get("next", ""),
        "step": next(s for s in procedures.by_hash(case.procedure).steps if s.noun == help.noun),
        "form_html": mark_safe(form.content.decode()), "aside": TEMPLATES.get(help.noun),
        "talk": [s for s in queries.allowed_steps(viewer, case, duties) if s.name in TALK],
    }  # fmt: skip
    return render(request, "desk/cases/_opened.html", context)
