"""C7: a version of the warranty terms beside the one it follows – for the office and the API."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from baoxiu.catalogue import coverage
from baoxiu.sop import amendments, terms_lint
from baoxiu.sop.warranty import Warranty
from baoxiu.terms import switches, warranty
from baoxiu.terms.models import WarrantyVersion


@dataclass(frozen=True, slots=True)
class Looked:
    document: Warranty
    before: warranty.Version  # that holds on the day before it begins
    begins: dt.date  # of a draft: tomorrow
    today: dt.date
    changes: list[amendments.Change]
    findings: list[terms_lint.Finding]


def looked_at(version: WarrantyVersion) -> Looked:
    """The diff against the version in force, and what the law says by the rules switched on now."""
    today = timezone.localdate()
    begins = version.in_force_from or today + dt.timedelta(days=1)
    others = tuple(v for v in warranty.versions() if v.number < version.number)
    before, document = warranty.of_day(begins, others), version.document
    changes = amendments.compare(before.warranty, document)
    return Looked(
        document, before, begins, today, changes, terms_lint.lint(document, coverage.sold(), switches.off())
    )
