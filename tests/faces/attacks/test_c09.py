"""Attack case C09: what is typed into a search, a filter or a sort order is a value to the database, never a statement.

No outside scanner: the kinds of payload such a tool sends, at every parameter of every list of pages and at every
parameter the API declares. A mark in each payload must not turn up in the text of any statement (values travel
beside it), there are no more statements than for a harmless word, and no row more is found.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from baoxiu.cases.models import Case
from baoxiu.cases.queries import lists
from tests.faces.machine import Machine, machine, request_of
from tests.faces.permissions.bodies import DOCUMENT

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _may_look_everywhere(cast: Any) -> None:
    cast.staff["manager"].roles = "manager administrator engineer"
    cast.staff["manager"].save()


MARK = "zq7731"
HARMLESS = (MARK, f"{MARK} 1 = 1 and more", "7731")  # a word, several, a number
PAYLOADS = {
    "error": f"'\"`)]}} AND 1=CAST('{MARK}' AS int)--", "number": f"1 OR 1=1 -- {MARK}", "boolean": f"{MARK}' OR '1'='1",
    "union": f"' UNION SELECT password,'{MARK}' FROM people_staff --", "stacked": f"1; DROP TABLE cases_case; -- {MARK}",
    "time": f"{MARK}'||(SELECT pg_sleep(9))||randomblob(900000000)||'", "json path": f"data\"]->'{MARK}",
    "connector": f"_connector=OR 1=1 {MARK}", "lookup": f"customer__contacts__value__startswith={MARK}", "order": f"-password,{MARK}",
    "full text": f'{MARK}" OR "b* NEAR(a b) ^ :', "null": f"{MARK}\x00' OR 1=1", "long": MARK + "x" * 100_000,
}  # fmt: skip
# what a page reads from its address, and what ORMs are talked into reading
ANY = (
    "q",
    "order_by",
    "ordering",
    "sort",
    "_connector",
    "_negated",
    "id__class",
    "customer__phone",
    "after",
    "before",
)
PAGES: dict[str, tuple[str, ...]] = {
    "/desk/": ("view",), "/desk/rows/": ("view",), "/desk/export/": ("view",), "/desk/search/": (), "/desk/phone/": ("phone", "next"),
    "/desk/cases/": ("from", "to", *lists.Filter.model_fields), "/desk/cases/export/": ("from", "to", *lists.Filter.model_fields),
    "/desk/phone/caller/": ("phone",), "/desk/dispatch/": ("date", "number"), "/desk/follow-ups/": ("view",),
    "/office/": ("to", "from"), "/office/units/": ("model", "customer", "batch"), "/office/customers/": ("kind",), "/office/models/": ("class",),
    "/office/registrations/": ("status",), "/office/rules/": ("place", "show"), "/office/mailbox/": ("state",), "/office/dashboard/": ("from", "to", "days", "by", "of", "table"),
    "/office/dashboard/behind/": ("figure", "by", "of", "from"), "/office/money/": ("days", "from"), "/office/staff/": ("gone", "role"), "/office/access/": ("case",), "/office/labels/": ("customer", "unit"),
}  # fmt: skip
FINE = {200, 302, 400, 404, 414, 422, 429}


@contextmanager
def statements() -> Iterator[list[str]]:
    """The texts of the statements, without the values that travel beside them."""
    found: list[str] = []

    def look(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "service_levels_levelbook" not in sql:  # read again when it has grown old, whatever is asked
            found.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield found


def rows(answer: Any) -> int:
    text = b"".join(answer).decode() if answer.streaming else answer.content.decode("utf-8", "replace")
    return len(set(re.findall(r"BX-\d{4}-\d{6}", html.unescape(text))))


def ask(client: Client | Machine, path: str, name: str, value: str) -> tuple[int, list[str], int]:
    cache.clear()
    with statements() as found:
        answer: Any = client.get(f"{path}?{urlencode({name: value})}")
        seen = rows(answer) if answer.status_code == 200 else 0
    return answer.status_code, found, seen


def looked_into(kind: str) -> Iterator[tuple[str, str]]:
    """What pages do not read they must not read of the ORM's either: one kind of payload tells."""
    for path, names in PAGES.items():
        for name in dict.fromkeys((*names, "q", *(ANY if kind == "error" else ()))):
            yield path, name


def declared(number: str) -> Iterator[tuple[str, str]]:
    """Every parameter in the address of every reading operation that needs no other object than a case."""
    for path, methods in DOCUMENT["paths"].items():
        asked = [p["name"] for p in methods.get("get", {}).get("parameters", ()) if p["in"] == "query"]
        at = path.removeprefix("/api").replace("{number}", number)
        if "get" in methods and "{" not in at:
            for name in (*asked, "order_by", "_connector"):
                yield at, name


USUAL: dict[tuple[str, str], tuple[int, int]] = {}


def judge(client: Client | Machine, where: list[tuple[str, str]], payload: str) -> None:
    for path, name in where:
        if (path, name) not in USUAL:
            usual = [ask(client, path, name, word)[1:] for word in HARMLESS]
            USUAL[path, name] = max(len(found) for found, _ in usual), max(seen for _, seen in usual)
        statements_, rows_ = USUAL[path, name]
        status, found, seen = ask(client, path, name, payload)
        said = path, name, payload[:60]
        assert status in FINE, (*said, status)
        assert not [sql for sql in found if MARK in sql or "pg_sleep" in sql or "randomblob" in sql], said
        assert len(found) <= max(statements_, 4) and seen <= rows_, (
            *said,
            len(found),
            statements_,
            seen,
            rows_,
        )


@pytest.mark.parametrize("kind", PAYLOADS)
def test_c09_words_for_the_database_are_words_on_every_page(cast, kind):
    number, count = request_of(cast.wang), Case.objects.count()
    boss = cast.client("manager")
    assert number in boss.get("/desk/cases/").content.decode()
    judge(boss, list(looked_into(kind)), PAYLOADS[kind])
    assert Case.objects.count() == count


@pytest.mark.parametrize("kind", PAYLOADS)
def test_c09_and_in_every_operation(cast, kind):
    number, count = request_of(cast.wang), Case.objects.count()
    where = list(declared(number))
    assert len(where) > 60
    judge(machine(cast, "manager"), where, PAYLOADS[kind])
    assert Case.objects.count() == count


def test_c09_the_mark_would_be_seen(cast):
    with statements() as found, connection.cursor() as cursor:
        cursor.execute(f"SELECT '{MARK}'")
    assert [sql for sql in found if MARK in sql]


@pytest.mark.parametrize("wildcard", ["%", "_", "*"])
def test_c09_a_wildcard_is_a_letter(cast, wildcard):
    number = request_of(cast.wang, problem="洗衣机不排水")
    found = cast.client("manager").get("/office/customers/", {"q": wildcard}).content.decode()
    assert cast.wang.name not in found
    assert number not in cast.client("manager").get("/desk/search/", {"q": wildcard * 3}).content.decode()
