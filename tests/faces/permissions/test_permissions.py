"""Every address and every operation, by everybody, on one's own, another's and what is not there."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from baoxiu.faces.common.audience import LINK, PUBLIC
from tests.faces.permissions import bodies, ground, table, terms, units
from tests.faces.permissions.ground import ABSENT, CANARIES, OTHER, OWN, Ground

SHARED = {
    "staff",
    "level",
    "calendar",
    "table",
    "contract",
    "alarm",
    "station",
    "team",
    "skill",
    "model",
    "key",
    "job",
    "prices",
    "target",
    "letter",
    "policy",
    "roads",
    "territory",
    "procedure",
    "qr",
    "registered",
    "warranty",
}  # nobody's own
SEES_ALL = {
    "case": "ADS",
    "customer": "ADS",
    "unit": "ADSX",
    "file": "ADS",
    "message": "ADS",
    "registration": "AS",
    "batch": "S",
    "van": "DSX",
    "stockroom": "DSX",
}  # for whom another's is as one's own
NO_SESSION = "NLQRI"
CHUNK = 12


@dataclass(frozen=True)
class Row:
    route: str
    method: str
    object: str
    who: str
    more: tuple[tuple[str, str], ...]  # other parts of the address
    form: tuple[tuple[str, str], ...]  # what the form says, `+name=value`

    @property
    def is_api(self) -> bool:
        return self.route.removeprefix("api:") in bodies.operations()


@dataclass(frozen=True)
class Route:
    name: str
    parameters: tuple[str, ...]
    audience: frozenset[str]


def rows() -> Iterator[Row]:
    for line in (table.ROWS + terms.ROWS + units.ROWS).splitlines():
        if line and not line.startswith("#"):
            route, method, kind, who, *more = line.split()
            pairs = [tuple(m.split("=", 1)) for m in more]
            parts = tuple((n, v) for n, v in pairs if n[0] != "+")
            for one in method.split("+"):
                yield Row(route, one, kind, who, parts, tuple((n[1:], v) for n, v in pairs if n[0] == "+"))


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[Route]:
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from routes(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)
        else:
            assert isinstance(entry, URLPattern)
            regex = entry.pattern.regex.groupindex
            yield Route(
                f"{prefix}{entry.name}", tuple(regex), getattr(entry.callback, "audience", frozenset())
            )


ROWS = list(rows())
ROUTES = {route.name: route for route in routes()}


def test_every_route_and_every_operation_has_a_row() -> None:
    declared = {row.route for row in ROWS}
    assert set(ROUTES) - declared == set(), "add a line to tests/faces/permissions/table.py"
    assert declared - set(ROUTES) == set(), "these routes are no more"
    methods = {f"api:{name}": method for name, (method, _, _) in bodies.operations().items()}
    assert {row.route: row.method for row in ROWS if row.route in methods} == methods


def test_no_row_is_there_twice() -> None:
    assert len({(r.route, r.method, r.more) for r in ROWS}) == len(ROWS)


def expected(row: Row, who: str, which: str) -> set[str]:
    """passed; or refused, for a page of staff by sending to sign in."""
    there = which == OWN or (which == OTHER and (row.object in SHARED or who in SEES_ALL.get(row.object, "")))
    if (row.who == "*" or who in row.who) and there:
        return {"passed"}
    if ROUTES[row.route].audience & {PUBLIC, LINK}:  # the view itself decides
        return {"refused", "login"} if who in NO_SESSION else {"refused"}
    return {"login"} if who in NO_SESSION and not row.is_api else {"refused"}


def outcome(response: Any) -> str:
    status = response.status_code
    if status == 302 and response.headers["Location"].startswith(settings.LOGIN_URL):
        return "login"
    if status in (401, 403, 404):
        return "refused"
    return "broken" if status >= 500 else "method" if status == 405 else "passed"


WAYS: dict[str, dict[str, Any]] = {
    "HEAD": {"method": "HEAD"},
    "OPTIONS": {"method": "OPTIONS"},
    "htmx": {"headers": {"HX-Request": "true", "HX-Target": "main"}},
    "JSON": {"headers": {"Accept": "application/json", "X-Requested-With": "XMLHttpRequest"}},
    "rewritten": {
        "headers": {"X-Original-URL": "/", "X-Forwarded-For": "127.0.0.1", "X-HTTP-Method-Override": "GET"}
    },
    "slash": {"path": "/"},
    "parameter": {"path": ";x"},
}


def send(world: Ground, row: Row, who: str, which: str, change: dict[str, Any] | None = None) -> Any:
    """The request of one actor, undone afterwards. `change`: another way of asking."""
    values = {n: world.objects[v[1:]][which] if v[0] == "@" else v for n, v in row.more}
    free = [p for p in ROUTES[row.route].parameters if p not in values]
    if row.object != "-":
        (parameter,) = free
        values[parameter] = world.objects[row.object][which]
    path = reverse(row.route, kwargs=values)
    options: dict[str, Any] = {"data": dict(row.form)} if row.form else {}
    if row.is_api:
        client = world.machine(who)
        if (body := bodies.body_of(row.route.removeprefix("api:"))) is not None:
            options = {"data": body, "content_type": "application/json"}
    else:
        client = world.browser(who)
    if change:
        options["headers"] = change.get("headers", {})
        path += change.get("path", "")
    cookies = client.cookies.output(header="", sep=";")
    with transaction.atomic():
        response = getattr(client, row.method.lower())(path, **options)
        response.text_seen = _text(response)
        transaction.set_rollback(True)
    client.cookies = SimpleCookie(cookies)
    return response


def _text(response: Any) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode("utf-8", "replace") + " ".join(response.headers.values())


def actors(row: Row) -> str:
    return "".join(ground.WHO) if row.is_api else "NADEHKMSXI"


def chunks() -> list[Any]:
    return [pytest.param(ROWS[i : i + CHUNK], id=ROWS[i].route) for i in range(0, len(ROWS), CHUNK)]


@pytest.fixture(autouse=True)
def no_log() -> Iterator[None]:
    """Four thousand refusals need not be written down."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def tries(chunk: list[Row]) -> Iterator[tuple[Row, str, str]]:
    """Every row by every actor on every object; a page's other method too, where the table refuses."""
    for row in chunk:
        found = [row]
        taken = {r.method for r in ROWS if r.route == row.route}
        if not row.is_api and row.method == min(taken):
            found += [replace(row, method=m, form=()) for m in ("GET", "POST") if m not in taken]
        for one in found:
            for which in (OWN, OTHER, ABSENT) if row.object != "-" else (OWN,):
                for who in actors(row):
                    if one is row or expected(row, who, which) != {"passed"}:
                        yield one, who, which


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[Ground]:
    """The ground set, made once: every request of these tests is undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = ground.build()
        for who in ground.WHO:
            made.browser(who)  # signs in
        yield made
        transaction.set_rollback(True)


@pytest.fixture
def world(built: Ground, db: None) -> Ground:
    cache.clear()
    return built


@pytest.mark.parametrize("chunk", chunks())
def test_everybody_gets_what_the_table_says_and_no_word_of_others(world: Ground, chunk: list[Row]) -> None:
    wrong = []
    for row, who, which in tries(chunk):
        response = send(world, row, who, which)
        found, wanted = outcome(response), expected(row, who, which)
        if found not in wanted and not (found == "method" and row not in ROWS):
            said = f"{found} ({response.status_code}), not {' or '.join(wanted)}"
            wrong.append(f"{row.method} {row.route} {which} by {who}: {said}")
        wrong += [
            f"{row.method} {row.route} {which} by {who}: {canary}"
            for canary, kept_from in CANARIES.items()
            if who in kept_from and canary in response.text_seen
        ]
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.parametrize("chunk", chunks())
def test_no_other_way_of_asking_opens_what_is_closed(world: Ground, chunk: list[Row]) -> None:
    """HEAD, OPTIONS, htmx, JSON, a doubled slash and a path parameter, by one who is refused."""
    wrong = []
    for row in chunk:
        who = next((w for w in actors(row) if "passed" not in expected(row, w, OWN)), None)
        for name, change in WAYS.items() if who else ():
            response = send(world, replace(row, method=change.get("method", row.method)), who, OWN, change)
            if outcome(response) == "passed" and not (name == "OPTIONS" and response.content == b""):
                wrong.append(f"{name} {row.route} by {who}: {response.status_code}")
    assert not wrong, "\n" + "\n".join(wrong)
