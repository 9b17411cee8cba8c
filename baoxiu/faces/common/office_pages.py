"""What each page of the office is for, in one line, and the page of the manual that explains it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_noop as N_


@dataclass(frozen=True, slots=True)
class Lead:
    text: str
    manual: str


# by the name of the route; pages below one say no line of their own but lead to the same page of the manual
LEADS = {
    "start": Lead(N_("What a new installation needs, ticked off by what is really there."), "operation"),
    "board": Lead(N_("What is late, what soon will be, what is done today; every number opens to what it counts."), "figures"),
    "dashboard": Lead(N_("How good the service is and where it fails; every figure opens to the cases behind it."), "figures"),
    "conformance": Lead(N_("Which clauses were kept, waived or broken, clause by clause."), "conformance"),
    "event-logs": Lead(N_("The journals of a period as files for process mining."), "conformance"),
    "money": Lead(N_("What customers agreed to, paid and got back, each currency for itself."), "C3.2"),
    "procedure": Lead(N_("The procedure exactly as the program runs it: stages, steps, deadlines."), "C4.1"),
    "levels": Lead(N_("How fast we promise to be, to whom, on which calendar, and what happens when time runs out."), "C5.2"),
    "prices": Lead(N_("The prices that quotes are made of; a published version never changes."), "C3.2"),
    "warranty": Lead(N_("What the company promises beyond the law; the version of the day of purchase counts."), "warranty-terms"),
    "rules": Lead(N_("The rules of law behind every decision: source, checked or not, on or off."), "entitlement"),
    "customers": Lead(N_("Persons and companies with their contacts, places, products and cases."), "C4.1"),
    "units": Lead(N_("What was sold: serial number, purchase date, owner, label."), "C2"),
    "registrations": Lead(N_("What customers registered themselves and a colleague has to check."), "C2"),
    "models": Lead(N_("What we sell: product class, skill needed, length of a visit, the maker's own warranty."), "C2"),
    "parts": Lead(N_("Which spare parts lie where, in vans and stockrooms, and what of them is reserved."), "parts"),
    "staff": Lead(N_("Who works here, with which roles and skills; new colleagues are invited here."), "C4.3"),
    "planning": Lead(N_("What a plan must heed and what each wish is worth, and who works in which district."), "C4.3"),
    "absences": Lead(N_("Who is away from today on; nobody who is away gets a job."), "C4.3"),
    "stations": Lead(N_("Where products are sent for repair, what engineers are able to do, and the teams."), "C4.4b"),
    "messages": Lead(N_("What customers and groups are told, over which channel and in which words."), "operation"),
    "mailbox": Lead(N_("Every message to a customer, and what became of it."), "operation"),
    "jobs": Lead(N_("What the system does by itself: when last, whether it worked, and another try."), "operation"),
    "access": Lead(N_("Who looked at whose phone number or e-mail, when and why."), "C4.1"),
    "keys": Lead(N_("Access for other programs, with the rights of one colleague or one company."), "api"),
}  # fmt: skip
BELOW = {
    "board": ("board-behind", "chain"), "dashboard": ("behind",), "conformance": ("in-clause",),
    "levels": ("level", "level-new", "holidays", "calendar", "calendar-new", "contract", "contract-new"),
    "prices": ("price-list", "price-new", "price-head", "price-publish", "price-upload", "price-item", "price-item-new"),
    "warranty": ("warranty-terms", "warranty-edit", "warranty-publish"), "rules": ("rule-switch",),
    "customers": ("customer", "customer-new", "customer-edit"), "units": ("unit", "unit-new", "unit-edit", "unit-import", "labels"),
    "parts": ("holdings", "holding", "stock-move"), "registrations": ("registration",), "models": ("model", "model-new", "model-edit"),
    "staff": ("colleague", "staff-new", "colleague-edit"), "planning": ("policy", "policy-new", "territory", "territory-new"),
    "stations": ("station", "station-new", "skill", "skill-new", "team", "team-new"),
    "messages": ("wording", "channel", "target", "target-new"), "keys": ("key-new",),
}  # fmt: skip
ABOVE = {below: page for page, names in BELOW.items() for below in names}


def lead(route: str) -> Lead | None:
    """The line of a page, or of the page above it without its text; None where nothing is to be said."""
    if route in LEADS:
        return LEADS[route]
    return Lead("", LEADS[ABOVE[route]].manual) if route in ABOVE else None
