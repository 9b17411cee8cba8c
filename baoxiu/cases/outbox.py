"""C4.1: the messages a step owes the customer, written in the step's transaction."""

from __future__ import annotations

from baoxiu.cases import insertion, links
from baoxiu.cases.models import Outgoing
from baoxiu.cases.taking import Taking

# step → purpose of the personal link the message carries
MESSAGES: dict[str, str] = {
    "register": "track",
    "reply": "track",
    "confirm": "track",
    "assign_station": "track",
    "appoint": "track",
    "set_out": "track",
    "receive": "track",
    "quote": "quote",
    "approve_quote": "quote",
    "ship_out": "track",
    "follow_up": "rate",
    "withdraw": "track",
    "final_follow_up": "rate",
}
# step → the step whose message it sends
SAME: dict[str, str] = {"approve_quote": "quote"}


def write(taking: Taking) -> None:
    """One row per cause; nothing where there is no address. Historic imports stay silent."""
    case, step = taking.case, taking.step.name
    if step not in MESSAGES or not case.contact_email or taking.data.get("historic"):
        return
    link = links.issue(case, MESSAGES[step], now=taking.now, fresh=taking.entry_no == 1)
    message = Outgoing(
        case=case,
        entry_no=taking.entry_no,
        event=SAME.get(step, step),
        language=case.language,
        recipient=case.contact_email,
        context={"link": link.pk, **taking.context},
        due_at=taking.now,
        created_at=taking.now,
    )
    insertion.insert(message)
