"""C4.1: a request from the public form or the label on a unit."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from baoxiu.cases import clocks, links, steps
from baoxiu.cases import queries as cases
from baoxiu.cases.models import Attachment, Case, IdempotencyKey, PersonalLink
from baoxiu.catalogue.models import Unit
from baoxiu.faces.common import display, files
from baoxiu.faces.common.audience import PUBLIC, audience
from baoxiu.faces.common.forms import WHOLE, Form
from baoxiu.faces.portal import guard, promises
from baoxiu.faces.portal.acting import said
from baoxiu.faces.portal.links import address, holder_of
from baoxiu.intake import operations as intake
from baoxiu.people.actors import ANONYMOUS
from baoxiu.sop.service_levels import Subject
from baoxiu.terms import procedures

UNIT_FIELDS = ("kind", "problem", "name", "phone", "email", "address")
FIELDS = (*UNIT_FIELDS, "product_class", "product", "brand", "serial", "purchase_date")
ICONS = {
    "appliance": "wash-machine", "electronics": "device-mobile", "machinery": "engine", "online": "cloud",
    "bespoke": "star",
}  # fmt: skip
ASKED_KINDS = ("repair", "installation", "consultation", "return_exchange", "complaint")


@audience(PUBLIC)
@require_http_methods(["GET", "POST"])
def request_form(request: HttpRequest) -> HttpResponse:
    """The public form; sending it again with the same key leads to the same request."""
    return form_page(request, channel="web")


def form_page(request: HttpRequest, *, channel: str, unit: Unit | None = None) -> HttpResponse:
    """`unit`: known by its label; nothing about it is taken from the form then."""
    if request.method != "POST":
        return _page(request, unit, key=guard.new_key())
    key, age = guard.age(request.POST.get("key", ""))
    if not key:
        return _page(
            request,
            unit,
            key=guard.new_key(),
            errors={WHOLE: _("This form was open for too long. Please send it again.")},
            status=409,
        )
    if known := _answered(key):
        return redirect(f"{address(known)}received/")
    if wrong := guard.suspicious(request, age, "request"):
        return _page(request, unit, key=key, errors={WHOLE: wrong[0]}, status=wrong[1])
    return _register(request, channel, unit, key)


def _register(request: HttpRequest, channel: str, unit: Unit | None, key: str) -> HttpResponse:
    kept = [*guard.kept(request), *files.keep_posted(request, ANONYMOUS, "photos")]
    form = Form("register", request.POST, only=UNIT_FIELDS if unit else FIELDS)
    agreed = True if request.POST.get("consent") == "yes" else None
    language = "zh" if display.is_chinese() else "en"
    payload = form.payload(channel=channel, language=language, files=kept, consent=agreed)
    errors = {**said(form), **_needed(request, form)}
    if payload is None or errors:
        return _page(request, unit, key=key, errors=errors, kept=kept, status=422)
    token = unit.qr_token if unit else ""
    try:
        taken = intake.register(payload, by=ANONYMOUS, now=timezone.now(), key=key, qr_token=token)  # type: ignore[arg-type]
    except steps.StepRefused as no:
        return _page(request, unit, key=key, errors={no.field: display.say(no.reason)}, kept=kept, status=422)
    except (steps.Conflict, steps.KeyReused):
        errors = {WHOLE: _("This form is being sent already. Please wait a moment.")}
        return _page(request, unit, key=key, errors=errors, kept=kept, status=409)
    return redirect(f"{address(_track_link(taken.number))}received/")


def _page(
    request: HttpRequest, unit: Unit | None, *, key: str, errors: dict[str, str] | None = None,
    kept: list[int] | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    kept = guard.kept(request) if kept is None else kept
    context = {
        "unit": unit, "key": key, "values": request.POST, "errors": errors or {},
        "kept": guard.signed(kept),
        "kept_files": Attachment.objects.filter(pk__in=kept) if kept else (),
        "classes": [(code, display.word("PRODUCT_CLASSES", code), symbol, "") for code, symbol in ICONS.items()],
        "answered_in": display.span_in_words(_answered_in(unit, timezone.now())),
        "kinds": [(code, display.word("KINDS", code), "", "") for code in ASKED_KINDS],
    }  # fmt: skip
    return render(request, "portal/intake/page.html", context, status=status)


def _answered_in(unit: Unit | None, now: dt.datetime) -> dt.timedelta:
    """What the levels in force promise for the first answer, the night and holidays included."""
    version = procedures.in_force(now)
    if "first_response" not in version.duty:
        return dt.timedelta(days=1)
    subject = Subject(product_class=unit.product_class if unit else "")
    return clocks.promised(version, "first_response", subject, now=now) - now


@holder_of("track")
@require_http_methods(["GET"])
def received(request: HttpRequest, link: PersonalLink) -> HttpResponse:
    """What a customer keeps after sending: the number and the address of the track."""
    now = timezone.now()
    context = {
        "case": link.case, "link_path": address(link), "full_address": request.build_absolute_uri(address(link)),
        "promise": promises.next_promise(cases.open_duties(link.case), now),
    }  # fmt: skip
    return render(request, "portal/intake/received.html", context)


def _answered(key: str) -> PersonalLink | None:
    """The track of the request this very form has already made."""
    first = IdempotencyKey.objects.filter(actor=ANONYMOUS.identity, key=key).first()
    return _track_link(first.answer["number"]) if first and first.answer else None


def _track_link(number: str) -> PersonalLink:
    return links.issue(Case.objects.get(number=number), "track", now=timezone.now())


def _needed(request: HttpRequest, form: Form) -> dict[str, str]:
    """What this form asks beyond the payload: somebody to call, and agreement."""
    wrong: dict[str, str] = {}
    if request.refused_files:  # type: ignore[attr-defined]
        wrong["photos"] = " ".join(request.refused_files)  # type: ignore[attr-defined]
    if (
        not (request.POST.get("phone", "").strip() or request.POST.get("email", "").strip())
        and "phone" not in form.errors
    ):
        wrong["phone"] = _("We need a phone number or an e-mail address to reach you.")
    if not request.POST.get("name", "").strip():
        wrong["name"] = _("Please tell us your name.")
    if request.POST.get("consent") != "yes":
        wrong["consent"] = _("Without your agreement we may not keep these details.")
    return wrong
