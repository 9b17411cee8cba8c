"""C2: the owner registers a product, by its label or with a form, and sees what became of it.

Nothing that stands on our record is said here before a colleague looked: whether a number is known,
whose it is, since when – every sender reads the same sentence.
"""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from baoxiu.cases import links
from baoxiu.cases.models import Attachment
from baoxiu.catalogue import coverage
from baoxiu.catalogue.models import Registration, Unit
from baoxiu.catalogue.records import RegistrationRecord
from baoxiu.faces.common import display, files
from baoxiu.faces.common.audience import LINK, PUBLIC, audience
from baoxiu.faces.common.forms import WHOLE, Form
from baoxiu.faces.portal import catalogue, guard
from baoxiu.faces.portal.acting import said
from baoxiu.lib import phones, zones
from baoxiu.people.actors import ANONYMOUS
from baoxiu.people.rules import Invalid
from baoxiu.registrations import operations, queries


@audience(PUBLIC)
@require_http_methods(["GET", "POST"])
def form(request: HttpRequest) -> HttpResponse:
    return _form(request, None)


@audience(PUBLIC)
@require_http_methods(["GET", "POST"])
def labelled(request: HttpRequest, qr_token: str) -> HttpResponse:
    """Which product it is comes from the label alone."""
    return _form(request, catalogue.labelled(qr_token))


def _form(request: HttpRequest, unit: Unit | None) -> HttpResponse:
    if request.method != "POST":
        return _page(request, unit, guard.new_key())
    key, age = guard.age(request.POST.get("key", ""))
    if not key:
        wrong = {WHOLE: _("This form was open for too long. Please send it again.")}
        return _page(request, unit, guard.new_key(), wrong, status=409)
    if first := Registration.objects.filter(key=key[-120:]).first():
        return redirect(address(first))
    if no := guard.suspicious(request, age, "registration"):
        return _page(request, unit, key, {WHOLE: no[0]}, status=no[1])
    return _submit(request, unit, key)


def _submit(request: HttpRequest, unit: Unit | None, key: str) -> HttpResponse:
    kept = [*guard.kept(request), *files.keep_posted(request, ANONYMOUS, "photos")]
    sent = Form(RegistrationRecord, request.POST, without=("consent", "files", "language"))
    known = {"serial": unit.serial} if unit and unit.serial else {}
    language = "zh" if display.is_chinese() else "en"
    agreed = True if request.POST.get("consent") == "yes" else None
    record = sent.payload(**known, files=kept, consent=agreed, language=language)
    errors = {**said(sent), **_needed(request, kept)}
    if record is None or errors:
        return _page(request, unit, key, errors, kept, status=422)
    try:
        made = operations.submit(
            record, by=ANONYMOUS, now=timezone.now(), today=timezone.localdate(), key=key[-120:],  # type: ignore[arg-type]
            channel="qr" if unit else "web", label=unit.qr_token if unit else "",
        )  # fmt: skip
    except Invalid as no:
        return _page(request, unit, key, {no.field: display.say(no.reason)}, kept, status=422)
    return redirect(address(made))


def _needed(request: HttpRequest, kept: list[int]) -> dict[str, str]:
    """What this form asks beyond the record."""
    wrong = {}
    if request.refused_files:  # type: ignore[attr-defined]
        wrong["photos"] = " ".join(request.refused_files)  # type: ignore[attr-defined]
    elif not kept:
        wrong["photos"] = _("Add a photo or PDF of the proof of purchase: invoice, receipt or order.")
    if request.POST.get("consent") != "yes":
        wrong["consent"] = _("Without your agreement we may not keep these details.")
    return wrong


def _page(
    request: HttpRequest, unit: Unit | None, key: str, errors: dict[str, str] | None = None,
    kept: list[int] | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    kept = guard.kept(request) if kept is None else kept
    context = {
        "unit": unit, "key": key, "values": request.POST, "errors": errors or {}, "kept": guard.signed(kept),
        "kept_files": Attachment.objects.filter(pk__in=kept) if kept else (), "today": timezone.localdate(),
    }  # fmt: skip
    return render(request, "portal/registrations/page.html", context, status=status)


@audience(LINK)
@require_GET
def result(request: HttpRequest, token: str) -> HttpResponse:
    """The sender's own page: what was sent, what became of it, and the warranty that follows."""
    found = queries.behind(ANONYMOUS, token, now=timezone.now())
    if found is None:
        raise Http404
    today, unit = timezone.localdate(), found.unit if found.status == "accepted" else None
    is_still_his = unit is not None and unit.customer_id == found.customer_id
    until = coverage.until(unit, today) if unit and is_still_his else None
    context = {
        "found": found, "unit": unit if is_still_his else None, "warranty_until": until,
        "in_warranty": bool(until and today <= until), "full_address": request.build_absolute_uri(address(found)),
    }  # fmt: skip
    with timezone.override(zones.zone(phones.zone(found.phone), settings.TIME_ZONE)):
        answer = render(request, "portal/registrations/result.html", context)
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def address(found: Registration) -> str:
    return f"/o/{links.token_of(found)}/"
