"""C4.3: the last free window is promised once, however many agents have it before them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from baoxiu.cases.models import Case, WorkOrder
from baoxiu.catalogue.models import ProductModel
from baoxiu.dispatch import kept, slots
from tests.conftest import Cast
from tests.faces.machine import Machine, machine
from tests.faces.test_api_together import together
from tests.rooms.planning import HOUR, job, ready


def last_window(cast: Cast, many: int) -> tuple[list[Case], slots.Slot]:
    """Two engineers who can each make one visit in a window, and jobs whose agents are all offered it."""
    cache.clear()
    ready(cast)
    ProductModel.objects.update(visit_minutes=150)
    now = dt.datetime.now(dt.UTC)
    cases = [job(cast, now, east=0.01 * i).case for i in range(many)]
    kept.forget()
    day_after = (now + dt.timedelta(days=2)).date()
    found = [s for s in slots.slots(cases[0], now=now, most=50) if s.starts_at.date() == day_after]
    return cases, found[-1]


@pytest.mark.django_db(transaction=True)
def test_a_window_for_two_visits_is_promised_to_two_of_five_at_once(
    transactional_db: None, cast: Cast
) -> None:
    cases, at = last_window(cast, 5)
    token = machine(cast, "agent").token
    body = {"starts_at": at.starts_at.isoformat(), "ends_at": at.ends_at.isoformat()}

    def promise(i: int) -> Any:
        return Machine(token).post(f"/cases/{cases[i].number}/promised-window", body)

    answers = together(5, promise)
    assert sorted(a.status_code for a in answers) == [201, 201, 422, 422, 422]
    assert WorkOrder.objects.filter(status="promised").count() == 2
    no = next(a for a in answers if a.status_code == 422).json()
    assert "last engineer" in no["detail"] and no["code"] == "overlap"
    for case, answer in zip(cases, answers, strict=True):
        if answer.status_code == 422:
            offered = Machine(token).get(f"/cases/{case.number}/windows").json()["items"]
            assert offered and at.starts_at.isoformat() not in {o["starts_at"] for o in offered}


@pytest.mark.django_db
def test_on_the_phone_the_second_hears_why_and_sees_fresh_windows(cast: Cast, client: Any) -> None:
    cases, at = last_window(cast, 3)
    client.force_login(cast.staff["agent"])
    opens, closes = (f"{timezone.localtime(t):%Y-%m-%dT%H:%M}" for t in (at.starts_at, at.ends_at))
    fields = {"starts_at": opens, "ends_at": closes}
    answers = [client.post(f"/desk/cases/{c.number}/promised-window/", fields) for c in cases]
    assert [a.status_code for a in answers] == [302, 302, 422]
    page = answers[-1].content.decode()
    assert "刚刚约给了其他客户" in page and "data-slot=" in page
    assert f'data-slot="{opens}"' not in page


@pytest.mark.django_db
def test_a_window_nobody_could_ever_keep_is_still_believed(cast: Cast) -> None:
    """An agent may agree to what the planner would not offer; mending says later that nobody can come."""
    cases, at = last_window(cast, 1)
    night = at.starts_at.replace(hour=20)
    assert not slots.is_given_away(cases[0], night, night + HOUR, now=dt.datetime.now(dt.UTC))
