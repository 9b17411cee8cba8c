"""What every look at a unit needs, in one statement: the published promises and the switches of the law."""

from __future__ import annotations

import datetime as dt

from django.db import connection

from baoxiu.terms import switches, warranty

_READ = (
    "SELECT 'promise', CAST(number AS varchar(10)), sha256, CAST(in_force_from AS varchar(10)), number "
    "FROM terms_warrantyversion WHERE status = 'published' "
    "UNION ALL SELECT 'switch', rule, CASE WHEN is_on THEN 'on' ELSE 'off' END, '', id FROM terms_ruleswitch "
    "ORDER BY 5"
)


def read() -> tuple[tuple[warranty.Version, ...], frozenset[str]]:
    """(`warranty.versions()`, `switches.off()`)."""
    with connection.cursor() as cursor:
        cursor.execute(_READ)
        rows = cursor.fetchall()
    versions = tuple(
        warranty.Version(int(name), dt.date.fromisoformat(day), value)
        for kind, name, value, day, _ in rows
        if kind == "promise" and day
    )
    turned = {name: value == "on" for kind, name, value, _, _ in rows if kind == "switch"}
    return versions, switches.turned_off(turned)
