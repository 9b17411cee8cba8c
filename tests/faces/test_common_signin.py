"""Signing in: locked per account and peer, the same answer for everybody, invitations that work once."""

from __future__ import annotations

import datetime as dt
import re
import time

import pytest
from axes.models import AccessAttempt
from django.core import mail
from django.test import Client
from django.utils import timezone

from baoxiu.faces.common import accounts
from baoxiu.people import operations
from baoxiu.people.actors import SYSTEM
from baoxiu.people.models import Staff
from tests.conftest import Cast

pytestmark = [pytest.mark.urls("tests.faces.common_urls"), pytest.mark.django_db]
PASSWORD = "a quiet river in May"
LOGIN = "/accounts/login/"
RESET = "/accounts/password/reset/"


@pytest.fixture
def agent(cast: Cast) -> Staff:
    staff = cast.staff["agent"]
    staff.set_password(PASSWORD)
    staff.save()
    return staff


def try_password(
    password: str, *, email: str = "agent@example.com", peer: str = "203.0.113.5", **headers: str
) -> int:
    client = Client(REMOTE_ADDR=peer, headers=headers)
    return client.post(LOGIN, {"login": email, "password": password}).status_code


def test_the_right_password_signs_in(agent: Staff) -> None:
    assert try_password(PASSWORD) == 302


def test_eight_wrong_passwords_lock_the_account_for_that_peer_only(agent: Staff) -> None:
    codes = [try_password("wrong wrong wrong") for _ in range(8)]
    assert codes[:7] == [200] * 7 and codes[7] == 429
    assert try_password(PASSWORD) == 429
    assert try_password(PASSWORD, peer="203.0.113.77") == 302


def test_guessing_one_account_from_many_addresses_is_stopped_and_its_owner_is_not(
    agent: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = Client(REMOTE_ADDR="203.0.113.9")
    owner.post(LOGIN, {"login": agent.email, "password": PASSWORD})
    owner.post("/accounts/logout/")
    assert accounts.DEVICE in owner.cookies
    monkeypatch.setattr(accounts, "GUESSES_AT_AN_ACCOUNT", 10)
    codes = [try_password("wrong wrong wrong", peer=f"198.51.100.{i}") for i in range(11)]
    assert codes == [200] * 9 + [429] * 2
    assert try_password(PASSWORD, peer="198.51.100.200") == 429
    assert owner.post(LOGIN, {"login": agent.email, "password": PASSWORD}).status_code == 302


def test_a_forged_forwarded_header_neither_unlocks_nor_locks_others(agent: Staff) -> None:
    for i in range(8):
        try_password("wrong wrong wrong", **{"x-forwarded-for": f"198.51.100.{i}"})
    assert try_password(PASSWORD, **{"x-forwarded-for": "198.51.100.99"}) == 429
    assert try_password(PASSWORD, peer="198.51.100.1") == 302


def test_writing_the_address_otherwise_does_not_help(agent: Staff) -> None:
    for i in range(8):
        try_password("wrong wrong wrong", email=("AGENT@example.com", " agent@Example.com ")[i % 2])
    assert try_password(PASSWORD) == 429


def test_the_lock_opens_again_after_a_quarter_of_an_hour(agent: Staff) -> None:
    for _ in range(8):
        try_password("wrong wrong wrong")
    AccessAttempt.objects.update(attempt_time=timezone.now() - dt.timedelta(minutes=16))
    assert try_password(PASSWORD) == 302


def test_unknown_and_known_addresses_get_the_same_answer(agent: Staff) -> None:
    said = []
    for email in ("agent@example.com", "nobody@example.com"):
        client = Client(headers={"accept-language": "zh"})
        page = client.post(LOGIN, {"login": email, "password": "wrong wrong wrong"}).content.decode()
        page = page.replace(email, "").split("<main")[1].split("</main>")[0]
        said.append(re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page))
    assert said[0] == said[1] and "密码" in said[0]


def test_nobody_signs_up_by_himself(db: None) -> None:
    assert Client().get("/accounts/signup/").status_code == 404


def test_somebody_who_left_cannot_sign_in(agent: Staff) -> None:
    agent.is_active = False
    agent.save()
    answer = Client().post(LOGIN, {"login": agent.email, "password": PASSWORD})
    assert answer.status_code == 302 and answer["Location"] == "/accounts/inactive/"


def test_after_signing_in_it_leads_only_to_addresses_of_ours(agent: Staff) -> None:
    for wish, lands in (("/desk/", "/desk/"), ("https://evil.example/", "/"), ("//evil.example", "/")):
        answer = Client().post(LOGIN, {"login": agent.email, "password": PASSWORD, "next": wish})
        assert answer["Location"] == lands


