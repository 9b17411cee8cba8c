"""C7: the company's promise is drafted, published from a day on, and never changes after that."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max

from baoxiu.lib import zones
from baoxiu.people.actors import Actor
from baoxiu.people.rules import Invalid, need
from baoxiu.sop import amendments, terms_lint
from baoxiu.sop.warranty import Goods, Warranty
from baoxiu.terms import switches, warranty
from baoxiu.terms.models import WarrantyVersion
from baoxiu.terms.records import WarrantyPublication

KEEPERS = ("manager", "administrator")
AHEAD = dt.timedelta(days=366)


class Unlawful(Invalid):
    """The law objects and nobody from legal signed; `findings` say which rule."""

    def __init__(self, findings: list[terms_lint.Finding]) -> None:
        rules = ", ".join(dict.fromkeys(f.rule for f in findings))
        super().__init__(
            "sign_off",
            f"Weaker than the law ({rules}): legal counsel has to sign it off.",
            f"低于法定标准（{rules}）：须经法务签核。",
        )
        self.findings = findings


def draft(*, by: Actor, now: dt.datetime) -> WarrantyVersion:
    """The draft: the one there is, else a copy of the newest version. Raises Denied."""
    need(by, *KEEPERS)
    if there := WarrantyVersion.objects.filter(status="draft").first():
        return there
    number = (WarrantyVersion.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    spec = warranty.newest().canonical
    try:
        with transaction.atomic():
            return WarrantyVersion.objects.create(number=number, spec=spec, made_by=by.name, created_at=now)
    except IntegrityError:  # a colleague began one in the same moment
        return WarrantyVersion.objects.get(status="draft")


def _open(version: WarrantyVersion, by: Actor) -> WarrantyVersion:
    """The draft, held. Raises Denied, Invalid when it is published."""
    need(by, *KEEPERS)
    held = WarrantyVersion.objects.select_for_update().get(pk=version.pk)
    if not held.is_draft:
        raise Invalid(
            "", "A published version never changes; make a new one.", "已发布的版本不可更改，请新建版本。"
        )
    return held


@transaction.atomic
def save(version: WarrantyVersion, record: Warranty, *, by: Actor, now: dt.datetime) -> WarrantyVersion:
    """The whole document. Raises Denied, Invalid."""
    held = _open(version, by)
    held.spec, held.made_by = record.canonical, by.name
    held.save()
    return held


@transaction.atomic
def publish_warranty(
    version: WarrantyVersion, record: WarrantyPublication, *, sold: list[Goods], by: Actor, now: dt.datetime
) -> WarrantyVersion:
    """From a day on this version holds for purchases; those made before keep theirs. `sold`: what the law is asked about.

    Raises Denied; Unlawful while errors of the lint lack a sign-off; Invalid for the day.
    """
    held = _open(version, by)
    document = held.document
    today = zones.local_date(now, settings.TIME_ZONE, settings.TIME_ZONE)
    begins = record.in_force_from or today + dt.timedelta(days=1)
    _may_begin(document, begins, today)
    wrong = terms_lint.errors(terms_lint.lint(document, sold, switches.off()))
    if wrong and not record.sign_off:
        raise Unlawful(wrong)
    held.status, held.in_force_from, held.published_at, held.published_by = "published", begins, now, by.name
    held.reason, held.sign_off = record.reason, record.sign_off if wrong else ""
    held.sha256 = document.sha256(begins)
    held.save()
    return held


def _may_begin(document: Warranty, begins: dt.date, today: dt.date) -> None:
    """Not in the past, in the order of the versions; what takes something away not on a day that has begun."""
    field = "in_force_from"
    if not today <= begins <= today + AHEAD:
        raise Invalid(
            field, "In force from: today or later, within a year.", "生效日：须为今天或以后一年内。"
        )
    known = warranty.versions()
    if any(begins < v.in_force_from for v in known):
        raise Invalid(
            field, "In force from: an earlier version begins after that.", "生效日：早于上一版本的生效日。"
        )
    if begins == today and amendments.is_weaker(warranty.of_day(today, known).warranty, document):
        raise Invalid(
            field,
            "It takes something away: it begins tomorrow at the earliest, so that whoever bought today keeps what was promised.",
            "新版本减少了承诺：最早明天生效，今天的购买仍按原承诺。",
        )


@transaction.atomic
def discard(version: WarrantyVersion, *, by: Actor, now: dt.datetime) -> None:
    """A draft nobody wants. Raises Denied, Invalid."""
    _open(version, by).delete()
