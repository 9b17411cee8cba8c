"""Attack cases C: what somebody types, names or sends is shown as it is and runs nowhere."""

from __future__ import annotations

import io
import logging
import resource
import time
import zipfile
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from baoxiu.cases import links, steps
from baoxiu.cases.models import Attachment, Case
from baoxiu.catalogue.models import ProductModel, Unit
from baoxiu.config.settings import LOGGING
from baoxiu.faces.common.logs import OneLine, WithoutTokens
from baoxiu.faces.portal.links import address
from baoxiu.notify import messages
from baoxiu.notify.models import Template
from baoxiu.people.models import Customer, Staff, Station
from baoxiu.sop import payloads
from tests.faces.machine import Machine, machine, request_of
from tests.faces.portal import browser, filled
from tests.rooms.walking import begin

pytestmark = pytest.mark.django_db
SCRIPTS = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{7*7}}{%debug%}", "javascript:alert(1)",
    "'-alert(1)-'", "<svg/onload=alert(1)>", "${7*7}", "</textarea><script>alert(1)</script>", "<!--<script>",
)  # fmt: skip
ALL = " ".join(SCRIPTS)


@pytest.fixture(autouse=True)
def _fresh(settings: Any, tmp_path: Any) -> None:
    settings.ATTACHMENTS = tmp_path
    cache.clear()


def is_literal(page: str) -> bool:
    """Nothing of ALL stands in it as markup, and it stands there as text."""
    live = ("<script>alert", "<img src=x", "<svg/onload", 'href="javascript', "<!--<script")
    return "alert(1)" in page and not any(mark in page for mark in live) and "49{" not in page


# -- C01: HTML mails --------------------------------------------------------------------------------

MAILS = (
    "<html><body onload=alert(1)><p>不排水</p></body></html>", '<img src="https://evil.example/pixel.png" width=1 height=1>',
    '<style>@import url("https://evil.example/a.css");</style><div style="background:url(https://evil.example/b)">x</div>',
    '<iframe srcdoc="<script>parent.alert(1)</script>"></iframe>', '<a href="javascript:alert(1)">退款</a>',
    '<form action="https://evil.example/"><input name=password autofocus onfocus=alert(1)></form>',
    '<svg><animate onbegin=alert(1) attributeName=x dur=1s></svg>', '<math><mtext></mtext><script>alert(1)</script></math>',
    '<object data="data:text/html,<script>alert(1)</script>"></object>', '<meta http-equiv=refresh content="0;url=https://evil.example/">',
    '<base href="https://evil.example/"><script src=a.js></script>', '<table background="https://evil.example/c"><td>x</table>',
    '<link rel=stylesheet href=//evil.example/d.css>', "<![CDATA[<script>alert(1)</script>]]>", "<x contenteditable onblur=alert(1) tabindex=1 autofocus>",
)  # fmt: skip


@pytest.mark.browser
def test_c01_html_mails_run_and_fetch_nothing_on_the_case_page(open_page, cast):
    """A mail is taken down as what it says; the page shows its source."""
    number = request_of(cast.wang, channel="email", problem="\n".join(MAILS), now=timezone.now())
    case = Case.objects.get(number=number)
    for mail in MAILS:
        steps.take_step(
            case,
            "message",
            payloads.PAYLOADS["message"](text=mail),
            by=cast.actor("agent"),
            now=timezone.now(),
        )
        case.refresh_from_db()
    page = open_page("/desk/", "agent")
    dialogs, asked, complaints = [], [], []
    page.on("dialog", lambda d: (dialogs.append(d.message), d.dismiss()))
    page.on("request", lambda r: asked.append(r.url))
    page.on("console", lambda m: complaints.append(m.text) if "Content Security Policy" in m.text else None)
    for path in (f"/desk/cases/{number}/", "/desk/", f"/desk/search/?q={number}", address(links.issue(case, "track", now=timezone.now()))):  # fmt: skip
        page.goto(path)
        page.wait_for_timeout(400)
        page.keyboard.press("Tab")
    origin = page.url.split("/")[2]
    assert dialogs == [] and complaints == []
    assert [url for url in asked if url.split("/")[2] != origin and not url.startswith("data:")] == []


