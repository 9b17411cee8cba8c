"""The fixed cast of every test, and time that is passed, never slept."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import pytest
from django.test import Client

from baoxiu.catalogue.models import ProductModel, Unit
from baoxiu.dispatch import kept
from baoxiu.people.actors import Actor
from baoxiu.people.models import Contact, Customer, Site, Skill, Staff, StaffSkill, Station

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
            client = Client(headers={"accept-language": "zh-CN"})
            client.force_login(self.staff[who], backend="baoxiu.people.sessions.Backend")
            self.clients[who] = client
        return self.clients[who]


@pytest.fixture
def now() -> dt.datetime:
    return NOW


@pytest.fixture
def cast(db: None) -> Cast:
    return build_cast()


def build_cast() -> Cast:
    kept.forget()  # days of another test's database
    station = Station.objects.create(
        code="SH1", name="上海一站", region="上海市", address="上海市徐汇区漕溪路1号", lat=31.18, lon=121.43
    )
    station2 = Station.objects.create(
        code="BJ1", name="北京一站", region="北京市", address="北京市海淀区学院路2号", lat=39.98, lon=116.35
    )
    washing = Skill.objects.create(code="washing", name_en="Washing machines", name_zh="洗衣机")
    staff = {}
    for key, (name, role) in STAFF.items():
        second = key.endswith("2")
        staff[key] = Staff.objects.create_staff(
            f"{key}@example.com",
            name,
            [role],
            None,
            station=(station2 if second else station)
            if role in ("engineer", "station_head", "stock_keeper")
            else None,
            region="北京市" if second else "上海市",
            lat=39.9 if second else 31.2,
            lon=116.4 if second else 121.5,
        )
    StaffSkill.objects.create(staff=staff["engineer"], skill=washing, level=3)
    model = ProductModel.objects.create(
        code="XQG100", name="滚筒洗衣机", brand="海清", product_class="appliance", skill=washing
    )
    wang, liu, sun = _customers()
    liu.account_manager = staff["account_manager"]
    liu.save()
    unit, old_unit = (
        Unit.objects.create(
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


def _customers() -> list[Customer]:
    """Each with a phone, an e-mail address and a place."""
    made = []
    for key, name, company, phone in (
        ("wang", "王女士", False, "+8613800138001"),
        ("liu", "刘总贸易有限公司", True, "+8613800138002"),
        ("sun", "孙某", False, "+8613800138003"),
    ):
        customer = Customer.objects.create(name=name, is_company=company, created_at=NOW)
        Contact.objects.create(customer=customer, kind="phone", value=phone, is_primary=True)
        Contact.objects.create(customer=customer, kind="email", value=f"{key}@example.com", is_primary=True)
        Site.objects.create(
            customer=customer,
            province="上海市",
            city="上海市",
            district="徐汇区",
            street="天钥桥路10号",
            lat=31.19,
            lon=121.44,
        )
        made.append(customer)
    return made