def test_signing_out_needs_a_post(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.staff["agent"], backend="baoxiu.people.sessions.Backend")
    assert client.get("/accounts/logout/").status_code == 200
    assert client.get("/style/").status_code == 403
    client.post("/accounts/logout/")
    assert "_auth_user_id" not in client.session


# -- forgotten -------------------------------------------------------------------------------


def mails(count: int) -> list[mail.EmailMessage]:
    until = time.monotonic() + 3
    while len(mail.outbox) < count and time.monotonic() < until:
        time.sleep(0.01)
    return mail.outbox


def test_a_forgotten_password_is_renewed_by_mail_once(agent: Staff) -> None:
    client = Client(headers={"accept-language": "zh"})
    assert client.post(RESET, {"email": agent.email})["Location"] == RESET + "done/"
    body = str(mails(1)[0].body)
    link = next(line for line in body.splitlines() if line.startswith("http"))
    assert link.startswith("http://127.0.0.1:8000/accounts/password/reset/key/")
    path = link.removeprefix("http://127.0.0.1:8000")
    form = client.get(path, follow=True).redirect_chain[-1][0]
    new = "another quiet river"
    assert client.post(form, {"password1": new, "password2": new}).status_code == 302
    assert try_password(new) == 302
    assert "已使用" in Client(headers={"accept-language": "zh"}).get(path).content.decode()


def test_a_reset_for_an_unknown_address_looks_the_same_and_mails_nobody(agent: Staff) -> None:
    answer = Client().post(RESET, {"email": "nobody@example.com"})
    assert answer["Location"] == RESET + "done/"
    time.sleep(0.1)
    assert mail.outbox == []


def test_the_link_in_the_mail_never_follows_a_forged_host(agent: Staff, settings: object) -> None:
    settings.ALLOWED_HOSTS = ["*"]  # type: ignore[attr-defined]
    Client(HTTP_HOST="evil.example").post(RESET, {"email": agent.email})
    assert "evil.example" not in str(mails(1)[0].body)


def test_changing_the_password_asks_for_the_old_one_and_ends_other_sessions(agent: Staff) -> None:
    here, elsewhere = Client(), Client()
    for client in (here, elsewhere):
        client.post(LOGIN, {"login": agent.email, "password": PASSWORD})
    change = "/accounts/password/change/"
    new = "another quiet river"
    wrong = here.post(change, {"oldpassword": "no", "password1": new, "password2": new})
    assert wrong.status_code == 200
    assert here.post(change, {"oldpassword": PASSWORD, "password1": new, "password2": new}).status_code == 302
    assert here.get(change).status_code == 200
    assert elsewhere.get(change).status_code == 302


# -- invitations -------------------------------------------------------------------------------


def test_an_invitation_sets_the_first_password_once_and_signs_in(cast: Cast) -> None:
    staff = cast.staff["engineer"]
    token = operations.invite(staff, by=cast.actor("administrator"), now=timezone.now())
    client = Client(headers={"accept-language": "zh"})
    assert staff.name in client.get(f"/invite/{token}/").content.decode()
    answer = client.post(f"/invite/{token}/", {"password1": PASSWORD, "password2": PASSWORD})
    assert answer.status_code == 302 and client.session["_auth_user_id"] == str(staff.pk)
    assert Client().get(f"/invite/{token}/").status_code == 404
    assert try_password(PASSWORD, email=staff.email) == 302


@pytest.mark.parametrize(
    "one, two",
    [
        ("short", "short"),
        ("password12", "password12"),
        (PASSWORD, PASSWORD + "x"),
        ("engineer@example", "engineer@example"),
    ],
)
def test_a_weak_or_mistyped_password_is_refused_and_the_invitation_stays(
    cast: Cast, one: str, two: str
) -> None:
    token = operations.invite(cast.staff["engineer"], by=SYSTEM, now=timezone.now())
    answer = Client().post(f"/invite/{token}/", {"password1": one, "password2": two})
    assert answer.status_code == 422
    assert Client().get(f"/invite/{token}/").status_code == 200


def test_an_invitation_ends_after_seven_days_and_when_a_new_one_is_made(cast: Cast, now: dt.datetime) -> None:
    staff = cast.staff["engineer"]
    first = operations.invite(staff, by=SYSTEM, now=now)
    with pytest.raises(operations.InvitationUnusable):
        operations.accept_invitation(first, PASSWORD, now=now + dt.timedelta(days=7))
    second = operations.invite(staff, by=SYSTEM, now=now + dt.timedelta(hours=1))
    with pytest.raises(operations.InvitationUnusable):
        operations.invited(first, now=now + dt.timedelta(hours=2))
    assert operations.invited(second, now=now + dt.timedelta(hours=2)) == staff


@pytest.mark.parametrize("token", ["x", "a" * 500, "%00", "é", "../../etc"])
def test_a_made_up_invitation_is_told_so(db: None, token: str) -> None:
    assert Client().get(f"/invite/{token}/").status_code in (400, 404)
