"""Attack case C01 with the shared corpus: what 238 odd mails hold, typed by a customer, runs and fetches nothing.

Bodies, subjects, senders' names and attachments' names come in through the public form, the API and personal links;
then the cases are opened by 李客服 and by the customer in Chromium. The mailbox itself is another channel's test.
"""

from __future__ import annotations

import email
import email.policy
import re
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from baoxiu.cases import links
from baoxiu.cases.models import Case
from baoxiu.faces.portal.links import address
from tests.faces.machine import Machine
from tests.faces.portal import browser, filled, picture

pytestmark = [pytest.mark.django_db, pytest.mark.browser]
CORPUS = Path(__file__).parents[4] / "shared" / "data" / "mail"
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\ud800-\udfff]")  # what no form takes
TO_A_CASE = 24


def words(of: Any, most: int) -> str:
    """As it can be typed at all; the test of forms says that the rest is refused."""
    return CONTROL.sub("", str(of or "").replace("\r\n", "\n")).strip()[:most]


def typed(path: Path) -> dict[str, Any]:
    """Subject, sender and file names, and every text of a mail, source and all where it cannot be read."""
    raw = path.read_bytes()
    found: dict[str, Any] = {"texts": [raw.decode("utf-8", "replace")], "names": []}
    mail = email.message_from_bytes(raw, _class=EmailMessage, policy=email.policy.compat32)
    for part in mail.walk():
        found["names"] += [part.get_filename("")]
        if part.get_content_maintype() == "text":
            body = part.get_payload(decode=True) or b""
            charset = part.get_content_charset("utf-8")
            try:
                found["texts"].append(body.decode(charset, "replace"))
            except LookupError:
                found["texts"].append(body.decode("latin-1"))
    return {**found, "subject": mail.get("subject", ""), "sender": mail.get("from", "")}


def register(mails: tuple[dict[str, Any], ...]) -> Case:
    """One request through the public form, with the names of the files; the mails' texts follow by link and API."""
    cache.clear()  # the form's own limit is another test's
    names = [words(n, 100).replace("/", "_") for m in mails for n in m["names"] if words(n, 100)]
    photos = [SimpleUploadedFile(n + ".jpg", picture().read(), "image/jpeg") for n in names[:6]]
    first = mails[0]
    sent = browser().post("/request/", filled(
        problem=words("\n".join(m["subject"] and str(m["subject"]) for m in mails), 4000) or "x",
        name=words(first["sender"], 200).replace("\n", " ").replace("\t", " ") or "x", product=words(first["subject"], 100).replace("\n", " ").replace("\t", " "),
        **({"photos-upload": photos} if photos else {}),
    ))  # fmt: skip
    assert sent.status_code == 302, sent.text[:2000]
    case = Case.objects.latest("pk")
    token = links.token_of(links.issue(case, "track", now=timezone.now()))
    for i, text in enumerate(t for m in mails for t in m["texts"]):
        said = words(text, 7900)
        if not said:
            continue
        cache.clear()
        if i % 2:
            answer = Machine(token).post(f"/cases/{case.number}/message", {"text": said})
            assert answer.status_code in (200, 201), answer.content
        else:
            at = address(links.issue(case, "track", now=timezone.now()))
            assert browser().post(f"{at}message/", {"text": said, "key": f"m{i}"}).status_code == 302
    return case


def test_c01_what_a_corpus_of_odd_mails_says_runs_nothing_and_fetches_nothing(
    open_page, cast, settings, tmp_path
):
    if not CORPUS.is_dir():
        pytest.skip(f"no mail corpus at {CORPUS}: the shared data are not there")
    settings.ATTACHMENTS = tmp_path
    mails = [typed(path) for path in sorted(CORPUS.rglob("*.eml"))]
    assert len(mails) == 238
    cases = [
        register(some) for some in (tuple(mails[i : i + TO_A_CASE]) for i in range(0, len(mails), TO_A_CASE))
    ]
    page = open_page("/desk/", "agent")
    dialogs: list[str] = []
    asked: list[str] = []
    complaints: list[str] = []
    page.on("dialog", lambda d: (dialogs.append(d.message), d.dismiss()))
    page.on("request", lambda r: asked.append(r.url))
    page.on("console", lambda m: complaints.append(m.text) if "Content Security Policy" in m.text else None)
    page.on("pageerror", lambda e: complaints.append(str(e)))
    origin = page.url.split("/")[2]
    seen = 0
    for case in cases:
        theirs = address(links.issue(case, "track", now=timezone.now()))
        for path in (f"/desk/cases/{case.number}/", f"/desk/cases/{case.number}/timeline/", theirs):
            page.goto(path)
            seen += len(page.inner_text("body"))
            page.keyboard.press("Tab")
        assert page.evaluate("document.querySelectorAll('main iframe, main object, main embed, main base, main form[action^=http]').length") == 0  # fmt: skip
    for path in ("/desk/", "/desk/cases/", f"/desk/search/?q={cases[0].number}"):
        page.goto(path)
    page.wait_for_timeout(500)
    assert seen > 200_000  # the texts do stand there
    assert (dialogs, complaints) == ([], [])
    assert [u for u in asked if u.split("/")[2] != origin and not u.startswith(("data:", "blob:"))] == []
