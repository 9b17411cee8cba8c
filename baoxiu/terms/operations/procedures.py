"""C7: publishing a procedure. What is published never changes; running cases keep their version."""

from __future__ import annotations

import datetime as dt

from baoxiu.people.actors import Actor
from baoxiu.sop import check, payloads
from baoxiu.sop.procedure import Procedure
from baoxiu.terms.models import ProcedureVersion


class NotPublishable(Exception):
    """The procedure breaks a law; `findings` say which and where."""

    def __init__(self, findings: list[check.Finding]) -> None:
        super().__init__("; ".join(str(f) for f in findings[:5]))
        self.findings = findings


def publish(
    procedure: Procedure, *, by: Actor, now: dt.datetime, in_force_from: dt.datetime | None = None
) -> ProcedureVersion:
    """Makes `procedure` the one new cases start under from `in_force_from` (default: now).

    Raises NotPublishable when a law is broken. Publishing the same meaning again changes nothing.
    """
    findings = check.check(procedure, payloads=payloads.PAYLOADS)
    if findings:
        raise NotPublishable(findings)
    version, _made = ProcedureVersion.objects.get_or_create(
        pk=procedure.sha256,
        defaults={
            "name": procedure.name,
            "meaning": procedure.canonical,
            "published_at": now,
            "in_force_from": in_force_from or now,
            "published_by": by.name,
        },
    )
    return version
