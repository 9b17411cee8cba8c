"""C9: colleagues and keys."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from baoxiu.people import operations, queries, records
from baoxiu.people.actors import ANONYMOUS, SYSTEM
from baoxiu.people.models import Absence, ApiKey, Skill, Staff, StaffSkill, Station

PASSWORD = "correct-horse-42"


def staff_record(**more):
    return records.StaffRecord(**{"name": "新同事", "email": "New@Example.com", "agent": True, **more})


def test_a_colleague_is_invited_and_sets_the_password_once(cast, now):
    staff, token = operations.create_staff(staff_record(), by=cast.actor("administrator"), now=now)
    assert staff.email == "new@example.com" and not staff.has_usable_password()
    assert operations.invited(token, now=now) == staff
    with pytest.raises(ValidationError):
        operations.accept_invitation(token, "short", now=now)
    assert operations.accept_invitation(token, PASSWORD, now=now).check_password(PASSWORD)
    with pytest.raises(operations.InvitationUnusable):
        operations.accept_invitation(token, PASSWORD, now=now)


def test_an_invitation_ends_after_a_week_and_with_a_newer_one(cast, now):
    staff, first = operations.create_staff(staff_record(), by=SYSTEM, now=now)
    second = operations.invite(staff, by=SYSTEM, now=now)
    with pytest.raises(operations.InvitationUnusable):
        operations.invited(first, now=now)
    assert operations.invited(second, now=now + dt.timedelta(days=6))
    for token, moment in ((second, now + dt.timedelta(days=7)), ("x" * 500, now), ("", now), ("\ud800", now)):
        with pytest.raises(operations.InvitationUnusable):
            operations.invited(token, now=moment)


@pytest.mark.parametrize("who", ["agent", "dispatcher", "manager", "engineer", "account_manager"])
def test_only_an_administrator_changes_staff_stations_and_keys(cast, now, who):
    by, agent = cast.actor(who), cast.staff["agent"]
    key = records.KeyRecord(name="x", staff=agent.pk)
    station = records.StationRecord(code="GZ1", name="广州一站")
    for attempt in (
        lambda: operations.create_staff(staff_record(), by=by, now=now),
        lambda: operations.update_staff(agent, staff_record(), by=by, now=now),
        lambda: operations.deactivate(agent, by=by, now=now),
        lambda: operations.reactivate(agent, by=by, now=now),
        lambda: operations.invite(agent, by=by, now=now),
        lambda: operations.create_key(key, by=by, now=now),
        lambda: operations.save_station(None, station, by=by, now=now),
        lambda: operations.save_team(None, records.TeamRecord(name="t"), by=by, now=now),
    ):
        with pytest.raises(operations.Denied):
            attempt()
    assert not ApiKey.objects.exists() and Station.objects.count() == 2
    assert queries.keys(by) == []


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("email", {"email": "nobody"}),
        ("email", {"email": "AGENT@example.com"}),
        ("agent", {"agent": False}),
        ("station", {"station": 9999}),
        ("station", {"station_head": True}),
        ("team", {"team": 9999}),
        ("phone", {"phone": "12"}),
    ],
)
def test_a_staff_record_that_cannot_stand_is_refused_by_field(cast, now, field, more):
    before = Staff.objects.count()
    with pytest.raises(operations.Invalid) as invalid:
        operations.create_staff(staff_record(**more), by=cast.actor("administrator"), now=now)
    assert invalid.value.field == field
    assert Staff.objects.count() == before


def test_who_is_deactivated_loses_sessions_and_keys_at_once(cast, now):
    staff, token = operations.create_staff(staff_record(manager=True), by=SYSTEM, now=now)
    operations.accept_invitation(token, PASSWORD, now=now)
    staff.refresh_from_db()
    key, _ = operations.create_key(records.KeyRecord(name="脚本", staff=staff.pk), by=SYSTEM, now=now)
    client = Client()
    client.force_login(staff, backend="baoxiu.people.sessions.Backend")
    assert client.session["_auth_user_id"] == str(staff.pk)
    operations.deactivate(staff, by=cast.actor("administrator"), now=now)
    key.refresh_from_db()
    assert key.revoked_at == now
    token = operations.reactivate(staff, by=cast.actor("administrator"), now=now)
    assert client.get("/accounts/password/change/").status_code == 302  # the old session does not come back
    assert operations.invited(token, now=now) == staff


def test_there_is_always_an_administrator_and_nobody_deactivates_himself(cast, now):
    admin = cast.staff["administrator"]
    with pytest.raises(operations.Invalid):
        operations.deactivate(admin, by=admin.actor(), now=now)
    with pytest.raises(operations.Invalid):
        operations.deactivate(admin, by=SYSTEM, now=now)
    with pytest.raises(operations.Invalid) as invalid:
        operations.update_staff(admin, staff_record(email=admin.email), by=admin.actor(), now=now)
    assert invalid.value.field == "administrator"
    admin.refresh_from_db()
    assert admin.is_active and "administrator" in admin.role_set


def test_a_key_is_told_once_and_belongs_to_a_colleague_or_a_company(cast, now):
    admin = cast.actor("administrator")
    key, token = operations.create_key(records.KeyRecord(name="ERP", customer=cast.liu.pk), by=admin, now=now)
    assert token.startswith("bx_") and token not in key.token_hash and len(key.token_hash) == 64
    for record in (
        records.KeyRecord(name="both", customer=cast.liu.pk, staff=cast.staff["agent"].pk),
        records.KeyRecord(name="none"),
        records.KeyRecord(name="a person", customer=cast.wang.pk),
        records.KeyRecord(name="nobody", staff=99999),
    ):
        with pytest.raises(operations.Invalid):
            operations.create_key(record, by=admin, now=now)
    operations.revoke_key(key, by=admin, now=now)
    assert [k.revoked_at for k in queries.keys(admin)] == [now]


def test_absences_and_skills_are_kept(cast, now, django_assert_max_num_queries):
    engineer, by = cast.staff["engineer"], cast.actor("dispatcher")
    week = {"from_date": "2026-11-02", "until_date": "2026-11-09"}
    absence = operations.add_absence(engineer, records.AbsenceRecord(**week), by=by, now=now)
    assert queries.absences(by, today=now.date()) == [absence]
    assert queries.absences(by, today=dt.date(2026, 11, 9)) == []
    for bad in ({"until_date": "2026-11-02"}, {"until_date": "2036-11-02"}):
        with pytest.raises(operations.Invalid):
            operations.add_absence(engineer, records.AbsenceRecord(**{**week, **bad}), by=by, now=now)
    operations.remove_absence(absence, by=by, now=now)
    assert not Absence.objects.exists()
    skill = Skill.objects.get(code="washing")
    record = records.StaffSkillRecord(skill=skill.pk, level=5, valid_until="2027-01-01")
    operations.set_skill(engineer, record, by=cast.actor("manager"), now=now)
    assert StaffSkill.objects.get(staff=engineer).level == 5
    with django_assert_max_num_queries(2):
        [found] = [s for s in queries.staff(by, role="engineer") if s == engineer]
    assert found.skills.all()[0].skill == skill


def test_a_station_with_colleagues_stays_in_use(cast, now):
    record = records.StationRecord(code="SH1", name="上海一站", is_active=False)
    with pytest.raises(operations.Invalid) as invalid:
        operations.save_station(cast.station, record, by=cast.actor("administrator"), now=now)
    assert invalid.value.field == "is_active"


def test_colleagues_are_read_only_by_those_who_need_to(cast):
    assert queries.staff(ANONYMOUS) == [] == queries.staff(cast.actor("engineer"))
    assert len(queries.staff(cast.actor("manager"))) == 10
    with pytest.raises(Staff.DoesNotExist):
        queries.colleague(cast.actor("engineer"), cast.staff["agent"].pk)
