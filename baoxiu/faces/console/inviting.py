"""`baoxiu invite`: the first administrator, or anybody else who works here."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone
from pydantic import ValidationError

from baoxiu.faces.console.start import MISUSED, Trouble, prepare_database, say
from baoxiu.people import operations as people
from baoxiu.people.actors import SYSTEM
from baoxiu.people.models import Staff, Station
from baoxiu.people.records import ROLES, StaffRecord


def run(email: str, name: str, roles: list[str], station: str, language: str) -> None:
    """Prints the link once. Somebody known already only gets a new link. Raises Trouble."""
    unknown = [role for role in roles if role not in ROLES]
    if unknown:
        raise Trouble(f"there is no role {', '.join(unknown)}; there are {', '.join(ROLES)}.", MISUSED)
    prepare_database()
    now = timezone.now()
    known = Staff.objects.filter(email=email.lower()).first()
    try:
        if known:
            token = people.invite(known, by=SYSTEM, now=now)
            say(f"{known.name} is known already with the roles {known.roles.strip()}; a new link:")
        else:
            record = StaffRecord(
                name=name,
                email=email,
                language=language,
                station=_station(station),
                **dict.fromkeys(roles, True),
            )
            _, token = people.create_staff(record, by=SYSTEM, now=now)
            say(f"{name} may sign in as {', '.join(roles)}. The link sets the password, works once:")
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise Trouble(f"{first['loc'][0]}: {first['msg']}.", MISUSED) from error
    except people.Invalid as error:
        raise Trouble(str(error).rstrip(".") + ".", MISUSED) from error
    say(f"{settings.ORIGIN}/invite/{token}/")
    say(f"It ends after {people.INVITATION_DAYS} days. Give it to nobody else.")


def _station(code: str) -> int | None:
    if not code:
        return None
    found = Station.objects.filter(code=code).first()
    if found is None:
        known = ", ".join(Station.objects.order_by("code").values_list("code", flat=True)[:30]) or "none yet"
        raise Trouble(f"there is no station {code}; there are: {known}.", MISUSED)
    return found.pk
