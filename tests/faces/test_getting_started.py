"""An empty installation says what to do next and ticks it off by what is really there."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone

from baoxiu.catalogue.models import ProductModel
from baoxiu.people import operations as people
from baoxiu.people.actors import SYSTEM
from baoxiu.people.models import Skill, Staff, Station
from baoxiu.people.records import StaffRecord
from tests.conftest import Cast
from tests.rooms import walking

pytestmark = pytest.mark.django_db


def ticks(page: str) -> dict[str, bool]:
    return {
        title: "is-there" in line
        for line, title in re.findall(r"<li( class=\"is-there\")?>.*?<b>(.*?)</b>", page, re.DOTALL)
    }


def first_administrator() -> Client:
    record = StaffRecord(name="何管理员", email="he@company.example", administrator=True, language="en")
    staff, _token = people.create_staff(record, by=SYSTEM, now=timezone.now())
    client = Client(headers={"accept-language": "en"})
    client.force_login(staff, backend="baoxiu.people.sessions.Backend")
    return client


def test_the_first_administrator_is_led_to_what_is_missing() -> None:
    client = first_administrator()
    assert client.get("/office/")["Location"] == "/office/start/"
    page = client.get("/office/start/").content.decode()
    assert "Still missing: Agent · Dispatcher · Service engineer · Manager." in page
    assert 'href="/office/staff/new/"' in page and not any(ticks(page).values())


def test_what_is_there_is_ticked_off_by_itself(settings) -> None:  # type: ignore[no-untyped-def]
    client = first_administrator()
    Station.objects.create(code="S1", name="站")
    assert (
        ticks(client.get("/office/start/").content.decode())["Name the stations, the skills and the teams"]
        is False
    )
    Skill.objects.create(code="s", name_en="s", name_zh="s")
    ProductModel.objects.create(code="M", name="机", product_class="appliance")
    settings.ORIGIN, settings.MAIL_CONFIGURED = "https://service.example.com", True
    Staff.objects.create_staff("a@company.example", "甲", ["agent", "dispatcher", "engineer", "manager"])
    done = ticks(client.get("/office/start/").content.decode())
    assert [title for title, is_done in done.items() if not is_done] == [
        "Publish a price list", "Agree service levels and the working calendar", "Register the first request",
    ]  # fmt: skip


def test_once_everything_needed_is_there_the_office_begins_with_the_day(cast: Cast, settings) -> None:  # type: ignore[no-untyped-def]
    settings.ORIGIN, settings.MAIL_CONFIGURED = "https://service.example.com", True
    assert cast.client("manager").get("/office/")["Location"] == "/office/start/"
    walking.begin(cast, timezone.now())
    assert cast.client("manager").get("/office/")["Location"] == "/office/dashboard/"
    assert cast.client("administrator").get("/office/")["Location"] == "/office/staff/"
    assert cast.client("agent").get("/office/")["Location"] == "/office/customers/"


def test_the_page_costs_a_handful_of_statements(cast: Cast, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    client = cast.client("manager")
    with django_assert_max_num_queries(13):
        client.get("/office/start/")