# -- C02, C03: words and names ------------------------------------------------------------------------


def test_c02_every_word_a_customer_types_is_shown_as_it_is(cast):
    sent = browser().post(
        "/request/", filled(problem=ALL, product=ALL[:100], name="王<b>女士</b>", brand="<i>海清</i>")
    )
    assert sent.status_code == 302
    case = Case.objects.latest("pk")
    steps.take_step(
        case, "note", payloads.PAYLOADS["note"](text=ALL), by=cast.actor("agent"), now=timezone.now()
    )
    agent = cast.client("agent")
    for path in (
        f"/desk/cases/{case.number}/",
        f"/desk/cases/{case.number}/messages/",
        f"/desk/search/?q={case.number}",
        "/desk/cases/",
    ):
        page = agent.get(path).text
        assert (
            "<b>女士</b>" not in page
            and "<i>海清</i>" not in page
            and "<script>alert" not in page
            and "<img src=x" not in page
        ), path
    assert is_literal(agent.get(f"/desk/cases/{case.number}/").text)
    assert is_literal(Client().get(address(links.issue(case, "track", now=timezone.now()))).text)


def test_c02_what_was_typed_wrong_comes_back_as_it_was(cast):
    page = browser().post("/request/", filled(problem=ALL, phone="<script>alert(1)</script>")).text
    assert "<script>alert(1)" not in page and "<img src=x" not in page
    for path in (
        f"/desk/search/?q={ALL}",
        f"/desk/cases/?q={ALL}",
        f"/office/units/?q={ALL}",
        f"/office/customers/?q={ALL}",
        f"/nothing/{ALL}/",
    ):
        page = cast.client("manager").get(path).text
        assert "<script>alert" not in page and "<img src=x" not in page and "<svg/onload" not in page, path


def test_c03_names_are_only_names(cast, now):
    bad = '"><img src=x onerror=alert(1)><script>alert(1)</script>'
    Station.objects.update(name=f"站{bad}")
    Customer.objects.update(name=f"客{bad}")
    ProductModel.objects.update(name=f"型{bad}")
    Unit.objects.filter(pk=cast.unit.pk).update(serial=f"SN{bad}"[:80], product=f"机{bad}")
    Staff.objects.filter(pk=cast.staff["engineer"].pk).update(name=f"工{bad}")
    walk = begin(cast, now).steps("triage confirm assign")
    kept = cast.client("agent").post("/files/", {"file": SimpleUploadedFile(f"图{bad}.txt", b"text")})
    walk.step("note", "agent", text="见附件", files=[kept.json()["id"]])
    boss = cast.client("manager")
    for path in (
        f"/desk/cases/{walk.case.number}/", "/desk/", "/desk/cases/", "/desk/board/", "/office/", "/office/units/", "/office/customers/", "/office/stations/",
        "/office/colleagues/", "/office/models/", f"/office/units/{cast.unit.pk}/", f"/office/customers/{cast.wang.pk}/",
    ):  # fmt: skip
        answer = boss.get(path)
        assert answer.status_code in (200, 302, 404), path
        assert "<img src=x" not in answer.text and "<script>alert" not in answer.text, path


# -- C05: files that would run ----------------------------------------------------------------------------

GIF = b"GIF89a/*" + b"\x00" * 20 + b"*/=1;alert(1)"
RUNS = {
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "html": b"<!doctype html><script>alert(1)</script>",
    "xhtml": b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></html>',
    "xml": b'<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="a.xsl"?><a/>', "mht": b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n<script>alert(1)</script>",
    "pdf": b"%PDF-1.4\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\ntrailer<</Root 1 0 R>>",
    "js": b"alert(1)", "swf": b"FWS\x09\x00\x00\x00\x00" + b"\x00" * 40, "wasm": b"\x00asm\x01\x00\x00\x00", "gifjs": GIF,
}  # fmt: skip


