"""What a customer is told of the journal: a list of what may be seen, nothing else ever is.

Internal notes, refusals of jobs, reasons of staff and everything not named here stay inside.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from baoxiu.cases.models import Attachment, Case, JournalEntry
from baoxiu.faces.common import coverage, display
from baoxiu.people.actors import Actor

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """How one step is told: its words for the customer, which free words may be shown, which details."""

    icon: str
    title: str
    text: str = ""  # the field whose words are shown
    details: Callable[[Values], list[tuple[str, str]]] | None = None
    side: str = "step"  # step | you | us
    files: bool = False


@dataclass(slots=True)
class Line:
    """One line of the track."""

    at: dt.datetime
    step: str
    icon: str
    title: str
    text: str
    rows: list[tuple[str, str]]
    side: str
    files: list[Attachment] = field(default_factory=list)
    decision: Values = field(default_factory=dict)


def _parcel(v: Values) -> list[tuple[str, str]]:
    return [(_("Carrier"), str(v.get("carrier", ""))), (_("Tracking number"), str(v.get("tracking", "")))]


def _lent(v: Values) -> list[tuple[str, str]]:
    lent = v.get("outcome") != "declined"
    return [
        (_("Loaner"), str(v.get("product") or v.get("serial") or ""))
        if lent
        else (_("Loaner"), _("not wanted"))
    ]


def _back(v: Values) -> list[tuple[str, str]]:
    return [(_("Condition"), display.word("LOANER_CONDITIONS", v.get("condition", "")))]


def _chosen(v: Values) -> list[tuple[str, str]]:
    terms = v.get("terms") or {}
    rows = [(_("Choice"), display.word("LIMIT_CHOICES", v.get("choice", "")))]
    return [*rows, (_("Terms"), display.say_of(terms))] if terms else rows


def _window(v: Values) -> list[tuple[str, str]]:
    return [(_("Time"), window(_time(v.get("starts_at")), _time(v.get("ends_at"))))]


def _found(v: Values) -> list[tuple[str, str]]:
    return [
        (_("Symptom"), display.word("SYMPTOMS", v.get("symptom", ""))),
        (_("Cause"), display.word("CAUSES", v.get("cause", ""))),
        (_("Planned remedy"), display.word("REMEDIES", v.get("remedy", ""))),
    ]


def _done(v: Values) -> list[tuple[str, str]]:
    parts = [p for p in v.get("parts") or [] if isinstance(p, Mapping)]
    named = "、" if display.is_chinese() else ", "
    rows = [(_("Remedy"), display.word("REMEDIES", v.get("remedy", "")))]
    return (
        rows + [(_("Parts used"), named.join(f"{p.get('text', '')} ×{p.get('quantity', 1)}" for p in parts))]
        if parts
        else rows
    )


def _agreed(v: Values) -> list[tuple[str, str]]:
    return [
        (_("Service"), display.word("SERVICES", v.get("service", "repair"))),
        (_("Service type"), display.word("VENUES", v.get("venue", ""))),
    ]


def _verdict(v: Values) -> list[tuple[str, str]]:
    outcome = (v.get("decision") or {}).get("outcome") or v.get("cover", "")
    words = {"free": _("free of charge"), "paid": _("paid"), "unknown": _("decided after the inspection")}
    return [(_("Charge"), words[outcome])] if outcome in words else []


def _hold(v: Values) -> list[tuple[str, str]]:
    rows = [(_("Reason"), display.word("HOLD_REASONS", v.get("reason", "")))]
    return [*rows, (_("Expected until"), str(v["until"]))] if v.get("until") else rows


def _one(name: str, title: str) -> Callable[[Values], list[tuple[str, str]]]:
    return lambda v: [(_(title), str(v[name]))] if v.get(name) else []


def _stars(v: Values) -> list[tuple[str, str]]:
    score = v.get("overall")
    return [(_("Overall"), "★" * score)] if isinstance(score, int) and 0 < score < 6 else []


STORY: dict[str, Told] = {
    "register": Told(icon="inbox", title=N_("We have received your request"), text="problem", side="you", files=True),
    "reply": Told(icon="message-circle", title=N_("Our reply"), text="text", side="us", files=True),
    "message": Told(icon="message-circle", title=N_("Your message"), text="text", side="you", files=True),
    "chase": Told(icon="bell-ringing", title=N_("You asked us to hurry"), text="text", side="you"),
    "call": Told(icon="phone-call", title=N_("We spoke on the phone")),
    "call_attempt": Told(icon="phone", title=N_("We called and did not reach you")),
    "hold": Told(icon="player-pause", title=N_("Paused"), details=_hold),
    "resume": Told(icon="player-play", title=N_("We go on")),
    "merge": Told(icon="git-branch", title=N_("Joined with another request of yours")),
    "withdraw": Told(icon="ban", title=N_("Request withdrawn")),
    "withdraw_return": Told(icon="ban", title=N_("Request withdrawn, your product goes back to you")),
    "triage": Told(icon="stethoscope", title=N_("We have looked into the problem"), details=_verdict),
    "contest": Told(icon="scale", title=N_("You objected to the decision"), text="text", side="you"),
    "uphold": Told(icon="scale", title=N_("Looked at again: the decision stands"), text="text", side="us"),
    "concede": Told(icon="scale", title=N_("Looked at again: you were right, it is free of charge"), text="text", side="us"),
    "reduce_bill": Told(icon="scale", title=N_("Looked at again: the bill is reduced"), text="text", side="us"),
    "override_cover": Told(icon="scale", title=N_("The charge was decided anew"), details=_verdict),
    "advise": Told(icon="bulb", title=N_("Solved by advice"), text="text", side="us"),
    "confirm": Told(icon="clipboard-check", title=N_("Service type agreed"), details=_agreed),
    "assign": Told(icon="user-check", title=N_("An engineer was chosen")),
    "reassign": Told(icon="user-check", title=N_("Another engineer was chosen")),
    "assign_station": Told(icon="building-warehouse", title=N_("A service station was chosen"), text="text", side="us"),
    "accept": Told(icon="circle-check", title=N_("The engineer has accepted the job")),
    "accept_promised": Told(icon="circle-check", title=N_("The engineer has accepted the job")),
    "promise_window": Told(icon="calendar-time", title=N_("Visit agreed"), details=_window),
    "appoint": Told(icon="calendar-time", title=N_("Visit agreed"), details=_window),
    "set_out": Told(icon="truck", title=N_("The engineer is on the way"), details=_one("minutes", N_("Minutes until arrival"))),
    "check_in": Told(icon="map-pin", title=N_("The engineer has arrived"), files=True),
    "customer_absent": Told(icon="home-off", title=N_("Our engineer came and nobody was there")),
    "ship_in": Told(icon="package", title=N_("Your parcel is on its way to us"), details=_parcel),
    "receive": Told(icon="package-import", title=N_("We have received your product"), text="condition", side="us", files=True),
    "to_depot": Told(icon="building-warehouse", title=N_("Your product goes on to our station")),
    "to_site": Told(icon="home", title=N_("The repair goes on at your place")),
    "diagnose": Told(icon="heartbeat", title=N_("Inspected"), details=_found),
    "quote": Told(icon="receipt", title=N_("We have sent you a quote")),
    "approve_quote": Told(icon="receipt", title=N_("We have sent you a quote")),
    "return_loaner": Told(icon="arrow-back-up", title=N_("The loaner is back with us"), details=_back),
    "settle_limit": Told(icon="scale", title=N_("What you chose"), details=_chosen),
    "record_payment": Told(icon="cash", title=N_("Payment received")),
    "refund": Told(icon="cash", title=N_("Money paid back")),
    "follow_up_later": Told(icon="phone", title=N_("You asked to be called later")),
    "final_later": Told(icon="phone", title=N_("You asked to be called later")),
    "revise_quote": Told(icon="receipt", title=N_("The quote was taken back and will be made anew")),
    "accept_quote": Told(icon="thumb-up", title=N_("Quote accepted")),
    "decline_quote": Told(icon="thumb-down", title=N_("Quote declined")),
    "start_work": Told(icon="tool", title=N_("The repair has begun")),
    "work": Told(icon="tool", title=N_("Work done"), details=_done, files=True),
    "replace": Told(icon="replace", title=N_("Your product was replaced"), details=_one("new_serial", N_("New serial number")), files=True),
    "pass_test": Told(icon="checks", title=N_("Tested: it works")),
    "condemn": Told(icon="alert-triangle", title=N_("It cannot be repaired")),
    "wait_parts": Told(icon="hourglass", title=N_("Waiting for a part"), details=_one("expected", N_("Expected on"))),
    "lend": Told(icon="device-desktop", title=N_("A unit for the time of the repair"), details=_lent),
    "parts_arrived": Told(icon="package", title=N_("The part has arrived")),
    "return_visit": Told(icon="package", title=N_("The part has arrived, the engineer comes again")),
    "hand_over": Told(icon="signature", title=N_("Handed over"), details=_one("signer", N_("Signed by")), files=True),
    "ship_out": Told(icon="package-export", title=N_("Your product is on its way back"), details=_parcel),
    "deliver": Told(icon="home-check", title=N_("Delivered")),
    "collect": Told(icon="home-check", title=N_("Collected"), details=_one("signer", N_("Collected by"))),
    "follow_up": Told(icon="headset", title=N_("The engineer has called to ask how it works")),
    "follow_up_missed": Told(icon="phone", title=N_("We called to ask how it works and did not reach you")),
    "final_follow_up": Told(icon="headset", title=N_("We have called once more: it works")),
    "final_missed": Told(icon="phone", title=N_("We called to ask how it works and did not reach you")),
    "reopen": Told(icon="rotate-clockwise", title=N_("Opened again")),
    "rate": Told(icon="star", title=N_("You have rated us. Thank you"), details=_stars, text="text", side="you"),
    "close": Told(icon="lock", title=N_("Closed")),
}  # fmt: skip


def lines(viewer: Actor, case: Case) -> list[Line]:
    """The track, newest first. Two statements."""
    entries = list(
        JournalEntry.objects.filter(case__in=Case.objects.visible_to(viewer), case_id=case.pk, step__in=STORY)
        .select_related("content")
        .order_by("-no")[:300]
    )
    files: dict[int, list[Attachment]] = {}
    shown = [e.pk for e in entries if STORY[e.step].files]
    for file in Attachment.objects.filter(entry_id__in=shown).order_by("pk"):
        files.setdefault(file.entry_id or 0, []).append(file)
    return [_line(entry, files.get(entry.pk, [])) for entry in entries]


def current_round(lines: list[Line]) -> list[Line]:
    """The lines since the case was last opened again, newest first."""
    start = next((i for i, line in enumerate(lines) if line.step == "reopen"), len(lines))
    return lines[:start]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision who pays, as it is shown (依据)."""

    verdict: str
    tone: str
    reasons: list[str]
    basis: list[str]
    at: dt.datetime
    card: coverage.Card | None = None
    laws: list[str] = field(default_factory=list)


