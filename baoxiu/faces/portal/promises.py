"""The next promise in words: what happens next and by when, as one would say it to the customer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from babel.dates import format_skeleton
from django.utils import timezone
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from baoxiu.cases import objections
from baoxiu.cases.models import Case, Duty
from baoxiu.faces.common import display

BY = {
    "first_response": N_("We will call or write to you by %(time)s."),
    "response": N_("We will answer your message by %(time)s."),
    "chase": N_("We will answer your chase-up by %(time)s."),
    "triage": N_("We will look into it and tell you the next step by %(time)s."),
    "confirmation": N_("We will agree the kind of service with you by %(time)s."),
    "dispatch": N_("We will find the right people for the job by %(time)s."),
    "acceptance": N_("Your engineer will confirm the job by %(time)s."),
    "appointment": N_("Your engineer will call you to agree a time by %(time)s."),
    "arrival": N_("Your engineer will arrive by %(time)s."),
    "inbound": N_("We expect your product by %(time)s."),
    "repair": N_("The repair will be finished by %(time)s."),
    "consent": N_("Please answer our quote by %(time)s."),
    "parts": N_("The missing part will be here by %(time)s."),
    "handover": N_("You will have your product back by %(time)s."),
    "engineer_followup": N_("Your engineer will call by %(time)s to ask how it works."),
    "final_followup": N_("We will call once more by %(time)s to make sure that it works."),
}
# while these are open, the answer to them comes first
TALK = ("chase", "response", "first_response")
YOURS = ("inbound", "consent")  # what the customer does; nothing of ours is late


@dataclass(frozen=True, slots=True)
class Promise:
    text: str
    due_at: dt.datetime
    is_late: bool


def headline(case: Case, *, has_parcel: bool = False, on_the_way: bool = False) -> str:
    """Where the case stands, in the customer's words."""
    facts = case.facts
    if facts.get("on_hold") == "yes":
        return _("Paused for now")
    at_ours = facts.get("venue") == "depot"
    outcome = facts.get("outcome")
    agreed = _("Visit agreed") if facts.get("appointed") == "yes" else ""
    special = {
        "triage": _("Please agree the kind of service") if facts.get("triaged") == "yes" else _("We have received your request"),
        "visit": _("Your engineer is on the way") if on_the_way
        else agreed or _("Your engineer will call you"),
        "dispatch": agreed, "assigned": agreed,
        "inbound": _("Your parcel is on its way to us") if has_parcel or facts.get("possession") == "ours" else _("Please send us the product"),
        "repair": _("Your product is being repaired") if at_ours else _("Your engineer is at work"),
        "handover": _("On its way back to you") if facts.get("outbound") == "shipped"
        else _("Repaired and tested") if outcome in ("repaired", "replaced") else _("Ready to go back to you"),
    }  # fmt: skip
    plain = {
        "dispatch": _("We are arranging it"), "assigned": _("An engineer was chosen"), "consent": _("Your answer is needed"),
        "parts": _("Waiting for a part"), "followup": _("Done – we will ask how it works"),
        "final": _("Done – we will ask how it works"), "closed": _("Closed"), "withdrawn": _("Withdrawn"),
        "merged": _("Joined with another request of yours"),
    }  # fmt: skip
    return special.get(case.stage) or plain.get(case.stage) or display.stage(case.stage)


def next_promise(duties: Iterable[Duty], now: dt.datetime, *, on_hold: bool = False) -> Promise | None:
    """The nearest thing owed that means something to the customer; None where nothing is."""
    known = [d for d in duties if d.kind in BY]
    if on_hold or not known:
        return None
    duty = min(known, key=lambda d: (d.kind not in TALK, d.due_at))
    late = duty.due_at < now and duty.kind not in YOURS
    if late:
        text = _("We promised to be further by %(time)s and are late. We are sorry.")
    else:
        text = _(BY[duty.kind])
    return Promise(text % {"time": day_time(duty.due_at, now)}, duty.due_at, late)


def objection(case: Case, duties: Iterable[Duty], now: dt.datetime) -> str:
    """What is looked at again and when it is answered; empty where nothing is."""
    due = next((d.due_at for d in duties if d.kind == "review"), None)
    found = objections.waiting(case) if due else None
    if due is None or found is None:
        return ""
    said = _("Your objection of %(day)s (%(about)s) is being looked at again.") % {
        "day": day_time(found.at, now), "about": display.word("OBJECTIONS", found.about)
    }  # fmt: skip
    answer = (
        _("We promised to be further by %(time)s and are late. We are sorry.")
        if due < now
        else _("You have our answer by %(time)s.")
    )
    return said + ("" if display.is_chinese() else " ") + answer % {"time": day_time(due, now)}


def day_time(moment: dt.datetime, now: dt.datetime) -> str:
    """today 16:00, tomorrow 10:00, Nov 5 16:00 / 11月5日 16:00; midnight ends a day: Nov 5 24:00."""
    local, today = timezone.localtime(moment), timezone.localtime(now).date()
    if is_midnight := local.time() == dt.time():
        local -= dt.timedelta(days=1)
    day = {
        today: _("today"), today + dt.timedelta(days=1): _("tomorrow"), today - dt.timedelta(days=1): _("yesterday"),
    }.get(local.date())  # fmt: skip
    form = "MMMd" if local.year == today.year else "yMMMd"
    return f"{day or format_skeleton(form, local, locale=to_locale(get_language() or 'en'))} {'24:00' if is_midnight else display.when(moment, '%H:%M')}"
