"""What a new installation needs before the first customer calls, ticked off by what is really there."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from baoxiu.cases.queries import figures as cases
from baoxiu.catalogue import queries as catalogue
from baoxiu.charges import queries as charges
from baoxiu.faces.common.display import word
from baoxiu.people import queries as people
from baoxiu.people.actors import Actor
from baoxiu.service_levels import queries as levels

# without one of these a case cannot go its way
NEEDED_ROLES = ("agent", "dispatcher", "engineer", "manager")


@dataclass(frozen=True, slots=True)
class Item:
    """`why`: what it is good for, or what holds without it; `href`: where it is done; `keepers`: whose work it is."""

    name: str
    title: str
    why: str
    href: str
    keepers: tuple[str, ...]
    is_done: bool
    is_needed: bool = True


def items(viewer: Actor) -> list[Item]:
    """In the order in which one does them."""
    roles = {role for colleague in people.staff(viewer) for role in colleague.role_set}
    missing = [word("ROLES", role) for role in NEEDED_ROLES if role not in roles]
    who = _("Still missing: %(roles)s.") % {"roles": " · ".join(missing)} if missing else ""
    prices = charges.price_lists(viewer)
    _number, book = levels.in_force()
    manual = "/manual/operation/"
    return [
        Item("staff", _("Invite your colleagues"), who or _("Everybody a case needs is here."), "/office/staff/new/", ("administrator",), not missing),
        Item("stations", _("Name the stations, the skills and the teams"), _("Stations receive products; skills say who may be sent where."), "/office/stations/", ("administrator",), bool(people.stations(viewer) and people.skills(viewer))),
        Item("models", _("Enter the models you sell"), _("A model says which skill it needs, how long a visit takes and how long the warranty lasts."), "/office/models/", ("manager", "administrator"), bool(catalogue.models(viewer, limit=1))),
        Item("prices", _("Publish a price list"), _("Without one every line of a quote is written by hand."), "/office/prices/", ("manager",), any(p.status == "published" for p in prices), is_needed=False),
        Item("levels", _("Agree service levels and the working calendar"), _("Without any, the procedure's own times hold, round the clock."), "/office/levels/", ("manager", "administrator"), bool(book.levels), is_needed=False),
        Item("address", _("Name the company and the address customers reach"), _("BAOXIU_COMPANY stands on every page (now: %(name)s), BAOXIU_ORIGIN in every link we send (now: %(address)s).") % {"name": settings.COMPANY, "address": settings.ORIGIN}, manual, ("administrator",), settings.DEMO or not _is_local(settings.ORIGIN)),
        Item("mail", _("Let messages go out"), _("BAOXIU_MAIL_URL names your mail server; until then messages wait in the outbox."), manual, ("administrator",), settings.DEMO or settings.MAIL_CONFIGURED),
        Item("first", _("Register the first request"), _("As a customer would, with the public form, or at the phone desk."), "/request/", ("agent",), cases.has_any(viewer)),
    ]  # fmt: skip


def is_ready(found: list[Item]) -> bool:
    return all(item.is_done for item in found if item.is_needed)


def _is_local(origin: str) -> bool:
    host = urlsplit(origin).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in ("", "localhost")
