"""Front page, demo, language, health, errors, sessions, headers, weight: what every page has in common."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import re
from pathlib import Path

import pytest
from django.contrib.messages import SUCCESS
from django.contrib.messages.storage import default_storage
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone, translation

from baoxiu.faces.common import errors, track
from baoxiu.people.models import Staff
from tests.conftest import Cast

pytestmark = [pytest.mark.urls("tests.faces.common_urls"), pytest.mark.django_db]
STATIC = Path(__file__).resolve().parents[2] / "baoxiu" / "static"
CHINESE = {"accept-language": "zh-CN"}


# -- the front page and the demo ------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "lands"),
    [
        ("agent", "/desk/"), ("dispatcher", "/desk/"), ("account_manager", "/desk/"), ("manager", "/desk/"),
        ("engineer", "/field/"), ("station_head", "/bench/"), ("stock_keeper", "/bench/"), ("administrator", "/office/"),
    ],
)  # fmt: skip
def test_everybody_lands_where_the_day_starts(cast: Cast, who: str, lands: str) -> None:
    assert cast.client(who).get("/")["Location"] == lands


def test_whoever_is_not_signed_in_is_led_to_the_sign_in() -> None:
    assert Client().get("/")["Location"] == "/accounts/login/"


@pytest.fixture
def demo(settings) -> Staff:  # type: ignore[no-untyped-def]
    settings.DEMO = True
    return Staff.objects.create_staff("li@demo.baoxiu.example", "李客服", ["agent"])


def test_the_demo_shows_its_cast_and_signs_in_with_one_click(demo: Staff) -> None:
    client = Client(headers=CHINESE)
    assert "李客服" in client.get("/").content.decode()
    answer = client.post("/demo/sign-in/", {"email": demo.email})
    assert answer["Location"] == "/desk/" and client.session["_auth_user_id"] == str(demo.pk)


def test_one_click_works_for_sample_accounts_only(cast: Cast, demo: Staff) -> None:
    assert Client().post("/demo/sign-in/", {"email": "agent@example.com"}).status_code == 404
    Staff.objects.filter(pk=demo.pk).update(is_active=False)
    assert Client().post("/demo/sign-in/", {"email": demo.email}).status_code == 404


@pytest.mark.parametrize("peer", ["203.0.113.9", "10.0.0.1", "", "::ffff:10.0.0.1"])
def test_one_click_and_mailbox_work_from_this_machine_only(demo: Staff, peer: str) -> None:
    outside = Client(REMOTE_ADDR=peer, headers={"x-forwarded-for": "127.0.0.1"})
    assert outside.post("/demo/sign-in/", {"email": demo.email}).status_code == 403
    assert outside.get("/demo/mailbox/").status_code == 403


def test_outside_the_demo_there_is_no_one_click_and_no_mailbox(demo: Staff, settings) -> None:  # type: ignore[no-untyped-def]
    settings.DEMO = False
    assert Client().post("/demo/sign-in/", {"email": demo.email}).status_code == 403
    assert Client().get("/demo/mailbox/").status_code == 403
    assert Client().get("/style/").status_code == 403


def test_one_click_needs_a_csrf_token(demo: Staff) -> None:
    assert Client(enforce_csrf_checks=True).post("/demo/sign-in/", {"email": demo.email}).status_code == 403


# -- language ---------------------------------------------------------------------------------


def test_the_chosen_language_stays_and_leads_back() -> None:
    client = Client(headers=CHINESE)
    answer = client.post("/language/", {"language": "en", "next": "/accounts/login/?next=/desk/"})
    assert answer["Location"] == "/accounts/login/?next=/desk/"
    page = client.get("/accounts/login/").content.decode()
    assert "Sign in" in page and 'lang="en"' in page


@pytest.mark.parametrize(
    "wish", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example", ""]
)
def test_it_never_leads_away(wish: str) -> None:
    assert Client().post("/language/", {"language": "en", "next": wish})["Location"] == "/"


def test_an_unknown_language_changes_nothing() -> None:
    answer = Client().post("/language/", {"language": "xx", "next": "/"})
    assert answer.status_code == 302 and "language" not in answer.cookies


# -- health and errors --------------------------------------------------------------------------


def test_health_says_that_the_database_answers() -> None:
    assert Client().get("/health/").json() == {"status": "ok"}


def test_an_address_that_leads_nowhere_says_what_to_do(cast: Cast) -> None:
    answer = cast.client("agent").get("/nope/<script>/")
    page = answer.content.decode()
    assert answer.status_code == 404 and "请检查网址" in page and "/nope/" in page and "<script>/" not in page


def test_a_link_that_ended_says_so_in_words_for_customers() -> None:
    answer = Client(headers=CHINESE).get("/t/ended/")
    page = answer.content.decode()
    assert answer.status_code == 404 and "链接可能没有复制完整" in page and 'href="/request/"' in page


def test_an_error_of_ours_is_told_without_its_insides(cast: Cast) -> None:
    client = cast.client("agent")
    client.raise_request_exception = False
    answer = client.get("/test/broken/")
    assert answer.status_code == 500 and "on purpose" not in answer.content.decode()
    assert "请稍后再试" in answer.content.decode()


@pytest.mark.parametrize("page", [errors.bad_request, errors.denied, errors.not_found, errors.server_error])
def test_an_error_page_comes_even_where_nothing_else_works(page, django_assert_num_queries, rf) -> None:  # type: ignore[no-untyped-def]
    with django_assert_num_queries(0):
        answer = page(rf.get("/"))
    assert answer.status_code in (400, 403, 404, 500) and "<h1>" in answer.content.decode()


def test_a_stale_form_is_told_so() -> None:
    answer = Client(enforce_csrf_checks=True, headers=CHINESE).post("/language/", {"language": "en"})
    assert answer.status_code == 403 and "刷新页面" in answer.content.decode()


# -- sessions ---------------------------------------------------------------------------------


def sign_in(staff: Staff) -> Client:
    client = Client(headers=CHINESE)
    client.force_login(staff, backend="baoxiu.people.sessions.Backend")
    return client


def seen_ago(client: Client, minutes: float) -> None:
    session = client.session
    session["seen"] = (timezone.now() - dt.timedelta(minutes=minutes)).isoformat()
    session.save()


STAFF_PAGE = "/accounts/password/set/"


def test_the_session_row_is_written_at_most_every_five_minutes(cast: Cast, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    client = sign_in(cast.staff["agent"])
    client.get(STAFF_PAGE)
    before = Session.objects.get().session_data
    seen_ago(client, 4)
    kept = Session.objects.get().session_data
    with django_assert_num_queries(2):  # the session and the person, no write
        client.get(STAFF_PAGE)
    assert Session.objects.get().session_data == kept != before
    seen_ago(client, 6)
    stale = Session.objects.get().session_data
    client.get(STAFF_PAGE)
    assert Session.objects.get().session_data != stale


def test_what_was_said_and_never_shown_does_not_pile_up() -> None:
    request = RequestFactory().get("/")
    request.session = SessionStore()
    said, answer = default_storage(request), HttpResponse()
    for n in range(400):
        said.add(SUCCESS, hashlib.sha256(str(n).encode()).hexdigest())
    assert said.update(answer), "the oldest give way"
    assert request.session.is_empty()
    assert hashlib.sha256(b"399").hexdigest() in str(
        CookieStorage(request)._decode(answer.cookies["messages"].value)
    )


def test_a_session_left_alone_for_two_hours_is_over(cast: Cast) -> None:
    client = sign_in(cast.staff["agent"])
    seen_ago(client, 119)
    assert client.get(STAFF_PAGE).status_code == 200
    seen_ago(client, 121)
    answer = client.get(STAFF_PAGE)
    assert answer.status_code == 302 and answer["Location"].startswith("/accounts/login/?next=")
    assert "_auth_user_id" not in client.session


def test_in_place_a_session_that_is_over_leads_the_whole_page_to_the_sign_in(cast: Cast) -> None:
    answer = Client(
        headers={"hx-request": "true", "hx-current-url": "http://testserver/desk/?view=mine"}
    ).get(STAFF_PAGE)
    assert answer.status_code == 401 and answer["HX-Redirect"] == "/accounts/login/?next=/desk/%3Fview%3Dmine"


# -- headers and weight -------------------------------------------------------------------------


def test_every_page_carries_the_strict_policy_and_no_inline_script(cast: Cast) -> None:
    for client, address in (
        (Client(), "/accounts/login/"),
        (cast.client("manager"), "/style/"),
        (Client(), "/nope/"),
    ):
        answer = client.get(address)
        policy, page = answer["Content-Security-Policy"], answer.content.decode()
        assert "script-src 'self';" in policy and "unsafe-eval" not in policy
        assert not re.search(r"<script(?![^>]*\bsrc=)", page) and not re.search(r"\son[a-z]+=", page)
        assert answer["Cache-Control"] == "no-store" or "no-store" in answer["Cache-Control"]
        assert answer["X-Frame-Options"] == "DENY"


def test_the_first_page_is_light_and_the_second_lighter(cast: Cast) -> None:
    page = cast.client("manager").get("/style/").content
    names = set(re.findall(r'(?:href|src)="/static/([^"#]+)', page.decode()))
    assert {
        "vendor/tabler.min.css",
        "vendor/htmx.min.js",
        "own/baoxiu.css",
        "own/base.js",
        "own/forms.js",
    } <= names
    first = sum(len(gzip.compress((STATIC / name).read_bytes())) for name in names)
    assert first + len(gzip.compress(page)) <= 200_000  # the case page may still add 50 kB of its own
    assert len(gzip.compress((STATIC / "own/baoxiu.css").read_bytes())) <= 12_000


def test_each_choice_of_light_and_dark_is_kept_by_the_server() -> None:
    client = Client()
    for chosen, shown in (
        ("dark", 'data-bs-theme="dark"'),
        ("light", 'data-bs-theme="light"'),
        ('x"><b>', ""),
    ):
        client.cookies["theme"] = chosen
        page = client.get("/accounts/login/").content.decode()
        assert (shown in page) if shown else ("data-bs-theme" not in page)


# -- the step bar -------------------------------------------------------------------------------


def states(stage: str, **facts: str) -> list[str]:
    return [stop.state for stop in track.stops(stage, facts)]


def test_the_step_bar_shows_the_place_in_the_procedure() -> None:
    assert states("triage") == ["here", *["next"] * 6]
    assert states("repair", venue="depot") == ["done", "done", "done", "here", "next", "next", "next"]
    assert states("closed", outcome="repaired") == ["done"] * 7
    assert states("withdrawn") == [*["next"] * 6, "end"]
    assert states("final", outcome="advised") == ["done", "skip", "skip", "skip", "skip", "here", "next"]


def test_the_step_bar_names_the_way_the_product_takes() -> None:
    with translation.override("en"):
        assert [s.title for s in track.stops("repair", {"venue": "depot"})][2] == "In transit"
        assert [s.title for s in track.stops("consent", {"venue": "onsite"})][2:4] == [
            "Visit",
            "Waiting for consent",
        ]
