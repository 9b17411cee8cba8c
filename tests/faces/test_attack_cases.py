"""What an attacker or plain bad luck would try next, told from outside; found by an independent review."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from baoxiu.cases import links, steps
from baoxiu.cases.models import Case, Duty
from baoxiu.parts.models import Reservation
from baoxiu.people.models import Contact
from tests.conftest import Cast
from tests.faces.machine import Machine, machine, request_of
from tests.faces.portal import browser, filled
from tests.rooms.planning import ready
from tests.rooms.test_parts import count, needy
from tests.rooms.walking import ON_SITE, begin, refused

LAST = "\U0010ffff"
BEFORE_SURROGATES = "\ud7ff"


def _tracker(case: Case) -> Machine:
    return Machine(links.token_of(links.issue(case, "track", now=timezone.now())))


def test_it_never_tells_a_stranger_whose_phone_number_it_is(cast: Cast) -> None:
    cast.sun.account_manager = cast.staff["account_manager"]
    cast.sun.name = "CANARY-孙"
    cast.sun.save()
    sent = browser().post("/request/", filled(name="某人", phone="138 0013 8003"))
    assert sent.status_code == 302
    case = Case.objects.get(customer=cast.sun)
    answer = _tracker(case).get(f"/cases/{case.number}")
    assert answer.status_code == 200
    assert "CANARY" not in answer.content.decode()
    assert answer.json()["customer"] is None
    assert "林经理" not in answer.content.decode()


def test_it_keeps_colleagues_names_out_of_the_journal_of_outsiders(cast: Cast, now: dt.datetime) -> None:
    walk = begin(cast, now).steps(ON_SITE)
    told = _tracker(walk.case).get(f"/cases/{walk.case.number}/journal").content.decode()
    assert "张工" not in told and "周调度" not in told and "李客服" not in told


@pytest.mark.parametrize(
    "path",
    [
        "/u/a%00b/",
        "/desk/cases/a%00b/",
        "/desk/cases/?product=%00",
        "/desk/cases/?q=%00",
        "/desk/search/?q=a%00b",
        "/desk/phone/caller/?phone=13800%00",
        "/office/customers/?q=a%00b",
        "/office/units/?q=a%00b",
        "/office/models/?q=a%00b",
        "/cases/a%00b/service-sheet.pdf",
        "/t/a%00b/",
        "/invite/a%00b/",
        "/files/99999999999999999999999/",
        f"/office/units/?q={LAST}",
        f"/office/customers/?q=a@{LAST}",
        "/office/units/?q=%ED%9F%BF",
        "/office/customers/?q=a@%ED%9F%BF",
        "/office/customers/99999999999999999999999/",
        "/office/customers/?before=9999999999999999999",
        "/office/units/?before=9999999999999999999&model=99999999999999999999",
    ],
)
def test_it_answers_hostile_addresses_without_breaking(cast: Cast, path: str) -> None:
    assert cast.client("manager").get(path).status_code < 500


@pytest.mark.parametrize("path", ["/cases?product=%00", "/cases?q=%00", "/units?q=%F4%8F%BF%BF", "/customers?q=a@%F4%8F%BF%BF", "/units?q=%ED%9F%BF"])  # fmt: skip
def test_it_answers_hostile_queries_of_the_api_without_breaking(cast: Cast, path: str) -> None:
    assert machine(cast, "agent").get(path).status_code < 500


def test_it_refuses_the_serial_of_somebody_elses_unit_as_a_correction(cast: Cast, now: dt.datetime) -> None:
    cast.old_unit.customer = cast.sun
    cast.old_unit.save()
    no = refused(begin(cast, now), "correct", "agent", serial=cast.old_unit.serial, reason="看错了")
    assert no.field == "serial"


@pytest.mark.parametrize("address", ["@", "a@b@c", "a@b.cn, c@d.cn"])
def test_it_refuses_a_correction_to_something_that_is_no_address(
    cast: Cast, now: dt.datetime, address: str
) -> None:
    assert refused(begin(cast, now), "correct", "agent", email=address, reason="x").field == "email"


def test_asking_again_does_not_postpone_the_answer(cast: Cast, now: dt.datetime) -> None:
    walk = begin(cast, now)
    for step, kind in (("message", "response"), ("chase", "chase")):
        walk.step(step, "agent")
        due = Duty.objects.get(case=walk.case, kind=kind, outcome="open").due_at
        walk.wait(minutes=60).step(step, "agent")
        assert Duty.objects.get(case=walk.case, kind=kind, outcome="open").due_at == due
    assert walk.is_sound()


@pytest.mark.parametrize("day", [dt.date(9999, 12, 31), dt.date(1, 1, 1)])
def test_it_survives_the_ends_of_the_calendar(cast: Cast, now: dt.datetime, day: dt.date) -> None:
    walk = begin(cast, now).steps(ON_SITE).steps("diagnose")
    agent = cast.client("agent")
    wanted = {"part": "泵", "expected": day.isoformat()}
    assert machine(cast, "engineer").post(f"/cases/{walk.case.number}/parts-wait", wanted).status_code == 422
    number = walk.case.number
    for noun, body in (
        ("hold", {"reason": "customer", "until": day.isoformat(), "text": "x"}),
        ("correction", {"purchase_date": day.isoformat(), "reason": "x"}),
    ):
        assert agent.post(reverse("desk:step", args=[number, noun]), {**body, "key": noun}).status_code < 500
    assert agent.get(reverse("desk:case", args=[number])).status_code == 200


def test_it_survives_an_appointment_at_the_end_of_time(cast: Cast, now: dt.datetime) -> None:
    walk = begin(cast, now).steps("triage confirm assign accept")
    wanted = {"starts_at": "9999-12-31T20:00:00+00:00", "ends_at": "9999-12-31T22:00:00+00:00"}
    sent = machine(cast, "engineer").post(f"/cases/{walk.case.number}/appointment", wanted)
    assert sent.status_code == 422, sent.content
    assert cast.client("agent").get(reverse("desk:case", args=[walk.case.number])).status_code == 200
    assert cast.client("engineer").get("/field/").status_code == 200


def test_a_link_cannot_be_used_as_a_store_of_files_through_the_api(cast: Cast) -> None:
    cache.clear()
    case = Case.objects.get(number=request_of(cast.wang))
    token = _tracker(case).token
    codes = set()
    for i in range(62):
        file = SimpleUploadedFile("a.txt", f"text {i}".encode())
        answer = Client().post(
            "/api/attachments", {"file": file}, headers={"Authorization": f"Bearer {token}"}
        )
        codes.add(answer.status_code)
    assert codes == {201, 429}
    cache.clear()


def test_an_engineer_adds_no_contact_to_a_company_he_does_not_serve(cast: Cast) -> None:
    machine(cast, "engineer").post(
        "/cases", {"channel": "phone", "problem": "x", "company": cast.liu.name, "phone": "13911112222"}
    )
    assert not Contact.objects.filter(customer=cast.liu, value="+8613911112222").exists()


def test_an_engineer_takes_no_piece_from_a_shelf_that_is_not_his(cast: Cast, now: dt.datetime) -> None:
    ready(cast)
    walk = needy(cast, now)
    places = [cast.staff["engineer2"], cast.station2, cast.staff["engineer"], cast.station]
    held = [count(cast, now, place, 1).pk for place in places]
    walk.step("assign")
    case = walk.case
    path, by = f"/cases/{case.number}/reservations", machine(cast, "engineer")
    answers = [by.post(path, {"holding": pk, "quantity": 1}) for pk in (999_999, *held)]
    assert [a.status_code for a in answers] == [422, 422, 422, 201, 201]
    assert len({a.content for a in answers[:3]}) == 1  # as if it did not exist
    assert not Reservation.objects.filter(holding__in=held[:2]).exists()


def test_a_session_that_has_slept_too_long_opens_no_file(cast: Cast, now: dt.datetime) -> None:
    client = cast.client("agent")
    kept = client.post("/files/", {"file": SimpleUploadedFile("a.txt", b"text")}).json()
    assert client.get("/desk/").status_code == 200
    session = client.session
    session["seen"] = (timezone.now() - dt.timedelta(hours=3)).isoformat()
    session.save()
    assert client.get(f"/files/{kept['id']}/").status_code == 404


def test_only_an_open_case_takes_in_another(cast: Cast, now: dt.datetime) -> None:
    one, two = begin(cast, now), begin(cast, now)
    one.step("merge", "agent", into=two.case.number)
    assert refused(two, "merge", "agent", into=one.case.number).field == "into"


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time")
@pytest.mark.django_db(transaction=True)
def test_two_cases_are_never_merged_into_each_other(cast: Cast, now: dt.datetime) -> None:
    one, two = begin(cast, now), begin(cast, now)
    held, done = threading.Event(), threading.Event()

    def hold_still() -> None:
        with transaction.atomic():
            Case.objects.select_for_update().get(pk=two.case.pk)
            held.set()
            done.wait(10)
        connection.close()

    other = threading.Thread(target=hold_still)
    other.start()
    held.wait(10)
    try:
        with pytest.raises(steps.Conflict):
            one.step("merge", "agent", into=two.case.number)
    finally:
        done.set()
        other.join()
    one.case.refresh_from_db()
    assert one.case.is_open
