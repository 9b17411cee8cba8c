"""C7: the company's promise is drafted, announced from a day on, and never changes after that; it may be ended or,
before it begins, withdrawn. Purchases made before keep the promise of their day."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max

from baoxiu.lib import zones
from baoxiu.people.actors import Actor
from baoxiu.people.rules import Invalid, need
from baoxiu.sop import amendments, terms_lint
from baoxiu.sop.warranty import Goods, Warranty, ended
from baoxiu.terms import switches, warranty
from baoxiu.terms.models import WarrantyVersion
from baoxiu.terms.records import WarrantyPublication, WarrantyWithdrawal

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


def draft(*, by: Actor, now: dt.datetime, ends: bool = False) -> WarrantyVersion:
    """The draft: the one there is, else a copy of the newest version, or (`ends`) one that ends the promise.

    Raises Denied; Invalid for an end while another draft is open, or when nothing is promised any more.
    """
    need(by, *KEEPERS)
    newest = warranty.newest()
    if ends and newest.is_end:
        raise Invalid("ends", "The promise is ended already.", "保修承诺已终止。")
    if there := WarrantyVersion.objects.filter(status="draft").first():
        if ends and not there.document.is_end:
            raise Invalid(
                "ends", "There is a draft: publish it or throw it away first.", "已有草稿：请先发布或删除。"
            )
        return there
    number = (WarrantyVersion.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    spec = (ended(newest) if ends else newest).canonical
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
    """Announces it: from a day on it holds for purchases; those made before keep theirs. `sold`: what the law is asked about.

    Raises Denied; Unlawful while errors of the lint lack a sign-off; Invalid for the day.
    """
    held = _open(version, by)
    document, today = held.document, _today(now)
    begins = _begins(document, record.in_force_from, today)
    wrong = terms_lint.errors(terms_lint.lint(document, sold, switches.off()))
    if wrong and not record.sign_off:
        raise Unlawful(wrong)
    held.status, held.in_force_from, held.published_at, held.published_by = "published", begins, now, by.name
    held.reason, held.sign_off = record.reason, record.sign_off if wrong else ""
    held.sha256 = document.sha256(begins)
    held.save()
    return held


def _today(now: dt.datetime) -> dt.date:
    return zones.local_date(now, settings.TIME_ZONE, settings.TIME_ZONE)


def _begins(document: Warranty, wished: dt.date | None, today: dt.date) -> dt.date:
    """The day it begins: wished, or as soon as may be but not today. Not in the past, in the order of the versions,
    and with the notice promised where it takes something away."""
    field, known = "in_force_from", warranty.versions()
    last = max((v.in_force_from for v in known), default=today)
    begins = wished or max(last, today + dt.timedelta(days=1))
    earliest = amendments.earliest(warranty.of_day(begins, known).warranty, document, today)
    if wished is None:
        begins = max(begins, earliest)
    if not today <= begins <= today + AHEAD:
        raise Invalid(
            field, "In force from: today or later, within a year.", "生效日：须为今天或以后一年内。"
        )
    if begins < last:
        raise Invalid(
            field, "In force from: an earlier version begins after that.", "生效日：早于上一版本的生效日。"
        )
    if begins < earliest:
        raise Invalid(
            field,
            f"It takes something away: with the notice promised it begins on {earliest} at the earliest.",
            f"新版本减少了承诺：按约定的提前公示期，最早{earliest}生效。",
        )
    return begins


@transaction.atomic
def withdraw_warranty(
    version: WarrantyVersion, record: WarrantyWithdrawal, *, by: Actor, now: dt.datetime
) -> WarrantyVersion:
    """Takes an announcement back before it begins; what was announced stays on record. Raises Denied, Invalid."""
    need(by, *KEEPERS)
    held = WarrantyVersion.objects.select_for_update().get(pk=version.pk)
    if not held.is_announced(_today(now)):
        raise Invalid(
            "",
            "Only what was announced and has not begun is withdrawn; what is in force is changed or ended.",
            "只能撤回已公布、尚未生效的版本；已生效的请变更或终止。",
        )
    if WarrantyVersion.objects.filter(status="published", number__gt=held.number).exists():
        raise Invalid(
            "",
            "A later version builds on it: withdraw that one first.",
            "之后还有已公布的版本，请先撤回后者。",
        )
    held.status, held.withdrawn_by, held.withdrawn_at = "withdrawn", by.name, now
    held.withdrawn_why = record.reason
    held.save()
    return held


@transaction.atomic
def discard(version: WarrantyVersion, *, by: Actor, now: dt.datetime) -> None:
    """A draft nobody wants. Raises Denied, Invalid."""
    _open(version, by).delete()
