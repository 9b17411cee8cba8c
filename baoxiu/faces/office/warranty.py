"""C3.3, C7: the company's promise – drafted, compared with the version in force, asked of the law, weighed, announced,
ended, withdrawn."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.views.decorators.http import require_POST

from baoxiu.cases import announcing, impact
from baoxiu.faces.common.audience import DESK, audience
from baoxiu.faces.common.display import say
from baoxiu.faces.common.terms import Looked, looked_at, told
from baoxiu.faces.office import records as form
from baoxiu.people.actors import Actor
from baoxiu.people.rules import Invalid
from baoxiu.sop import amendments, codes, terms_lint
from baoxiu.sop.warranty import Warranty
from baoxiu.terms import operations, queries, records, warranty
from baoxiu.terms.models import WarrantyVersion

STATES = {
    "draft": N_("draft"), "announced": N_("announced"), "in_force": N_("in force"), "ended": N_("ended"),
    "withdrawn": N_("withdrawn"), "overtaken": N_("never in force"),
}  # fmt: skip
COVERS = {"free": N_("free of charge"), "paid": N_("paid"), "unknown": N_("not known")}
SEERS, KEEPERS = (*DESK, "administrator"), ("manager", "administrator")


def _version(request: HttpRequest, pk: int) -> WarrantyVersion:
    try:
        return queries.warranty(request.actor, pk)  # type: ignore[attr-defined]
    except WarrantyVersion.DoesNotExist:
        raise Http404 from None


def _at(pk: int) -> str:
    return reverse("office:warranty-terms", args=[pk])


@audience(*SEERS)
def listing(request: HttpRequest) -> HttpResponse:
    """Every version; the one for purchases of today is marked, its words are shown."""
    viewer, today = request.actor, timezone.localdate()  # type: ignore[attr-defined]
    holding = warranty.of_day(today)
    lives = {seen.life.number: seen.life for seen in queries.announced(viewer, today)}
    context = {
        "versions": queries.warranties(viewer), "holding": holding, "document": holding.warranty, "lives": lives,
        "rows": [told(c) for c in holding.warranty.coverages], "may_change": viewer.has(*KEEPERS), "states": STATES,
        "may_end": viewer.has(*KEEPERS) and not warranty.newest().is_end,
    }  # fmt: skip
    return render(request, "office/warranty/list.html", context)


@audience(*KEEPERS)
@require_POST
def new(request: HttpRequest) -> HttpResponse:
    """The draft there is, else a copy of the newest version, or (`ends`) the end of the promise; then its form."""
    ends = bool(request.POST.get("ends"))
    try:
        made = operations.draft(by=request.actor, now=timezone.now(), ends=ends)  # type: ignore[attr-defined]
    except Invalid as invalid:
        messages.error(request, say(invalid.reason))
        return redirect("office:warranty")
    return redirect("office:warranty-terms" if ends else "office:warranty-edit", made.pk)


@audience(*SEERS)
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """One version: words, coverages, what changed, what the law says, what it means for units and open cases."""
    version, viewer = _version(request, pk), request.actor  # type: ignore[attr-defined]
    seen = looked_at(version)
    before, after = seen.before.warranty, seen.document
    keeps, today = viewer.has(*KEEPERS), seen.today
    lives = {found.life.number: found.life for found in queries.announced(viewer, today)}
    life = lives.get(version.number)
    context = {
        "version": version, "seen": seen, "document": after, "rows": [told(c) for c in after.coverages],
        "excluded": [say(codes.EXCLUSIONS[code]) for code in after.exclusions.codes()],
        "excluded_more": [say(codes.EXCLUSIONS[code]) for code in amendments.exclusions_added(before, after)],
        "changes": [(c.kind, told(c.before) if c.before else None, told(c.after) if c.after else None) for c in seen.changes],
        "words": {language: _words(before, after, language) for language in ("zh", "en")},
        "weaker": amendments.is_weaker(before, after), "errors": terms_lint.errors(seen.findings),
        "impact": impact.weigh(viewer, before, after, seen.begins, today=seen.today) if keeps else None,
        "covers": COVERS, "may_open": viewer.has("manager"), "may_change": version.is_draft and keeps,
        "life": life, "state": STATES[life.state if life else "draft"], "earliest": amendments.earliest(before, after, today),
        "may_withdraw": keeps and version.is_announced(today),
    }  # fmt: skip
    return render(request, "office/warranty/page.html", context)


def _words(before: Warranty, after: Warranty, language: str) -> list[tuple[str, str]]:
    """The sentences with their signs; none where the text is the same."""
    found = amendments.words(getattr(before, language), getattr(after, language))
    return found if any(sign for sign, _sentence in found) else []


@audience(*KEEPERS)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    version = _version(request, pk)

    def do(record: Any) -> str:
        operations.save(version, record, by=request.actor, now=timezone.now())  # type: ignore[attr-defined]
        return _at(pk)

    note = _(
        "Every row that fits a product holds; the best for the customer counts. Nothing holds before it is published."
    )
    return form.page(
        request,
        Warranty,
        do,
        title=_title(version),
        back=_at(pk),
        initial=version.document.model_dump(),
        note=note,
    )


@audience(*KEEPERS)
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    version = _version(request, pk)

    def do(record: Any) -> str:
        announcing.publish(version, record, by=request.actor, now=timezone.now())  # type: ignore[attr-defined]
        return _at(pk)

    seen = looked_at(version)
    wrong = terms_lint.errors(seen.findings)
    note = _("It holds for purchases from that day on; purchases made before keep the promise of their day.")
    if amendments.is_weaker(seen.before.warranty, seen.document):
        note += " " + _(
            "It takes something away: with %(days)s days of notice it begins on %(day)s at the earliest."
        ) % {
            "days": seen.before.warranty.notice_days,
            "day": amendments.earliest(seen.before.warranty, seen.document, seen.today),
        }
    if wrong:
        rules = ", ".join(dict.fromkeys(f.rule for f in wrong))
        note += " " + _("Weaker than the law (%(rules)s): legal counsel has to sign it off.") % {
            "rules": rules
        }
    return form.page(
        request,
        records.WarrantyPublication,
        do,
        title=_("Publish %(name)s") % {"name": _title(version)},
        back=_at(pk),
        note=note,
        submit=_("Publish"),
        template="office/warranty/publish.html",
        more={"seen": seen, **_meaning(request.actor, seen)},  # type: ignore[attr-defined]
    )


def _meaning(viewer: Actor, seen: Looked) -> dict[str, Any]:
    """What a version means for units and open cases; cases are opened by managers."""
    found = impact.weigh(viewer, seen.before.warranty, seen.document, seen.begins, today=seen.today)
    return {"impact": found, "covers": COVERS, "may_open": viewer.has("manager")}


@audience(*KEEPERS)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    version = _version(request, pk)

    def do(record: Any) -> str:
        announcing.withdraw(version, record, by=request.actor, now=timezone.now())  # type: ignore[attr-defined]
        return _at(pk)

    return form.page(
        request,
        records.WarrantyWithdrawal,
        do,
        title=_("Withdraw %(name)s") % {"name": _title(version)},
        back=_at(pk),
        note=_(
            "It will not take effect. That it was announced and withdrawn stays on record, for everybody to read."
        ),
    )


def _title(version: WarrantyVersion) -> str:
    return _("Warranty terms, version %(number)s") % {"number": version.number}


@audience(*KEEPERS)
@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    version, by = _version(request, pk), request.actor  # type: ignore[attr-defined]
    return form.act(
        request, lambda: operations.discard(version, by=by, now=timezone.now()),
        reverse("office:warranty") if version.is_draft else _at(pk), _("The draft is gone."),
    )  # fmt: skip
