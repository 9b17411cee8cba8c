"""What the demo's company has laid down besides the procedure: prices, planning, service levels, registrations, through the rooms' operations."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from baoxiu.cases import attachments
from baoxiu.catalogue.models import Unit
from baoxiu.catalogue.records import AcceptanceRecord, RegistrationRecord
from baoxiu.charges import operations as charges
from baoxiu.charges.records import HeadRecord, ItemList, ItemRecord, NewList, Publication
from baoxiu.dispatch import operations as dispatch
from baoxiu.dispatch.records import PolicyRecord
from baoxiu.faces.console.demo import pictures
from baoxiu.faces.console.demo.cast import Cast
from baoxiu.parts import operations as parts
from baoxiu.parts.records import HoldingRecord
from baoxiu.people import operations as people
from baoxiu.people.actors import ANONYMOUS, Actor
from baoxiu.people.models import Customer
from baoxiu.people.records import StaffTerritoryRecord, TerritoryRecord
from baoxiu.registrations import operations as registrations
from baoxiu.service_levels import operations as levels
from baoxiu.service_levels.records import ContractRecord
from baoxiu.sop.service_levels import Action, Book, Level, Target

# currency: tax rate, minimum, approval above, factor on the prices below
CURRENCIES = {"CNY": (13, 50, 2000, 1), "EUR": (21, 25, 600, "0.4"), "GBP": (20, 20, 500, "0.35")}
# code, kind, unit, Chinese, English, price in CNY
PRICES = (
    ("LAB-VISIT", "travel", "job", "上门费", "Call-out", 60),
    ("LAB-HOUR", "labour", "hour", "维修工时", "Labour", 120),
    ("LAB-CLEAN", "labour", "job", "清洗保养", "Cleaning", 150),
    ("PRT-PUMP", "part", "piece", "排水泵", "Drain pump", 180),
    ("PRT-BOARD", "part", "piece", "主控板", "Control board", 460),
    ("PRT-SEAL", "part", "piece", "密封圈", "Seal", 35),
)


# name of the policy → what differs from the usual values; the first is in use
POLICIES: dict[str, dict[str, int]] = {
    "日常": {"lunch_minutes": 45, "overtime_minutes": 30},
    "旺季": {"lunch_minutes": 30, "overtime_minutes": 120, "max_jobs": 10, "fairness": 20},
}


# part number, name, pieces in a van and in a stockroom
STOCK = (
    ("DR-PUMP-20", "排水泵", 1, 8), ("BELT-1260", "皮带 1260", 2, 12), ("CAP-12UF", "启动电容 12µF", 3, 20),
    ("SEAL-530", "门封圈 530", 1, 6), ("PCB-HQ254", "主控板 HQ-254", 0, 2), ("COMP-R600A", "压缩机 R600a", 0, 1),
)  # fmt: skip


def add_prices(by: Actor, now: dt.datetime, *, is_first: bool) -> None:
    """A version of each currency's list; the first has no minimum yet and no quote that needs approval."""
    for currency, (tax, minimum, approval, factor) in CURRENCIES.items():
        prices = charges.draft(NewList(currency=currency), by=by, now=now)
        limits = {} if is_first else {"minimum": Decimal(minimum), "approval_above": Decimal(approval)}
        head = HeadRecord(
            tax_rate=Decimal(tax), **limits,
            text="报价含税，有效期内不变。" if currency == "CNY" else "Prices include tax and hold until the quote ends.",
        )  # fmt: skip
        charges.save_head(prices, head, by=by, now=now)
        items = [
            ItemRecord(
                code=code, kind=kind, unit=unit, name=zh, name_en=en,
                price=(Decimal(price) * Decimal(factor)).quantize(Decimal(1)),
            )
            for code, kind, unit, zh, en, price in PRICES
        ]  # fmt: skip
        charges.load_items(prices, ItemList(items=items), by=by, now=now)
        charges.publish(prices, Publication(), by=by, now=now)


def lay_down(cast: Cast, now: dt.datetime) -> None:
    """By the manager."""
    by = cast.actors["chen"]
    add_planning(cast, by, now)
    add_prices(by, now, is_first=False)
    add_levels(by, now)
    for number, customer in enumerate(Customer.objects.filter(is_company=True).order_by("pk")[:3], 1):
        agreed = ContractRecord(
            customer=customer.pk,
            code=f"HT-{number:03d}",
            tier="gold",
            from_date=now.date().replace(month=1, day=1),
        )
        levels.save_contract(None, agreed, by=by, now=now)
    add_registrations(cast.actors["li"], now)


def add_planning(cast: Cast, by: Actor, now: dt.datetime) -> None:
    """Policies, and the engineers of each region in a territory of their own."""
    for name, differs in POLICIES.items():
        dispatch.save_policy(None, PolicyRecord(name=name, **differs), by=by, now=now)
    for station in cast.stations.values():
        record = TerritoryRecord(name=station.name, places=station.region)
        territory = people.save_territory(None, record, by=by, now=now)
        for engineer in cast.engineers_of(station.pk):
            joined = StaffTerritoryRecord(territory=territory.pk)
            people.join_territory(engineer, joined, by=by, now=now)
            for number, name, in_van, _ in STOCK[:4]:
                count = HoldingRecord(number=number, name=name, quantity=in_van)
                parts.count(engineer, count, by=by, now=now)
        for number, name, _, in_room in STOCK:
            parts.count(station, HoldingRecord(number=number, name=name, quantity=in_room), by=by, now=now)


def add_registrations(by: Actor, now: dt.datetime) -> None:
    """Products their owners register: one stands on record, one is new to us, one is somebody else's already."""
    taken = (
        Unit.objects.filter(model__isnull=False, customer__isnull=False).exclude(serial="").order_by("pk")[:1]
    )
    wanted = [("BX26110001", "马丽"), ("BX26110002", "周建国"), *((unit.serial, "郑洁") for unit in taken)]
    for i, (serial, name) in enumerate(wanted):
        proof = attachments.store(pictures.photo("appliance", i), by=ANONYMOUS, now=now)
        record = RegistrationRecord(
            serial=serial, product="滚筒洗衣机", purchase_date=now.date() - dt.timedelta(days=20 + i), dealer="徐汇家电城",
            name=name, phone=f"+86 199000077{i:02d}", email=f"owner{i}@example.com", consent=True, files=[proof.pk],
        )  # fmt: skip
        found = registrations.submit(record, by=ANONYMOUS, now=now, today=now.date(), channel="web")
        if not i:
            seen = AcceptanceRecord(product=found.product, serial=serial, purchase_date=found.purchase_date)
            registrations.accept(found, seen, by=by, now=now, today=now.date())


def add_levels(by: Actor, now: dt.datetime) -> None:
    levels.edit(_with_a_level, reason="公司客户合同", by=by, now=now)


def _with_a_level(book: Book) -> Book:
    gold = Level(
        code="gold", name_zh="金牌合同", name_en="Gold contract", tiers=("gold",),
        targets={
            "first_response": Target(minutes=60, inner_minutes=30, actions=(Action(at="breach", do="notify"),)),
            "dispatch": Target(minutes=120),
            "resolution": Target(minutes=3 * 1440, actions=(Action(at="warn", do="notify", to="manager"),)),
        },
    )  # fmt: skip
    return Book(calendars=book.calendars, tables=book.tables, levels=(*book.levels, gold))
