"""C3: the rules of the law as they are switched on and off, with who did it and why."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from baoxiu.faces.common.audience import DESK, audience
from baoxiu.faces.common.display import say
from baoxiu.faces.office import records as form
from baoxiu.terms import operations, queries, records

CONFIDENCES = {
    "high": N_("high"), "medium": N_("medium"), "low": N_("low"), "convention": N_("our convention"),
}  # fmt: skip
SEERS, KEEPERS = (*DESK, "administrator"), ("manager", "administrator")


@audience(*SEERS)
def listing(request: HttpRequest) -> HttpResponse:
    """Every rule; `show=off` those switched off, `show=unverified` those nobody has read in the source; `place` one jurisdiction."""
    viewer = request.actor  # type: ignore[attr-defined]
    every = queries.rules(viewer)
    show, place = request.GET.get("show", ""), request.GET.get("place", "")
    kept = [
        r for r in every
        if (show != "off" or not r.is_on) and (show != "unverified" or not r.verified) and place in ("", r.jurisdiction)
    ]  # fmt: skip
    context = {
        "rules": sorted(kept, key=lambda r: r.jurisdiction not in ("", "CN")), "turns": queries.turns(viewer), "show": show, "place": place, "every": len(every),
        "places": sorted({r.jurisdiction for r in every if r.jurisdiction}), "off": sum(not r.is_on for r in every),
        "unverified": sum(not r.verified for r in every), "may_change": viewer.has(*KEEPERS), "confidences": CONFIDENCES,
    }  # fmt: skip
    return render(request, "office/rules/list.html", context)


@audience(*KEEPERS)
def switch(request: HttpRequest) -> HttpResponse:
    """The other way from how it stands, with a reason."""
    viewer, asked = request.actor, request.GET.get("rule", "")  # type: ignore[attr-defined]
    row = next((r for r in queries.rules(viewer) if r.id == asked), None)

    def do(record: Any) -> str:
        operations.switch(record, by=viewer, now=timezone.now())
        return reverse("office:rules")

    initial = {"rule": row.id, "is_on": not row.is_on} if row else None
    note = _("From now on decisions are made this way; those made stand.")
    if row and not row.is_on and not row.verified:
        note += " " + _("This rule is not verified: have it read in its source first.")
    title = f"{row.id} {say(row.title)}" if row else _("Switch a rule")
    return form.page(
        request, records.Switch, do, title=title, back=reverse("office:rules"), initial=initial, note=note
    )