@pytest.mark.parametrize("kind", RUNS)
@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.{}"])
def test_c05_what_would_run_is_refused_or_comes_as_bytes(cast, now, kind, name):
    agent = cast.client("agent")
    sent = agent.post("/files/", {"file": SimpleUploadedFile(name.format(kind), RUNS[kind], "image/png")})
    if sent.status_code != 201:
        assert sent.status_code in (400, 413, 415) and not Attachment.objects.exists()
        return
    walk = begin(cast, now)
    walk.step("note", "agent", text="见附件", files=[sent.json()["id"]])
    for path in (f"/files/{sent.json()['id']}/", f"/files/{sent.json()['id']}/?size=small"):
        answer = agent.get(path)
        if answer.status_code != 200:
            continue
        said = answer.headers
        assert said["X-Content-Type-Options"] == "nosniff" and "sandbox" in said["Content-Security-Policy"]
        assert said["Content-Disposition"].startswith("attachment") or said["Content-Type"].startswith(
            "image/"
        )
        assert not any(
            t in said["Content-Type"] for t in ("html", "svg", "xml", "javascript", "flash", "wasm")
        )


# -- C08: templates ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        "{{ settings.SECRET_KEY }}", "{% include 'x' %}", "{% load static %}", "{% debug %}", "{{ name.__class__.__mro__ }}",
        "{{ number|delete }}", "{{ number()}}", "{{ user.password }}", "{{ _meta }}", "{{ text._meta.model.objects.all.delete }}", "{# x #}", "{{ 7*7 }}",
    ],
)  # fmt: skip
def test_c08_a_wording_names_only_its_places(cast, settings, body):
    at = "/office/messages/email/register/zh/"
    answer = cast.client("administrator").post(
        at, {"subject": "s", "body": f"{body} {{{{ link }}}}", "is_on": "on"}
    )
    assert answer.status_code == 422 and settings.SECRET_KEY not in answer.text
    assert not Template.objects.exists()
    by = machine(cast, "administrator")
    sent = by.send(
        "PUT",
        "/message-templates",
        {"event": "register", "channel": "email", "language": "zh", "subject": "s", "body": body},
    )
    assert sent.status_code in (404, 405, 422) and not Template.objects.exists()


@pytest.mark.parametrize(
    "body", ["%(number)s {{ link }}", "{0.__class__} {{ link }}", "${number} {{ link }}", "%s%n {{ link }}"]
)
def test_c08_what_other_languages_would_read_goes_out_as_words(cast, body):
    at = "/office/messages/email/register/zh/"
    assert (
        cast.client("administrator").post(at, {"subject": "s", "body": body, "is_on": "on"}).status_code
        == 302
    )
    _subject, said = messages.sample(Template.objects.get())
    assert said.startswith(body.split(" ")[0])


# -- C11: headers ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cut",
    [
        "\r\nSet-Cookie: evil=1",
        "%0d%0aSet-Cookie:%20evil=1",
        "\nX-Evil: 1",
        "\u560d\u560aX-Evil: 1",
        "\x85X-Evil: 1",
    ],
)
def test_c11_no_value_begins_a_header_of_its_own(cast, now, cut):
    agent = cast.client("agent")
    file = SimpleUploadedFile("a.txt", b"text")
    file._name = f"a{cut}.txt"  # the setter would clean it: an attacker's client does not
    sent = agent.post("/files/", {"file": file})
    answers = [
        sent,
        agent.post("/language/", {"language": f"en{cut}", "next": f"/desk/{cut}"}),
        agent.get(f"/accounts/login/?next=/desk/{cut}"),
    ]
    if sent.status_code == 201:
        begin(cast, now).step("note", "agent", text="x", files=[sent.json()["id"]])
        answers.append(agent.get(f"/files/{sent.json()['id']}/"))
    answers += [
        agent.get("/desk/export/", {"view": cut}),
        agent.get("/desk/cases/export/", {"q": cut, "stage": cut}),
    ]
    answers.append(Machine("x").get("/cases", Idempotency_Key=cut.replace("\r", "").replace("\n", "")))
    for answer in answers:
        assert answer.status_code < 500
        assert "evil" not in answer.cookies and not answer.has_header("X-Evil")
        assert not any("\r" in v or "\n" in v for v in answer.headers.values())


