"""C9: keys for machines. The token is told once; only its hash is kept."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from baoxiu.people.actors import Actor
from baoxiu.people.models import ApiKey, Customer, Staff
from baoxiu.people.records import KeyRecord
from baoxiu.people.rules import STAFF_KEEPERS, Invalid, need


def create_key(record: KeyRecord, *, by: Actor, now: dt.datetime) -> tuple[ApiKey, str]:
    """The key and its token. Raises Denied, Invalid."""
    need(by, *STAFF_KEEPERS)
    if bool(record.staff) == bool(record.customer):
        raise Invalid(
            "staff", "Choose either a colleague or a company.", "请选择一位员工或一家公司（二选一）。"
        )
    staff = Staff.objects.filter(pk=record.staff, is_active=True).first() if record.staff else None
    if record.staff and staff is None:
        raise Invalid("staff", "There is no such active colleague.", "没有这位在职员工。")
    company = (
        Customer.objects.filter(pk=record.customer, is_company=True).first() if record.customer else None
    )
    if record.customer and company is None:
        raise Invalid("customer", "There is no such company.", "没有这家公司。")
    token = f"bx_{secrets.token_urlsafe(32)}"
    key = ApiKey.objects.create(
        name=record.name,
        staff=staff,
        customer=company,
        token_hash=hashlib.sha256(token.encode()).hexdigest(),
        created_at=now,
    )
    return key, token


def revoke_key(key: ApiKey, *, by: Actor, now: dt.datetime) -> None:
    """At once and for good."""
    need(by, *STAFF_KEEPERS)
    ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now)
