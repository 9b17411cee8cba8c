"""C7: which procedure is in force, and the one a running case keeps."""

from __future__ import annotations

import datetime as dt
import json
from functools import lru_cache

from django.db import connection

from baoxiu.sop.procedure import Procedure, ProcedureError
from baoxiu.sop.standard import STANDARD
from baoxiu.terms.models import ProcedureVersion


@lru_cache(maxsize=64)
def by_hash(sha256: str) -> Procedure:
    """The procedure with this hash. Raises ProcedureError when it was never published here."""
    if sha256 == STANDARD.sha256:
        return STANDARD
    row = ProcedureVersion.objects.filter(pk=sha256).first()
    if row is None:
        raise ProcedureError(f"procedure {sha256[:12]} is not published here")
    return Procedure.from_meaning(row.name, json.loads(row.meaning), words=STANDARD)


_IN_FORCE = (
    "SELECT sha256 FROM terms_procedureversion WHERE in_force_from <= %s ORDER BY in_force_from DESC LIMIT 1"
)


def in_force(now: dt.datetime) -> Procedure:
    """The newest version in force at `now`; the standard procedure where none was published."""
    with connection.cursor() as cursor:
        cursor.execute(_IN_FORCE, [connection.ops.adapt_datetimefield_value(now)])
        row = cursor.fetchone()
    return by_hash(row[0]) if row else STANDARD