def decision(lines: list[Line], today: dt.date) -> Verdict | None:
    """The decision in force, with its reasons, clauses and coverages."""
    line = next((line for line in current_round(lines) if line.decision), None)
    if line is None:
        return None
    told = line.decision
    words = {
        "free": (_("Free of charge for you"), "good"), "paid": (_("You pay, after you have agreed to a price"), "warn"),
        "unknown": (_("Decided after the inspection"), "plain"),
    }  # fmt: skip
    verdict, tone = words.get(told.get("outcome", ""), words["unknown"])
    reasons = [str(r.get("zh" if display.is_chinese() else "en", "")) for r in told.get("reasons") or ()]
    if told.get("computed") not in (None, told.get("outcome")):
        reasons = [_("Decided by our manager against the rule's result.")]
    is_ours = told.get("computed") not in (None, told.get("outcome"))
    detail = {} if is_ours else told.get("detail") or {}
    card = coverage.card(detail.get("verdict"), today)
    laws = [] if is_ours else coverage.laws(told.get("rule_ids") or ())
    return Verdict(verdict, tone, reasons, [c for c in (told.get("clause"),) if c], line.at, card, laws)


def _line(entry: JournalEntry, files: list[Attachment]) -> Line:
    told = STORY[entry.step]
    words = (entry.content.words if hasattr(entry, "content") else None) or {}
    values = {**(entry.body.get("data") or {}), **words}
    theirs = entry.party == "customer"
    text = str(values.get(told.text, "")) if told.text else ""
    if entry.step == "reopen" and theirs:
        text = str(values.get("reason", ""))
    rows = [(title, value) for title, value in (told.details(values) if told.details else []) if value]
    side = "you" if theirs and text else told.side
    return Line(
        entry.at, entry.step, told.icon, _(told.title), text, rows, side, files, values.get("decision") or {}
    )


def first_name(name: str) -> str:
    """An engineer as the customer knows them: 张工, Anna; never more."""
    name = name.strip()
    if not name or name[0].isascii():
        return name.split(" ")[0]
    return name if len(name) <= 3 and name[-1] in "工师" else f"{name[0]}师傅"


def window(starts: dt.datetime | None, ends: dt.datetime | None) -> str:
    """2026-11-03 14:00–16:00."""
    if starts is None or ends is None:
        return ""
    return f"{display.when(starts)}–{display.when(ends, '%H:%M' if display.when(starts, '%j') == display.when(ends, '%j') else '%m-%d %H:%M')}"


def _time(text: Any) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(str(text))
    except ValueError:
        return None
