"""What nobody needs any more: uploads that became part of nothing, answers kept for repeats."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from baoxiu.cases import attachments
from baoxiu.cases.models import Attachment, IdempotencyKey
from baoxiu.people.actors import Actor

KEYS_KEPT = dt.timedelta(days=7)  # api.md promises it
UPLOADS_KEPT = dt.timedelta(days=2)  # a form that lay open for so long starts again
BATCH = 500


def forget_keys(*, by: Actor, now: dt.datetime) -> int:
    """Deletes idempotency keys older than a week, in short transactions; returns how many."""
    total = 0
    while ids := list(
        IdempotencyKey.objects.filter(created_at__lt=now - KEYS_KEPT).values_list("pk", flat=True)[:BATCH]
    ):
        total += IdempotencyKey.objects.filter(pk__in=ids).delete()[0]
    return total


def _idle() -> QuerySet[Attachment]:
    return Attachment.objects.filter(case=None, entry=None, registration=None)


def forget_uploads(*, by: Actor, now: dt.datetime) -> int:
    """Deletes uploads that never became part of anything, and bytes that no row names; returns how many files went.

    Rows first, then bytes. Bytes young enough to belong to a row not committed yet stay.
    """
    old = now - UPLOADS_KEPT
    while ids := list(_idle().filter(created_at__lt=old).values_list("pk", flat=True)[:BATCH]):
        _idle().filter(pk__in=ids).delete()
    root, gone = Path(settings.ATTACHMENTS), 0
    for folder in sorted(root.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]")):
        names = [path.name for path in folder.iterdir()]
        named = set(Attachment.objects.filter(sha256__in=names).values_list("sha256", flat=True))
        gone += sum(attachments.discard(sha256, older_than=old) for sha256 in names if sha256 not in named)
    return gone + sum(attachments.discard_part(path, older_than=old) for path in root.glob(".new-*"))
