"""Printed documents, made with typst and the bundled Chinese font alone: the same on every machine."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn as fonts
from django.conf import settings
from django.http import HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from baoxiu.cases import decisions, links
from baoxiu.cases.models import Case, JournalEntry
from baoxiu.cases.queries.case import shows_contact
from baoxiu.charges import queries as charges
from baoxiu.charges.models import Quote
from baoxiu.faces.common import coverage, qr, signatures
from baoxiu.faces.common.display import cash, day, say, stage, when, word
from baoxiu.lib import phones
from baoxiu.people.actors import Actor
from baoxiu.repair import queries as repair
from baoxiu.sop.confidentiality import mask_phone
from baoxiu.sop.standard import STANDARD
from baoxiu.sop.text import Text

TEMPLATES = Path(__file__).parent / "typst"
SIGNING = ("hand_over", "collect")
# a PDF is shown by the browser's own viewer and reaches for nothing
POLICY = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'none'"
Rows = list[tuple[str, str]]


def service_sheet(case: Case, viewer: Actor, language: str, *, now: dt.datetime) -> bytes:
    """服务单: customer, unit, problem, decision, work, parts, quote and signature as a PDF in `language`.

    `case` is already authorised for `viewer`; phone and address are masked for whoever need not reach the customer.
    Times are the customer's, whoever prints it.
    """
    with (
        timezone.override(case.customer.zone),
        translation.override("zh-hans" if language.startswith("zh") else "en"),
    ):
        return typeset("service_sheet.typ", _sheet(case, viewer, now), now)


def answer(pdf: bytes, name: str) -> HttpResponse:
    """A PDF to look at or print; nothing of it is kept by the browser."""
    return HttpResponse(
        pdf, content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{name}"', "Content-Security-Policy": POLICY,
            "X-Content-Type-Options": "nosniff",
        },
    )  # fmt: skip


def typeset(template: str, data: dict[str, Any], now: dt.datetime) -> bytes:
    """The PDF of a template in `typst/`; `data` is set as plain text, never read as markup."""
    import typst

    made = typst.compile(
        str(TEMPLATES / template), root=str(TEMPLATES), font_paths=[str(fonts.sans_path().parent)],
        ignore_system_fonts=True, format="pdf", timestamp=int(now.timestamp()),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )  # fmt: skip
    return bytes(made)


# -- what stands on the sheet ------------------------------------------------------------------


def _sheet(case: Case, viewer: Actor, now: dt.datetime) -> dict[str, Any]:
    done = repair.of_case(viewer, case)
    signed, signature = _signed(case)
    found = done.diagnoses[-1] if done.diagnoses else None
    here = translation.get_language() or "en"
    return {
        "language": here[:2], "region": "CN" if here.startswith("zh") else "GB",
        "title": f"{_('After-sales service sheet')} {case.number}", "company": settings.COMPANY, "number": case.number,
        "status": f"{stage(case.stage)} · {when(now)}", "qr": track_code(case, now), "words": words(),
        "customer": customer_rows(case, viewer), "unit": _unit(case), "problem": soft(_problem(case)),
        "decision": _decision(case), "findings": [] if found is None else [
            (_("Symptom"), word("SYMPTOMS", found.symptom)), (_("Cause"), word("CAUSES", found.cause)),
            (_("Planned remedy"), word("REMEDIES", found.remedy)), *([(_("Findings"), soft(found.text))] if found.text else []),
        ],
        "work": [
            *({"when": _line(record.at, record.by.name if record.by else "", word("REMEDIES", record.remedy)), "text": soft(record.text)} for record in done.work),
            *({"when": _line(swap.at, swap.by.name if swap.by else "", _("Unit replaced")), "text": _swap(swap)} for swap in done.swaps),
        ],
        "parts": [(soft(part.text), part.number, str(part.quantity)) for record in done.work for part in record.parts.all()],
        "quote": quote_rows(_sent(viewer, case)), "engineer": case.engineer.name if case.engineer else " ",
        "signature": signature, "signed": signed, "promise": _promise(),
    }  # fmt: skip


def words() -> dict[str, str]:
    return {
        "sheet": _("After-sales service sheet"), "scan": _("Scan to follow"), "customer": _("Customer"), "unit": _("Product"),
        "problem": _("Problem"), "decision": _("Decision on the charge"), "findings": _("Diagnosis"), "work": _("Work done"),
        "parts": _("Parts used"), "part": _("Part"), "part_number": _("Part number"), "quantity": _("Quantity"),
        "kind": _("Kind"), "description": _("Description"), "price": _("Unit price"), "amount": _("Amount"),
        "total": _("Total"), "engineer": _("Service engineer"), "signature": _("Customer's signature"),
    }  # fmt: skip


def customer_rows(case: Case, viewer: Actor) -> Rows:
    shows = shows_contact(viewer, case)
    number = phones.shown(case.contact_phone) if shows else mask_phone(case.contact_phone)
    place = case.site.one_line if case.site and shows else ""
    rows = [
        (_("Name"), case.contact_name), (_("Company"), case.customer.name if case.customer.is_company else ""),
        (_("Phone"), number if case.contact_phone else ""), (_("Address"), place), (_("Reported"), when(case.created_at)),
    ]  # fmt: skip
    return [(title, soft(value)) for title, value in rows if value]


def _unit(case: Case) -> Rows:
    unit = case.unit
    if unit is None:
        return [(_("Product"), _("No product on record"))]
    rows = [
        (_("Product"), " ".join(p for p in (unit.brand, unit.product or str(unit.model or "")) if p)),
        (_("Model"), unit.model.code if unit.model else ""), (_("Serial number"), unit.serial),
        (_("Purchase date"), day(unit.purchase_date)),
    ]  # fmt: skip
    return [(title, soft(value)) for title, value in rows if value]


def _problem(case: Case) -> str:
    first = JournalEntry.objects.filter(case=case, no=1).select_related("content").first()
    words = (first.content.words if first and hasattr(first, "content") else None) or {}
    return str(words.get("problem") or case.subject)


def _decision(case: Case) -> dict[str, Any] | None:
    held = decisions.latest(case)
    if held is None:
        return None
    reasons = [
        say(Text(r.get("en", ""), r.get("zh", "")))
        for r in held.decision.get("reasons", ())
        if isinstance(r, dict)
    ]
    clauses = [str(held.decision[key]) for key in ("clause",) if held.decision.get(key)]
    if held.is_override:
        by = JournalEntry.objects.filter(case=case, no=held.decision["overridden_by"])
        word = _("Overridden by %(name)s") % {
            "name": by.values_list("actor_name", flat=True).first() or held.by
        }
        is_contrary = held.decision.get("computed") != held.outcome  # the rules' words would say the contrary
        reasons = [word] if is_contrary else [word, *reasons]
    else:
        clauses += coverage.laws(held.decision.get("rule_ids") or ())
    return {
        "verdict": say(STANDARD.fact["cover"].label(held.outcome)),
        "basis": " ".join([_("Basis"), *clauses]) if clauses else "",
        "reasons": [soft(reason) for reason in reasons],
    }


def _sent(viewer: Actor, case: Case) -> Quote | None:
    """The newest quote the customer has seen."""
    return next((q for q in charges.of_case(viewer, case) if q.sent_at), None)


def quote_rows(quote: Quote | None) -> dict[str, Any] | None:
    """Lines, sums and answer of a quote, as printed. Once an option is chosen, that one alone."""
    if quote is None:
        return None
    said = getattr(quote, "consent", None)
    outcomes = {
        "accepted": _("Accepted by %(name)s, %(when)s"),
        "declined": _("Declined by %(name)s, %(when)s"),
    }
    chosen = said.option if said and said.outcome == "accepted" else ""
    lines = [n for n in quote.lines.all() if not chosen or n.option in ("", chosen)]
    return {
        "title": _("Quote, version %(n)s") % {"n": quote.version}, "sums": _sums(quote, chosen),
        "consent": soft(outcomes[said.outcome] % {"name": said.name, "when": when(said.at)}) if said else "",
        "lines": [
            {
                "kind": word("LINE_KINDS", line.kind), "text": soft(line.text), "quantity": f"{line.quantity.normalize():f}",
                "price": cash(line.price, quote.currency), "free": line.is_free,
                "amount": _("free") if line.is_free else cash(line.total, quote.currency),
            }
            for line in lines
        ],
    }  # fmt: skip


def _sums(quote: Quote, chosen: str) -> list[tuple[str, str]]:
    found = []
    for option, sum_ in quote.sums().items():
        if chosen and option != chosen:
            continue
        if sum_.tax:
            found.append((_("Tax"), cash(sum_.tax, quote.currency)))
        name = f"{_('Total')} · {word('QUOTE_OPTIONS', option)}" if option else _("Total")
        found.append((name, cash(sum_.total, quote.currency)))
    return found


def _signed(case: Case) -> tuple[str, str]:
    """(name and time, drawing) of the newest hand-over; blank where the sheet is still to be signed."""
    entry = (
        JournalEntry.objects.filter(case=case, step__in=SIGNING)
        .select_related("content")
        .order_by("-no")
        .first()
    )
    words = (entry.content.words if entry and hasattr(entry, "content") else None) or {}
    if entry is None or not words:
        return " ", ""
    return soft(f"{words.get('signer', '')} · {when(entry.at)}"), signatures.svg(
        str(words.get("signature", ""))
    )


def track_code(case: Case, now: dt.datetime) -> str:
    """The customer's tracking page as a drawing; nothing where no portal is served."""
    try:
        path = reverse("portal:track", args=[links.token_of(links.issue(case, "track", now=now))])
    except NoReverseMatch:
        return ""
    return qr.svg(settings.ORIGIN.rstrip("/") + path, dark="#16313d")


def _promise() -> str:
    return _(
        "Repaired under clauses C3 and C4.5 of our after-sales terms. Our engineer calls you back; customer service calls once more later."
    )


def _line(at: dt.datetime, *more: str) -> str:
    return " · ".join([when(at), *(m for m in more if m)])


def _swap(swap: Any) -> str:
    old = swap.old_unit.serial if swap.old_unit else "–"
    return f"{old} → {swap.new_unit.serial}. {soft(swap.text)}"


def soft(text: str) -> str:
    """Long runs without a space get places to break; lines stay lines."""
    return re.sub(r"([^\s\u2e80-\uffff]{28})(?=[^\s])", "\\1\u200b", text)
