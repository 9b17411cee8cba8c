"""C9: colleagues come by invitation, change, go. Who goes loses sessions and keys in the same moment."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from baoxiu.lib import phones
from baoxiu.people.actors import Actor
from baoxiu.people.models import Absence, ApiKey, Invitation, Skill, Staff, StaffSkill, Station, Team
from baoxiu.people.records import AbsenceRecord, StaffRecord, StaffSkillRecord
from baoxiu.people.rules import STAFF_KEEPERS, Invalid, need

INVITATION_DAYS = 7
WITH_STATION = frozenset({"station_head", "stock_keeper"})


class InvitationUnusable(Exception):
    """The link was used, is too old, was replaced by a newer one, or never existed."""


@transaction.atomic
def create_staff(record: StaffRecord, *, by: Actor, now: dt.datetime) -> tuple[Staff, str]:
    """The new colleague and the token of the invitation, told once. Raises Denied, Invalid."""
    need(by, *STAFF_KEEPERS)
    staff = Staff()
    _fill(staff, record)
    staff.set_unusable_password()
    staff.save()
    return staff, invite(staff, by=by, now=now)


@transaction.atomic
def update_staff(staff: Staff, record: StaffRecord, *, by: Actor, now: dt.datetime) -> Staff:
    """Raises Denied, Invalid; the last administrator stays one."""
    need(by, *STAFF_KEEPERS)
    staff = Staff.objects.select_for_update().get(pk=staff.pk)
    if "administrator" in staff.role_set and "administrator" not in record.roles:
        _keep_an_administrator(staff, "administrator")
    _fill(staff, record)
    staff.save()
    return staff


def _fill(staff: Staff, record: StaffRecord) -> None:
    email = record.email.lower()
    try:
        validate_email(email)
    except ValidationError:
        raise Invalid("email", "E-mail: this is not an address.", "邮箱：地址不正确。") from None
    if Staff.objects.filter(email=email).exclude(pk=staff.pk).exists():
        raise Invalid("email", "E-mail: somebody has this address already.", "邮箱：已有人使用该地址。")
    if not record.roles:
        raise Invalid("agent", "Roles: choose at least one.", "角色：至少选择一个。")
    station = Station.objects.filter(pk=record.station, is_active=True).first() if record.station else None
    if record.station and station is None:
        raise Invalid("station", "Station: there is none with this id.", "站点：没有这个站点。")
    if station is None and WITH_STATION & set(record.roles):
        raise Invalid("station", "Station: this role needs one.", "站点：该角色必须有站点。")
    team = Team.objects.filter(pk=record.team).first() if record.team else None
    if record.team and team is None:
        raise Invalid("team", "Team: there is none with this id.", "团队：没有这个团队。")
    staff.email, staff.name, staff.language = email, record.name, record.language
    staff.phone = _phone(record.phone)
    staff.station, staff.team, staff.region = station, team, record.region
    staff.lat, staff.lon = record.latitude, record.longitude
    staff.set_roles(record.roles)


def _phone(text: str) -> str:
    if not text:
        return ""
    try:
        return phones.normalise(text)
    except ValueError:
        raise Invalid("phone", "Phone: this is not a phone number.", "电话：号码不正确。") from None


def _keep_an_administrator(staff: Staff, field: str) -> None:
    others = Staff.objects.with_role("administrator").select_for_update().exclude(pk=staff.pk)
    if not others.exists():
        raise Invalid(field, "There must be another administrator first.", "必须先有另一位管理员。")


@transaction.atomic
def deactivate(staff: Staff, *, by: Actor, now: dt.datetime) -> None:
    """Nothing of theirs works any more: password, sessions, keys, invitations. Raises Denied, Invalid."""
    need(by, *STAFF_KEEPERS)
    if by.staff_id == staff.pk:
        raise Invalid("", "You cannot deactivate yourself.", "不能停用自己。")
    staff = Staff.objects.select_for_update().get(pk=staff.pk)
    if "administrator" in staff.role_set:
        _keep_an_administrator(staff, "")
    staff.is_active = False
    staff.set_unusable_password()  # a session is bound to the password: every one of theirs ends
    staff.save(update_fields=["is_active", "password"])
    ApiKey.objects.filter(staff=staff, revoked_at=None).update(revoked_at=now)
    Invitation.objects.filter(staff=staff, used_at=None).update(used_at=now)


def reactivate(staff: Staff, *, by: Actor, now: dt.datetime) -> str:
    """Back again, with a new invitation: its token. Keys stay revoked."""
    need(by, *STAFF_KEEPERS)
    Staff.objects.filter(pk=staff.pk).update(is_active=True)
    staff.is_active = True
    return invite(staff, by=by, now=now)


# -- invitations -------------------------------------------------------------------------------


@transaction.atomic
def invite(staff: Staff, *, by: Actor, now: dt.datetime) -> str:
    """A token for setting the password, told once, good for a week; earlier ones end. Raises Denied, Invalid."""
    need(by, *STAFF_KEEPERS)
    if not staff.is_active:
        raise Invalid("", "This colleague is not active.", "该员工已停用。")
    Invitation.objects.filter(staff=staff, used_at=None).update(used_at=now)
    token = secrets.token_urlsafe(32)
    expires = now + dt.timedelta(days=INVITATION_DAYS)
    Invitation.objects.create(staff=staff, token_hash=_hash(token), expires_at=expires)
    return token


def _hash(token: str) -> str:
    return hashlib.sha256(token[:200].encode("utf-8", "surrogatepass")).hexdigest()


def _usable(token: str, now: dt.datetime) -> Invitation:
    found = (
        Invitation.objects.select_related("staff")
        .filter(token_hash=_hash(token), used_at=None, expires_at__gt=now, staff__is_active=True)
        .first()
    )
    if found is None:
        raise InvitationUnusable
    return found


def invited(token: str, *, now: dt.datetime) -> Staff:
    """Whom the link invites. Raises InvitationUnusable."""
    return _usable(token, now).staff


@transaction.atomic
def accept_invitation(token: str, password: str, *, now: dt.datetime) -> Staff:
    """Sets the password; the link is used up. Raises InvitationUnusable, django's ValidationError."""
    invitation = _usable(token, now)
    staff = invitation.staff
    validate_password(password, staff)
    if not Invitation.objects.filter(pk=invitation.pk, used_at=None).update(used_at=now):
        raise InvitationUnusable
    staff.set_password(password)
    staff.save(update_fields=["password"])
    return staff


