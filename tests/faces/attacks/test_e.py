"""Attack case E07: public links – random, hashed, throttled, good for one action on one case, expiry shown."""

from __future__ import annotations

import datetime as dt
import secrets

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from baoxiu.cases import links
from baoxiu.cases.models import PersonalLink
from baoxiu.faces.common.logs import hide
from baoxiu.faces.portal.links import address
from tests.faces.machine import Machine
from tests.rooms.walking import ON_SITE, begin

pytestmark = pytest.mark.django_db


def made(case, n, now):
    rows = [
        PersonalLink(
            case=case, purpose="track", nonce=secrets.token_hex(16), created_at=now, expires_at=now + dt.timedelta(days=1)
        )
        for _ in range(n)
    ]  # fmt: skip
    for row in rows:
        row.token_hash = links.hash_of(links.token_of(row))
    return PersonalLink.objects.bulk_create(rows)


def test_e07_a_thousand_links_have_no_order_no_time_and_no_shared_prefix(cast, now):
    tokens = [links.token_of(row) for row in made(begin(cast, now).case, 1000, now)]
    assert len(set(tokens)) == 1000 and {len(t) for t in tokens} == {32}  # 24 bytes: 192 bits
    assert len({t[:4] for t in tokens}) > 990
    assert 0.4 < sum(a < b for a, b in zip(tokens, tokens[1:], strict=False)) / 999 < 0.6
    bits = sum(bin(ord(c)).count("1") for c in "".join(tokens))
    assert bits  # every character of the alphabet turns up about equally often
    counts = [("".join(tokens)).count(c) for c in "ABCDEFGHabcdefgh01234567-_"]
    assert max(counts) < 1.5 * min(counts)


def test_e07_only_a_hash_is_stored(cast, now):
    row = made(begin(cast, now).case, 1, now)[0]
    token = links.token_of(row)
    stored = [str(value) for value in PersonalLink.objects.filter(pk=row.pk).values_list()[0]]
    assert not any(token in value or token[:12] in value for value in stored)


def test_e07_a_hundred_thousand_guesses_hit_nothing(cast, now):
    made(begin(cast, now).case, 1000, now)
    for _ in range(200):
        guesses = [links.hash_of(secrets.token_urlsafe(24)) for _ in range(500)]
        assert not PersonalLink.objects.filter(token_hash__in=guesses).exists()


def test_e07_guessing_over_http_finds_nothing_and_keys_are_throttled(cast, now):
    cache.clear()
    begin(cast, now)
    stranger = Client()
    for letter in "tqro":
        for _ in range(20):
            assert stranger.get(f"/{letter}/{secrets.token_urlsafe(24)}/").status_code in (404, 410, 429)
    codes = [Machine(secrets.token_urlsafe(24)).get("/cases").status_code for _ in range(80)]
    assert set(codes) == {401, 429}


def test_e07_a_link_is_for_one_action_on_one_case_and_says_when_it_ends(cast, now):
    now = timezone.now()
    walk = begin(cast, now - dt.timedelta(hours=6), unit="old").steps(f"{ON_SITE} diagnose quote")
    other = begin(cast, now)
    quote = links.issue(walk.case, "quote", now=now)
    token = links.token_of(quote)
    for letter in "tro":
        assert Client().get(f"/{letter}/{token}/").status_code == 404
    key = Machine(token)
    assert key.get(f"/cases/{other.case.number}").status_code in (401, 403, 404)
    assert key.post(f"/cases/{walk.case.number}/withdrawal", {"reason": "solved"}).status_code in (
        401,
        403,
        409,
        422,
    )
    walk.case.refresh_from_db()
    assert walk.case.stage == "consent"
    page = Client().get(address(quote)).text
    until = timezone.localtime(quote.expires_at)
    assert f"{until:%Y-%m-%d}" in page or f"{until.month}月{until.day}日" in page or "有效期" in page
    links.revoke(walk.case, "quote", now=now)
    assert Client().get(address(quote)).status_code in (404, 410)


@pytest.mark.parametrize("letter", "tqrunoa")
def test_e07_no_token_reaches_a_log(letter):
    token = secrets.token_urlsafe(24)
    assert token not in str(hide(f"Not Found: /{letter}/{token}/"))
