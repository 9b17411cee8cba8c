"""C3.3, C7: the company's promise – drafted, compared with the version in force, asked of the law, weighed, published."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.views.decorators.http import require_POST

from baoxiu.cases import impact
from baoxiu.catalogue import coverage as units
from baoxiu.faces.common.audience import DESK, audience
from baoxiu.faces.common.display import say
from baoxiu.faces.common.terms import looked_at
from baoxiu.faces.office import records as form
from baoxiu.sop import amendments, codes, terms_lint
from baoxiu.sop.entitlement.products import NAMES
from baoxiu.sop.warranty import SCOPES, STARTS, CoverageTerm, Warranty
from baoxiu.terms import operations, queries, records, warranty
from baoxiu.terms.models import WarrantyVersion

COVERS = {"free": N_("free of charge"), "paid": N_("paid"), "unknown": N_("not known")}
SEERS, KEEPERS = (*DESK, "administrator"), ("manager", "administrator")


def _version(request: HttpRequest, pk: int) -> WarrantyVersion:
    try:
        return queries.warranty(request.actor, pk)  # type: ignore[attr-defined]
    except WarrantyVersion.DoesNotExist:
        raise Http404 from None


def _at(pk: int) -> str:
    return reverse("office:warranty-terms", args=[pk])


def told(coverage: CoverageTerm) -> dict[str, str]:
    """A coverage in words."""
    limits = [
        say(codes.PRODUCT_CLASSES[coverage.product_class]) if coverage.product_class else "",
        say(NAMES[coverage.law_class]) if coverage.law_class else "",
        coverage.model,
    ]
    return {
        "what": " · ".join(part for part in limits if part) or _("everything"),
        "part": say(codes.PARTS[coverage.part]) if coverage.part else _("whole unit"),
        "months": str(coverage.months),
        "scope": say(SCOPES[coverage.scope]),
        "starts": say(STARTS[coverage.starts]),
    }


@audience(*SEERS)
def listing(request: HttpRequest) -> HttpResponse:
    """Every version; the one for purchases of today is marked, its words are shown."""
    viewer, today = request.actor, timezone.localdate()  # type: ignore[attr-defined]
    holding = warranty.of_day(today)
    context = {
        "versions": queries.warranties(viewer), "holding": holding, "document": holding.warranty, "today": today,
        "rows": [told(c) for c in holding.warranty.coverages], "may_change": viewer.has(*KEEPERS),
    }  # fmt: skip
    return render(request, "office/warranty/list.html", context)


@audience(*KEEPERS)
@require_POST
def new(request: HttpRequest) -> HttpResponse:
    """The draft there is, else a copy of the newest version; then its form."""
    made = operations.draft(by=request.actor, now=timezone.now())  # type: ignore[attr-defined]
    return form.redirect(reverse("office:warranty-edit", args=[made.pk]))


@audience(*SEERS)
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """One version: words, coverages, what changed, what the law says, what it means for units and open cases."""
    version, viewer = _version(request, pk), request.actor  # type: ignore[attr-defined]
    seen = looked_at(version)
    before, after = seen.before.warranty, seen.document
    keeps = viewer.has(*KEEPERS)
    context = {
        "version": version, "seen": seen, "document": after, "rows": [told(c) for c in after.coverages],
        "excluded": [say(codes.EXCLUSIONS[code]) for code in after.exclusions.codes()],
        "excluded_more": [say(codes.EXCLUSIONS[code]) for code in amendments.exclusions_added(before, after)],
        "changes": [(c.kind, told(c.before) if c.before else None, told(c.after) if c.after else None) for c in seen.changes],
        "words": {language: _words(before, after, language) for language in ("zh", "en")},
        "weaker": amendments.is_weaker(before, after), "errors": terms_lint.errors(seen.findings),
        "impact": impact.weigh(viewer, before, after, seen.begins, today=seen.today) if keeps else None,
        "covers": COVERS, "may_open": viewer.has("manager"), "may_change": version.is_draft and keeps,
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
    wrong = terms_lint.errors(looked_at(version).findings)

    def do(record: Any) -> str:
        operations.publish_warranty(version, record, sold=units.sold(), by=request.actor, now=timezone.now())  # type: ignore[attr-defined]
        return _at(pk)

    note = _("It holds for purchases from that day on; purchases made before keep the promise of their day.")
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
