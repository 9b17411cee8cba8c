"""C7: a version of the warranty terms beside the one it follows – for the office and the API."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from baoxiu.catalogue import coverage
from baoxiu.faces.common.display import say
from baoxiu.sop import amendments, codes, terms_lint
from baoxiu.sop.entitlement.products import NAMES
from baoxiu.sop.warranty import SCOPES, STARTS, CoverageTerm, Warranty
from baoxiu.terms import switches, warranty
from baoxiu.terms.models import WarrantyVersion
from baoxiu.terms.queries import Announced


@dataclass(frozen=True, slots=True)
class Looked:
    document: Warranty
    before: warranty.Version  # that holds on the day before it begins
    begins: dt.date  # of a draft: as soon as may be, but not today
    today: dt.date
    changes: list[amendments.Change]
    findings: list[terms_lint.Finding]


def looked_at(version: WarrantyVersion) -> Looked:
    """The diff against the version in force, and what the law says by the rules switched on now."""
    today = timezone.localdate()
    others, document = tuple(v for v in warranty.versions() if v.number < version.number), version.document
    begins = version.in_force_from or today + dt.timedelta(days=1)
    before = warranty.of_day(begins, others)
    if version.is_draft:
        begins = max(begins, amendments.earliest(before.warranty, document, today))
    changes = amendments.compare(before.warranty, document)
    return Looked(
        document, before, begins, today, changes, terms_lint.lint(document, coverage.sold(), switches.off())
    )


def told(coverage: CoverageTerm) -> dict[str, str]:
    """A coverage in words."""
    limits = [
        say(codes.PRODUCT_CLASSES[coverage.product_class]) if coverage.product_class else "",
        say(NAMES[coverage.law_class]) if coverage.law_class else "",
        coverage.model,
    ]
    return {
        "what": " · ".join(part for part in limits if part) or _("everything"),
        "part": say(codes.PARTS[coverage.part]) if coverage.part else _("whole unit"),
        "months": str(coverage.months),
        "scope": say(SCOPES[coverage.scope]),
        "starts": say(STARTS[coverage.starts]),
    }


def plain(found: Announced) -> dict[str, Any]:
    """A version as data, for everybody."""
    life, row = found.life, found.row
    return {
        "number": life.number,
        "state": life.state,
        "in_force_from": life.begins.isoformat() if life.number else None,
        "until": life.until.isoformat() if life.until else None,
        "announced_at": row.published_at.isoformat() if row and row.published_at else None,
        "withdrawn_at": row.withdrawn_at.isoformat() if row and row.withdrawn_at else None,
        "sha256": found.sha256,
        "document": found.document.meaning(),
    }
