"""The fixed cast of every test, and time that is passed, never slept."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from baoxiu.catalogue.models import ProductModel, Unit
from baoxiu.dispatch import kept
from baoxiu.people.actors import Actor
from baoxiu.people.models import Contact, Customer, Site, Skill, Staff, StaffSkill, Station
from baoxiu.people.sessions import SessionStore

NOW = dt.datetime(2026, 11, 2, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))
STAFF = {
    "agent": ("李客服", "agent"),
    "dispatcher": ("周调度", "dispatcher"),
    "engineer": ("张工", "engineer"),
    "engineer2": ("钱工", "engineer"),
    "station_head": ("赵站长", "station_head"),
    "station_head2": ("冯站长", "station_head"),
    "stock_keeper": ("吴仓管", "stock_keeper"),
    "account_manager": ("林经理", "account_manager"),
    "manager": ("陈主管", "manager"),
    "administrator": ("何管理员", "administrator"),
}


def session_of(staff: Staff) -> str:
    """The key of a fresh session: what signing in leaves behind, without its dozen statements."""
    said = {
        SESSION_KEY: str(staff.pk),
        BACKEND_SESSION_KEY: "baoxiu.people.sessions.Backend",
        HASH_SESSION_KEY: staff.get_session_auth_hash(),
        "seen": timezone.now().isoformat(),
    }
    key, ends = secrets.token_hex(16), timezone.now() + dt.timedelta(seconds=settings.SESSION_COOKIE_AGE)
    Session(session_key=key, session_data=SessionStore().encode(said), expire_date=ends).save(
        force_insert=True
    )
    return key


def signed_in(staff: Staff, language: str, **options: Any) -> Client:
    """A signed-in browser without JavaScript."""
    client = Client(headers={"accept-language": language}, **options)
    client.cookies[settings.SESSION_COOKIE_NAME] = session_of(staff)
    return client


@dataclass
class Cast:
    """王女士 (customer), 刘总 (company), 孙某 (stranger), and the staff by key."""

    staff: dict[str, Staff]
    wang: Customer
    liu: Customer
    sun: Customer
    unit: Unit  # 王女士's washing machine, in warranty
    old_unit: Unit  # out of warranty
    station: Station
    station2: Station
    clients: dict[str, Client] = field(default_factory=dict)

    def actor(self, who: str) -> Actor:
        return self.staff[who].actor()

    def client(self, who: str) -> Client:
        """A signed-in browser without JavaScript."""
        if who not in self.clients:
            self.clients[who] = signed_in(self.staff[who], "zh-CN")
        return self.clients[who]


@pytest.fixture
def now() -> dt.datetime:
    return NOW


@pytest.fixture
def cast(db: None) -> Cast:
    return build_cast()


def build_cast() -> Cast:
    """Of every kind all at once: most tests begin with this."""
    kept.forget()  # days of another test's database
    station, station2 = Station.objects.bulk_create([
        Station(code="SH1", name="上海一站", region="上海市", address="上海市徐汇区漕溪路1号", lat=31.18, lon=121.43),
        Station(code="BJ1", name="北京一站", region="北京市", address="北京市海淀区学院路2号", lat=39.98, lon=116.35),
    ])  # fmt: skip
    washing = Skill.objects.create(code="washing", name_en="Washing machines", name_zh="洗衣机")
    staff = dict(zip(STAFF, Staff.objects.bulk_create(_staff(station, station2)), strict=True))
    StaffSkill.objects.create(staff=staff["engineer"], skill=washing, level=3)
    model = ProductModel.objects.create(
        code="XQG100", name="滚筒洗衣机", brand="海清", product_class="appliance", skill=washing
    )
    wang, liu, sun = _customers(staff["account_manager"])
    unit, old_unit = Unit.objects.bulk_create(
        Unit(
            model=model,
            product="滚筒洗衣机",
            brand="海清",
            serial=serial,
            customer=wang,
            purchase_date=bought,
            created_at=NOW,
        )
        for serial, bought in (("SN-NEW-1", dt.date(2026, 5, 1)), ("SN-OLD-1", dt.date(2023, 5, 1)))
    )
    return Cast(staff, wang, liu, sun, unit, old_unit, station, station2)


def _staff(station: Station, station2: Station) -> Iterator[Staff]:
    for key, (name, role) in STAFF.items():
        second = key.endswith("2")
        member = Staff(
            email=f"{key}@example.com",
            name=name,
            station=(station2 if second else station)
            if role in ("engineer", "station_head", "stock_keeper")
            else None,
            region="北京市" if second else "上海市",
            lat=39.9 if second else 31.2,
            lon=116.4 if second else 121.5,
        )
        member.set_roles([role])
        member.set_password(None)
        yield member


def _customers(manager: Staff) -> list[Customer]:
    """Each with a phone, an e-mail address and a place."""
    made = Customer.objects.bulk_create([
        Customer(name="王女士", created_at=NOW),
        Customer(name="刘总贸易有限公司", is_company=True, created_at=NOW, account_manager=manager),
        Customer(name="孙某", created_at=NOW),
    ])  # fmt: skip
    contacts, sites = [], []
    for i, (key, customer) in enumerate(zip(("wang", "liu", "sun"), made, strict=True), 1):
        for kind, value in (("phone", f"+861380013800{i}"), ("email", f"{key}@example.com")):
            contacts.append(Contact(customer=customer, kind=kind, value=value, is_primary=True))
        sites.append(
            Site(
                customer=customer,
                province="上海市",
                city="上海市",
                district="徐汇区",
                street="天钥桥路10号",
                lat=31.19,
                lon=121.44,
            )
        )
    Contact.objects.bulk_create(contacts)
    Site.objects.bulk_create(sites)
    return made
