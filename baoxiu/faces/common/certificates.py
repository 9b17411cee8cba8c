"""C1, C6.2: the certificate of conformance – to print, and as JSON to verify offline."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from baoxiu.cases import conformance, queries, signing
from baoxiu.cases.models import Case
from baoxiu.faces.common import display, documents, qr
from baoxiu.faces.common.audience import CASE_STAFF, PUBLIC, audience
from baoxiu.people.actors import Actor
from baoxiu.sop.conformance import KEPT, Finding, Verdict

Cell = dict[str, str]


@audience(PUBLIC)
@require_GET
def key(request: HttpRequest) -> HttpResponse:
    """The key our certificates are signed with, for whoever holds one."""
    return JsonResponse(
        {"company": settings.COMPANY, "algorithm": signing.ALGORITHM, "key": signing.public_key()},
        headers={"Cache-Control": "public, max-age=3600"},
    )


@audience(*CASE_STAFF)
@require_GET
def pdf(request: HttpRequest, number: str) -> HttpResponse:
    viewer = request.actor  # type: ignore[attr-defined]
    return answer(_found(viewer, number), viewer, request.LANGUAGE_CODE, "pdf")  # type: ignore[attr-defined]


@audience(*CASE_STAFF)
@require_GET
def as_json(request: HttpRequest, number: str) -> HttpResponse:
    viewer = request.actor  # type: ignore[attr-defined]
    return answer(_found(viewer, number), viewer, request.LANGUAGE_CODE, "json")  # type: ignore[attr-defined]


def _found(viewer: Actor, number: str) -> Case:
    try:
        return queries.get(viewer, number)
    except Case.DoesNotExist:
        raise Http404 from None


def answer(case: Case, viewer: Actor, language: str, form: str) -> HttpResponse:
    """The certificate as of now. `form`: pdf (with the JSON attached inside) or json."""
    now = timezone.now()
    made = conformance.certificate(viewer, case, now=now)
    name = f"{case.number}-certificate"
    text = json.dumps(made, ensure_ascii=False, indent=1)
    if form == "json":
        return HttpResponse(
            text, content_type="application/json; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}.json"', "X-Content-Type-Options": "nosniff"},
        )  # fmt: skip
    verdicts = conformance.of_case(viewer, case, now=now)
    with translation.override("zh-hans" if language.startswith("zh") else "en"):
        data = {**_sheet(case, made, verdicts, now), "json": text, "file": f"{name}.json"}
        return documents.answer(documents.typeset("certificate.typ", data, now), f"{name}.pdf")


def _sheet(
    case: Case, made: dict[str, Any], verdicts: tuple[Verdict, ...], now: dt.datetime
) -> dict[str, Any]:
    here = translation.get_language() or "en"
    as_of = _("as of %(when)s") % {"when": display.when(now)}
    return {
        "language": here[:2], "region": "CN" if here.startswith("zh") else "GB",
        "title": " ".join([_("Certificate of conformance"), case.number]), "company": settings.COMPANY,
        "number": case.number, "status": f"{display.stage(case.stage)} · {as_of}",
        "outcome": made["outcome"], "qr": _qr(made),
        "words": {
            "certificate": _("Certificate of conformance"), "clause": _("Clause"), "outcome": _("Verdict"),
            "what": _("What happened"), "clauses": _("Clause by clause"), "proof": _("Proof"),
            "scan": _("Number, head and digest"), "how": _how(),
        },
        "verdict": _verdict(made["outcome"]),
        "clauses": [
            {
                "clause": said["clause"], "title": display.say_of(said["title"]), "outcome": said["outcome"],
                "word": display.word("CONFORMANCE", said["outcome"]), "lines": lines(verdict),
            }
            for said, verdict in zip(made["clauses"], verdicts, strict=True)
        ],
        "proof": [
            (_("Procedure"), f"{made['procedure']['name']} · SHA-256 {made['procedure']['sha256']}"),
            (_("Entries in the journal"), str(made["count"])),
            (_("Head of the journal"), made["head"]),
            (_("Digest of this certificate"), made["digest"]),
            (_("Signed with our key (Ed25519)"), made["key"]),
        ],
    }  # fmt: skip


def _verdict(outcome: str) -> str:
    return {
        "kept": _("Every clause this case came to was kept."),
        "waived": _("Every clause was kept or waived by somebody named below."),
        "broken": _("Not every clause was kept."),
        "owed": _("The case is still running; what was due so far was kept."),
    }[outcome]


def _how() -> str:
    return _(
        "This PDF has the certificate attached as JSON. Whoever holds it can check it without us and without a network: python3 verify_certificate.py FILE --digest DIGEST --key KEY. The hashes of all entries are computed again, every line above is derived again from the journal, and our signature is checked."
    )


def lines(verdict: Verdict) -> list[str]:
    """A clause's findings in words, what was kept summed up."""
    kept = [f for f in verdict.findings if f.outcome == KEPT]
    on_time = sum(f.what == "duty" for f in kept)
    told = [line(f) for f in verdict.findings if f.outcome != KEPT]
    if on_time:
        told.append(_("in time: %(count)s") % {"count": on_time})
    if not told:
        told.append(_("steps as the procedure says: %(count)s") % {"count": len(kept)})
    return told


def line(found: Finding) -> str:
    """ "First response: done late, due …, done …" or "… waived by … : reason"."""
    name = display.duty(found.name) if found.what in ("duty", "waiver", "end") else display.step(found.name)
    if found.outcome == "waived":
        who = found.who or found.by
        said = _("%(what)s: waived by %(who)s, %(when)s (%(step)s)") % {
            "what": name, "who": who, "when": display.when(found.at), "step": display.step(found.why),
        }  # fmt: skip
        return _("%(what)s: %(said)s") % {"what": said, "said": found.reason} if found.reason else said
    parts = [display.word("BREACHES", found.why) if found.why else display.word("CONFORMANCE", found.outcome)]
    if found.due_at:
        parts.append(_("due %(when)s") % {"when": display.when(found.due_at)})
    if found.at and found.due_at:
        parts.append(_("done %(when)s") % {"when": display.when(found.at)})
    return _("%(what)s: %(said)s") % {"what": name, "said": ", ".join(parts)}


def _qr(made: dict[str, Any]) -> str:
    return qr.svg(f"{made['number']} {made['head']} {made['digest']}", dark="#16313d")
