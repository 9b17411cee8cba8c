"""C4.1: the caller is recognised, a duplicate is offered."""

from __future__ import annotations

import datetime as dt

from baoxiu.cases.models import Case
from baoxiu.intake import operations, queries
from baoxiu.people.actors import ANONYMOUS
from baoxiu.sop import payloads


def register(cast, now, **more):
    given = {"channel": "phone", "problem": "洗衣机不排水", "phone": "13800138001", "name": "王女士"}
    taken = operations.register(payloads.Register(**{**given, **more}), by=cast.actor("agent"), now=now)
    return Case.objects.get(number=taken.number)


def test_a_caller_is_recognised_with_units_and_open_cases(cast, now, django_assert_max_num_queries):
    case = register(cast, now, unit_id=cast.unit.pk, customer_id=cast.wang.pk)
    with django_assert_max_num_queries(4):
        [caller] = queries.recognise(cast.actor("agent"), "138 0013 8001")
    assert caller.customer == cast.wang
    assert {u.pk for u in caller.units} == {cast.unit.pk, cast.old_unit.pk}
    assert [row["number"] for row in caller.cases] == [case.number]
    assert {c.kind for c in caller.contacts} == {"phone", "email"}


def test_the_first_digits_find_every_caller_that_may_be_meant(cast):
    assert len(queries.recognise(cast.actor("agent"), "138001")) == 3
    assert len(queries.recognise(cast.actor("agent"), "+8613800138003")) == 1
    assert queries.recognise(cast.actor("agent"), "1380") == []
    assert queries.recognise(cast.actor("agent"), "x" * 500) == []


def test_nobody_is_recognised_by_those_who_may_not_see_the_customer(cast):
    assert queries.recognise(ANONYMOUS, "13800138001") == []
    assert queries.recognise(cast.actor("stock_keeper"), "13800138001") == []
    assert queries.recognise(cast.actor("account_manager"), "13800138001") == []
    assert len(queries.recognise(cast.actor("account_manager"), "13800138002")) == 1


def test_a_likely_duplicate_is_offered_with_its_reasons(cast, now, django_assert_max_num_queries):
    case = register(cast, now, serial="SN-NEW-1")
    payload = payloads.Register(
        channel="web", problem="洗衣机不排水了", phone="13800138001", serial="SN-NEW-1"
    )
    with django_assert_max_num_queries(1):
        [hint] = queries.duplicates(cast.actor("agent"), payload, now=now + dt.timedelta(days=2))
    assert hint.case == case
    assert set(hint.reasons) == {"phone", "serial", "text"}
    later = now + dt.timedelta(days=31)
    assert queries.duplicates(cast.actor("agent"), payload, now=later) == []
    assert queries.duplicates(ANONYMOUS, payload, now=now) == []


def test_the_case_itself_is_not_its_own_duplicate(cast, now):
    first = register(cast, now)
    assert queries.duplicates(cast.actor("agent"), first, now=now) == []
    second = register(cast, now, problem="还是那台洗衣机")
    [hint] = queries.duplicates(cast.actor("agent"), second, now=now)
    assert hint.case == first and "phone" in hint.reasons


def test_nothing_to_go_by_finds_nothing(cast, now):
    register(cast, now)
    payload = payloads.Register(channel="phone", problem="洗衣机不排水", name="某人")
    assert queries.duplicates(cast.actor("agent"), payload, now=now) == []
