"""Files in and out: only for those who may see the case, never run by a browser, by a link's holder too."""

from __future__ import annotations

import io

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from baoxiu.cases import links, steps
from baoxiu.cases.models import Attachment, Case
from baoxiu.sop import payloads
from tests.conftest import NOW, Cast
from tests.faces.desk import opened

pytestmark = [pytest.mark.urls("tests.faces.common_urls"), pytest.mark.django_db]


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):  # type: ignore[no-untyped-def]
    settings.ATTACHMENTS = tmp_path
    cache.clear()


@pytest.fixture
def case(cast: Cast) -> Case:
    return opened(cast)


def picture(kind: str = "PNG", size: tuple[int, int] = (640, 480)) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, "teal").save(made, kind)
    return made.getvalue()


def send(client: Client, data: bytes, name: str = "foto.png", **more: str):  # type: ignore[no-untyped-def]
    return client.post("/files/", {"file": SimpleUploadedFile(name, data), **more})


def kept(cast: Cast, case: Case, data: bytes, name: str, step: str = "note", who: str = "agent") -> int:
    """The id of a file that 李客服 sent and put on the case."""
    number: int = send(cast.client(who), data, name).json()["id"]
    steps.take_step(
        case, step, payloads.PAYLOADS[step](text="见图", files=[number]), by=cast.actor(who), now=NOW
    )
    return number


def test_staff_send_a_file_and_get_its_id(cast: Cast) -> None:
    answer = send(cast.client("agent"), picture())
    assert answer.status_code == 201
    assert answer.json() == {
        "id": answer.json()["id"], "name": "foto.png", "size": len(picture()), "type": "image/png",
        "picture": f"/files/{answer.json()['id']}/?size=small",
    }  # fmt: skip


def test_nobody_else_sends_files(db: None) -> None:
    assert send(Client(), picture()).status_code == 403
    assert send(Client(), picture(), token="x" * 32).status_code == 403
    assert Attachment.objects.count() == 0


def test_without_a_csrf_token_no_file_is_taken(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.staff["agent"], backend="baoxiu.people.sessions.Backend")
    assert send(client, picture()).status_code == 403


def test_the_holder_of_a_link_sends_and_sees_his_own(cast: Cast, case: Case) -> None:
    token = links.token_of(links.issue(case, "track", now=timezone.now()))
    sent = send(Client(), picture(), token=token)
    assert sent.status_code == 201
    address = f"/files/{sent.json()['id']}/"
    assert Client().get(address, {"token": token}).status_code == 200
    assert Client().get(address).status_code == 404


def test_a_picture_is_shown_and_everything_about_it_is_tied_down(cast: Cast, case: Case) -> None:
    number = kept(cast, case, picture(), "foto.png")
    answer = cast.client("agent").get(f"/files/{number}/")
    assert b"".join(answer.streaming_content) == picture()
    assert answer["Content-Type"] == "image/png" and answer["Content-Disposition"].startswith("inline")
    assert answer["X-Content-Type-Options"] == "nosniff" and "sandbox" in answer["Content-Security-Policy"]


def test_what_is_no_picture_is_downloaded(cast: Cast, case: Case) -> None:
    number = kept(cast, case, "日志 ok".encode(), "日志.txt")
    answer = cast.client("agent").get(f"/files/{number}/")
    assert (
        answer["Content-Disposition"].startswith("attachment")
        and answer["Content-Type"] == "application/octet-stream"
    )
    assert "%E6%97%A5%E5%BF%97.txt" in answer["Content-Disposition"]


def test_a_head_request_is_answered_like_a_get(cast: Cast, case: Case) -> None:
    number = kept(cast, case, picture(), "foto.png")
    answer = cast.client("agent").head(f"/files/{number}/")
    assert answer.status_code == 200 and int(answer["Content-Length"]) == len(picture())


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_a_small_picture_stands_for_the_large_one(cast: Cast, case: Case, kind: str) -> None:
    number = kept(cast, case, picture(kind, (2000, 1000)), f"a.{kind.lower()}")
    answer = cast.client("agent").get(f"/files/{number}/", {"size": "small"})
    data = b"".join(answer.streaming_content)
    assert max(Image.open(io.BytesIO(data)).size) == 320 and answer["Content-Type"] in (
        "image/jpeg",
        "image/png",
    )


def test_those_who_may_not_see_the_case_find_no_file(cast: Cast, case: Case) -> None:
    number = kept(cast, case, picture(), "foto.png")
    for who in ("engineer", "station_head", "stock_keeper", "account_manager", "administrator"):
        assert cast.client(who).get(f"/files/{number}/").status_code == 404, who
    assert Client().get(f"/files/{number}/").status_code == 404
    other = opened(cast, cast.sun)
    token = links.token_of(links.issue(other, "track", now=timezone.now()))
    assert Client().get(f"/files/{number}/", {"token": token}).status_code == 404


def test_the_customer_sees_files_of_replies_but_not_of_internal_notes(cast: Cast, case: Case) -> None:
    token = links.token_of(links.issue(case, "track", now=timezone.now()))
    internal, reply = kept(cast, case, picture(), "a.png"), kept(cast, case, picture(), "b.png", "reply")
    assert Client().get(f"/files/{internal}/", {"token": token}).status_code == 404
    assert Client().get(f"/files/{reply}/", {"token": token}).status_code == 200


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
        ("a.png", b"<html><script>alert(1)</script></html>"), ("a.exe", b"MZ\x00\x01" * 50), ("a.zip", b"PK\x03\x04zip"),
        ("empty.txt", b""),
    ],
)  # fmt: skip
def test_active_or_unknown_content_is_refused_whatever_it_is_called(
    cast: Cast, name: str, data: bytes
) -> None:
    answer = send(cast.client("agent"), data, name)
    assert answer.status_code in (400, 415) and answer.json()["error"]
    assert Attachment.objects.count() == 0


def test_a_file_too_large_is_told_so(cast: Cast, settings) -> None:  # type: ignore[no-untyped-def]
    settings.UPLOAD_BYTES = 100
    answer = send(cast.client("agent"), b"x" * 101, "a.txt")
    assert answer.status_code == 413 and answer.json()["error"] == "文件太大。"


@pytest.mark.parametrize(
    "address", ["/files/0/", "/files/999999/", "/files/99999999999999999999/", "/files/-1/"]
)
def test_a_made_up_number_is_not_found(cast: Cast, address: str) -> None:
    assert cast.client("agent").get(address).status_code == 404


def test_the_holder_of_a_link_cannot_fill_the_disk(cast: Cast, case: Case) -> None:
    token = links.token_of(links.issue(case, "track", now=timezone.now()))
    codes = [send(Client(), f"Zeile {i}".encode(), "a.txt", token=token).status_code for i in range(62)]
    assert codes[:60] == [201] * 60 and codes[-1] == 429
    assert send(cast.client("agent"), picture()).status_code == 201
