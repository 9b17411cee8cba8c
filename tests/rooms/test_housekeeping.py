"""What nobody needs goes; what somebody may still need stays, byte for byte."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from baoxiu.cases import attachments, steps
from baoxiu.cases.models import Attachment, IdempotencyKey
from baoxiu.cases.operations import housekeeping
from baoxiu.people.actors import SYSTEM
from baoxiu.sop import payloads
from tests.rooms.walking import begin

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def folder(settings, tmp_path):
    settings.ATTACHMENTS = tmp_path
    return tmp_path


def upload(cast, now, words, *, age=dt.timedelta()):
    """A text file whose row and bytes are `age` old."""
    file = attachments.store(
        SimpleUploadedFile("a.txt", words.encode()), by=cast.actor("agent"), now=now - age
    )
    then = (now - age).timestamp()
    os.utime(attachments.path_of(file.sha256), (then, then))
    return file


def stored(folder: Path):
    return {p.name for p in folder.glob("??/??/*")}


def test_uploads_that_became_part_of_nothing_go_with_their_bytes(cast, now, folder):
    walk = begin(cast, now)
    used = upload(cast, now, "of a case", age=5 * DAY)
    steps.take_step(
        walk.case,
        "message",
        payloads.Message(text="见附件", files=[used.pk]),
        by=cast.actor("agent"),
        now=now,
    )
    young, old = upload(cast, now, "young", age=DAY), upload(cast, now, "old", age=3 * DAY)
    part = folder / ".new-broken"
    part.write_bytes(b"x")
    os.utime(part, ((now - 3 * DAY).timestamp(),) * 2)
    assert housekeeping.forget_uploads(by=SYSTEM, now=now) == 2
    assert set(Attachment.objects.values_list("pk", flat=True)) == {used.pk, young.pk}
    assert (
        stored(folder) == {used.sha256, young.sha256}
        and not part.exists()
        and old.sha256 not in stored(folder)
    )
    assert housekeeping.forget_uploads(by=SYSTEM, now=now) == 0


def test_bytes_that_another_row_names_stay(cast, now, folder):
    upload(cast, now, "same", age=3 * DAY)
    again = upload(cast, now, "same", age=DAY)
    os.utime(attachments.path_of(again.sha256), (0, 0))
    assert housekeeping.forget_uploads(by=SYSTEM, now=now) == 0
    assert stored(folder) == {again.sha256}


def test_bytes_sent_again_in_the_last_moment_stay(cast, now, folder, monkeypatch):
    """The same file is uploaded between looking for rows and deleting; its row is not committed yet."""
    old = upload(cast, now, "twice", age=3 * DAY)
    Attachment.objects.all().delete()
    now_too = dt.datetime.now(dt.UTC)
    attachments.store(SimpleUploadedFile("b.txt", b"twice"), by=cast.actor("agent"), now=now_too)
    Attachment.objects.all().delete()  # as housekeeping sees it
    assert housekeeping.forget_uploads(by=SYSTEM, now=now_too) == 0
    assert stored(folder) == {old.sha256}


def test_keys_are_kept_for_a_week(now, monkeypatch):
    monkeypatch.setattr(housekeeping, "BATCH", 2)
    for i, age in enumerate((6, 6.9, 7.1, 8, 30, 400)):
        IdempotencyKey.objects.create(actor="staff:1", key=str(i), digest="x", created_at=now - age * DAY)
    assert housekeeping.forget_keys(by=SYSTEM, now=now) == 4
    assert set(IdempotencyKey.objects.values_list("key", flat=True)) == {"0", "1"}
