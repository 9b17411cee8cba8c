"""What the desk's tests start from: cases registered and moved through the gate."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from baoxiu.cases import search, steps
from baoxiu.cases.models import Case
from baoxiu.people.actors import Actor
from baoxiu.people.models import Customer
from baoxiu.sop import payloads
from tests.conftest import NOW, Cast

MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)


def opened(
    cast: Cast,
    customer: Customer | None = None,
    *,
    at: dt.datetime = NOW,
    owner: str | None = "agent",
    **more: Any,
) -> Case:
    """A case registered by 李客服, owned by `owner`; `more` goes onto the case."""
    customer = customer or cast.wang
    problem = more.pop("problem", "洗衣机不排水")
    payload = payloads.Register(channel="phone", problem=problem, customer_id=customer.pk)

    def new() -> tuple[Case, dict[str, Any]]:
        phone = customer.contacts.get(kind="phone").value
        columns: dict[str, Any] = {
            "number": f"BX-2600-{Case.objects.count() + 1:06d}", "customer": customer, "channel": "phone",
            "subject": problem[:60], "created_at": at, "contact_name": customer.name, "contact_phone": phone,
            "unit": cast.unit if customer == cast.wang else None, "site": customer.sites.first(),
            "owner": cast.staff[owner] if owner else None,
        }  # fmt: skip
        return Case(**{**columns, **more}), {}

    taken = steps.open_case(payload, new, by=cast.actor("agent"), now=at)
    case = Case.objects.get(number=taken.number)
    search.index(case, search.words_of(case, problem))
    return case


def step(case: Case, name: str, by: Actor, *, at: dt.datetime = NOW, **fields: Any) -> None:
    steps.take_step(case, name, payloads.PAYLOADS[name](**fields), by=by, now=at)
    case.refresh_from_db()


def plan(queryset: QuerySet[Any] | str, params: Any = ()) -> list[str]:
    """SQLite's plan of a queryset or statement, one line a part."""
    sql, values = (queryset, params) if isinstance(queryset, str) else queryset.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", values)
        return [row[3] for row in cursor.fetchall()]