# -- absence and skills ------------------------------------------------------------------------


def add_absence(staff: Staff, record: AbsenceRecord, *, by: Actor, now: dt.datetime) -> Absence:
    """Away from the first day until the day before the first day back. Raises Denied, Invalid."""
    need(by, *STAFF_KEEPERS, "dispatcher", "manager")
    if record.until_date <= record.from_date:
        raise Invalid(
            "until_date", "First day back: it must lie after the first day away.", "返岗日：必须晚于开始日。"
        )
    if record.until_date - record.from_date > dt.timedelta(days=731):
        raise Invalid("until_date", "First day back: at most two years later.", "返岗日：最多两年以内。")
    return Absence.objects.create(
        staff=staff, from_date=record.from_date, until_date=record.until_date, reason=record.reason
    )


def remove_absence(absence: Absence, *, by: Actor, now: dt.datetime) -> None:
    need(by, *STAFF_KEEPERS, "dispatcher", "manager")
    absence.delete()


def set_skill(staff: Staff, record: StaffSkillRecord, *, by: Actor, now: dt.datetime) -> StaffSkill:
    """C5.3: level and certificate of one skill; what was on record for it is replaced."""
    need(by, *STAFF_KEEPERS, "manager")
    skill = Skill.objects.filter(pk=record.skill).first()
    if skill is None:
        raise Invalid("skill", "Skill: there is none with this id.", "技能：没有这项技能。")
    made, _ = StaffSkill.objects.update_or_create(
        staff=staff, skill=skill, defaults={"level": record.level, "valid_until": record.valid_until}
    )
    return made


def remove_skill(skill: StaffSkill, *, by: Actor, now: dt.datetime) -> None:
    need(by, *STAFF_KEEPERS, "manager")
    skill.delete()
