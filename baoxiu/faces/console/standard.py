"""The program's own procedure is published where it is used: a case finds its version after every upgrade."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from baoxiu.people.actors import SYSTEM
from baoxiu.sop.standard import STANDARD
from baoxiu.terms import operations as terms
from baoxiu.terms.models import ProcedureVersion

ALWAYS = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def keep() -> bool:
    """Publishes the standard procedure of this version, unless the company has put one of its own in force.

    The first one holds for all times, so that requests of the past can be registered. Returns whether it replaces an older one.
    """
    newest = ProcedureVersion.objects.order_by("-in_force_from").values_list("sha256", "published_by").first()
    if newest and (newest[0] == STANDARD.sha256 or newest[1] != SYSTEM.name):
        return False
    now = timezone.now()
    terms.publish(STANDARD, by=SYSTEM, now=now, in_force_from=now if newest else ALWAYS)
    return newest is not None
