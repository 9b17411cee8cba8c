"""C4.1: the messages a step owes the customer, written in the step's transaction."""

from __future__ import annotations

import datetime as dt

from django.conf import settings

from baoxiu.cases import insertion, links
from baoxiu.cases.models import Outgoing
from baoxiu.cases.taking import Taking
from baoxiu.catalogue.models import Registration

# step → purpose of the personal link the message carries
MESSAGES: dict[str, str] = {
    "register": "track",
    "reply": "track",
    "confirm": "track",
    "assign_station": "track",
    "promise_window": "track",
    "appoint": "track",
    "set_out": "track",
    "receive": "track",
    "quote": "quote",
    "approve_quote": "quote",
    "uphold": "track",
    "concede": "track",
    "reduce_bill": "track",
    "ship_out": "track",
    "follow_up": "rate",
    "withdraw": "track",
    "final_follow_up": "rate",
}
# what is said of a registration (C2)
REGISTRATION = ("registration", "registration_accepted", "registration_refused")
# step → the step whose message it sends
SAME: dict[str, str] = {
    "approve_quote": "quote",
    "promise_window": "appoint",
    "uphold": "reply",
    "concede": "reply",
    "reduce_bill": "reply",
}


# what is also said by text message, where an SMS provider is set up: what cannot wait for a look at the mail
SMS_EVENTS = frozenset(
    {"register", "appoint", "set_out", "quote", "ship_out", "registration_accepted", "registration_refused"}
)
MOBILE = "+861"  # the providers we speak to deliver to Chinese mobiles


def write(taking: Taking) -> None:
    """One row per cause and channel; nothing where there is no address. Historic imports stay silent."""
    case, step = taking.case, taking.step.name
    event = SAME.get(step, step)
    if step not in MESSAGES or taking.data.get("historic"):
        return
    recipients = _recipients(event, case.contact_email, case.contact_phone)
    if not recipients:
        return
    link = links.issue(case, MESSAGES[step], now=taking.now, fresh=taking.entry_no == 1)
    for channel, recipient in recipients.items():
        message = Outgoing(
            case=case,
            entry_no=taking.entry_no,
            event=event,
            channel=channel,
            language=case.language,
            recipient=recipient,
            context={"link": link.pk, **taking.context},
            due_at=taking.now,
            created_at=taking.now,
        )
        insertion.insert(message)


def tell(registration: Registration, event: str, *, now: dt.datetime, **context: str) -> None:
    """C2: what becomes of a registration, to whoever sent it."""
    for channel, recipient in _recipients(event, registration.email, registration.phone).items():
        message = Outgoing(
            registration=registration,
            event=event,
            channel=channel,
            language=registration.language,
            recipient=recipient,
            context={"product": registration.product or registration.serial, **context},
            due_at=now,
            created_at=now,
        )
        insertion.insert(message)


def _recipients(event: str, email: str, phone: str) -> dict[str, str]:
    """By channel."""
    found = {"email": email} if email else {}
    if settings.SMS_URL and event in SMS_EVENTS and phone.startswith(MOBILE):
        found["sms"] = phone
    return found
