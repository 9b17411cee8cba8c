"""C7: the company's promise is announced, or an announcement taken back – and everybody who advises customers is told."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from baoxiu.cases.models import Outgoing
from baoxiu.catalogue import coverage
from baoxiu.people.actors import Actor
from baoxiu.people.models import Staff
from baoxiu.sop import amendments
from baoxiu.sop.text import Text
from baoxiu.terms import operations, warranty
from baoxiu.terms.models import WarrantyVersion
from baoxiu.terms.queries import READERS
from baoxiu.terms.records import WarrantyPublication, WarrantyWithdrawal

ENDS = Text(
    "The promise ends: nothing is promised beyond the law.", "保修承诺终止：不再提供法定标准以外的承诺。"
)
LESS = Text("It takes something away.", "其中减少了对客户的承诺。")
MORE = Text("It takes nothing away.", "未减少对客户的承诺。")


@transaction.atomic
def publish(
    version: WarrantyVersion, record: WarrantyPublication, *, by: Actor, now: dt.datetime
) -> WarrantyVersion:
    """Raises what `terms.operations.publish_warranty` raises."""
    made = operations.publish_warranty(version, record, sold=coverage.sold(), by=by, now=now)
    assert made.in_force_from
    before = warranty.of_day(
        made.in_force_from, tuple(v for v in warranty.versions() if v.number < made.number)
    )
    document = made.document
    what = ENDS if document.is_end else LESS if amendments.is_weaker(before.warranty, document) else MORE
    _tell(made, "terms_announced", record.reason, now, what)
    return made


@transaction.atomic
def withdraw(
    version: WarrantyVersion, record: WarrantyWithdrawal, *, by: Actor, now: dt.datetime
) -> WarrantyVersion:
    """Raises what `terms.operations.withdraw_warranty` raises."""
    made = operations.withdraw_warranty(version, record, by=by, now=now)
    _tell(made, "terms_withdrawn", record.reason, now)
    return made


def _tell(version: WarrantyVersion, event: str, why: str, now: dt.datetime, what: Text | None = None) -> None:
    """One message to each colleague who reads the terms."""
    readers = [s for s in Staff.objects.filter(is_active=True).order_by("pk") if s.role_set & {*READERS}]
    Outgoing.objects.bulk_create(
        Outgoing(
            terms=version,
            event=event,
            channel="email",
            language=(language := "zh" if person.language.startswith("zh") else "en"),
            recipient=person.email,
            context={
                "begins": version.in_force_from.isoformat() if version.in_force_from else "",
                "what": what.to(language) if what else "",
                "why": why,
            },
            due_at=now,
            created_at=now,
        )
        for person in readers
        if person.email
    )