# -- C12: logs ----------------------------------------------------------------------------------------------------

FORGED = "a\r\n2026-01-01 00:00:00 ERROR django forged\x1b[2J\x9b31m\u2028x\u202e%s%n%(x)s\x00"


def test_c12_a_log_entry_is_one_line_whatever_was_typed():
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    said = LOGGING["formatters"]["line"]
    assert said["class"] == f"{OneLine.__module__}.{OneLine.__name__}"
    handler.setFormatter(OneLine(said["format"]))
    handler.addFilter(WithoutTokens())
    log = logging.getLogger("c12")
    log.addHandler(handler)
    try:
        log.warning("Not Found: %s by %s", FORGED, FORGED)
        log.warning(FORGED.replace("%", "%%"))
        try:
            raise ValueError(FORGED)
        except ValueError:
            log.exception("failed for %s", FORGED)
    finally:
        log.removeHandler(handler)
    lines = out.getvalue().splitlines()
    assert not any(mark in out.getvalue() for mark in ("\x1b", "\x9b", "\u2028", "\u202e", "\x00", "\r"))
    assert len([line for line in lines if not line.startswith("  ")]) == 3
    assert not any(line.startswith("2026-01-01") for line in lines)


def test_c12_hostile_requests_break_no_logging(cast, caplog):
    for path in ("/nothing%0aFORGED/", "/desk/cases/%1b[2J/", "/x%E2%80%A8y/"):
        assert Client(headers={"user-agent": "a\x1b[2J%s%n"}).get(path).status_code in (302, 404)
    assert not [r for r in caplog.records if r.levelno >= logging.CRITICAL]


# -- C13: imports --------------------------------------------------------------------------------------------------


def _zip(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(name.replace("__", "/"), data)
    return out.getvalue()


XXE = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><worksheet><sheetData><row><c t="inlineStr"><is><t>&x;</t></is></c></row></sheetData></worksheet>'
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha">' + b"".join(b'<!ENTITY %c "%s">' % (98 + i, (b"&%c;" % (97 + i)) * 10) for i in range(9)) + b"]><worksheet>&j;</worksheet>"  # fmt: skip
HOSTILE = {
    "xxe.xlsx": lambda: _zip(**{"[Content_Types].xml": b"<Types/>", "xl__workbook.xml": XXE, "xl__worksheets__sheet1.xml": XXE}),
    "laughs.xlsx": lambda: _zip(**{"[Content_Types].xml": b"<Types/>", "xl__workbook.xml": LAUGHS, "xl__worksheets__sheet1.xml": LAUGHS}),
    "bomb.xlsx": lambda: _zip(**{"xl__worksheets__sheet1.xml": b"0" * 20_000_000}), "nested.xlsx": lambda: _zip(inner=_zip(**{"zero": b"0" * 5_000_000})),
    "slip.xlsx": lambda: _zip(**{"..__..__etc__cron.d__x": b"* * * * * root x"}), "magic.xlsx": lambda: b"%PDF-1.4 not a workbook",
    "rows.xlsx": lambda: _zip(**{"[Content_Types].xml": b"<Types/>", "xl__worksheets__sheet1.xml": b"<worksheet><sheetData>" + b"<row/>" * 1_048_576 + b"</sheetData></worksheet>"}),
    "entries.xlsx": lambda: _zip(**{f"xl__{i}": b"" for i in range(70_000)}), "words.docx": lambda: _zip(**{"word__document.xml": XXE}),
    "locked.xlsx": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 4096, "empty.csv": lambda: b"", "binary.csv": lambda: bytes(range(256)) * 40,
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_c13_a_hostile_file_is_refused_in_five_seconds(cast, name):
    file, units = HOSTILE[name](), Unit.objects.count()
    began, most = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sent = cast.client("manager").post(
        "/office/units/import/", {"file": SimpleUploadedFile(name, file), "key": name}
    )
    assert sent.status_code == 422 and time.process_time() - began < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - most < 256 * 1024  # kB
    assert "root:" not in sent.text and Unit.objects.count() == units
