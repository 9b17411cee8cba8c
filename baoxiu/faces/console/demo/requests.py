"""The requests that ship with the demo, one row each; more are made of them with other customers."""

from __future__ import annotations

import csv
import hashlib
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from baoxiu.sop.dispatch import distance_km

FILE = Path(__file__).resolve().parents[3] / "demo_data" / "requests.csv"


@dataclass(frozen=True, slots=True)
class Row:
    no: str
    source: str
    source_id: str
    channel: str
    kind: str
    language: str
    country: str
    province: str
    city: str
    district: str
    street: str
    lat: str
    lon: str
    name: str
    company: str
    phone: str
    email: str
    product_class: str
    product: str
    model: str
    brand: str
    serial: str
    months_owned: str
    venue: str
    problem: str


# where the demo's engineers are: province, city, districts, latitude, longitude
Town = tuple[str, str, tuple[str, ...], float, float]
TOWNS: dict[str, tuple[Town, ...]] = {
    "CN": (
        ("上海市", "上海市", ("徐汇区", "闵行区", "长宁区", "静安区"), 31.17, 121.43),
        ("北京市", "北京市", ("海淀区", "朝阳区", "西城区", "丰台区"), 39.96, 116.34),
        ("广东省", "广州市", ("天河区", "越秀区", "海珠区", "白云区"), 23.13, 113.33),
        ("四川省", "成都市", ("武侯区", "青羊区", "锦江区", "成华区"), 30.64, 104.08),
    ),
    "GB": (("", "London", ("Camden", "Islington", "Hackney"), 51.54, -0.14),),
    "": (("", "Utrecht", ("Centrum", "Oost", "West"), 52.09, 5.13),),
}
VISITED_KM, SPREAD = 60, 0.09  # how far an engineer goes; degrees around a station


def shipped() -> list[Row]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return [_within_reach(Row(**row)) for row in csv.DictReader(file)]


def _within_reach(row: Row) -> Row:
    """Who is visited lives in a town with engineers; what is sent in comes from anywhere."""
    towns = TOWNS.get(row.country, TOWNS[""])
    here = (float(row.lat), float(row.lon)) if row.lat and row.lon else None
    if row.venue == "depot" or (here and any(distance_km(here, town[3:]) < VISITED_KM for town in towns)):
        return row
    return moved(row, towns)


def moved(row: Row, towns: Sequence[Town]) -> Row:
    """The same request from an address in one of these towns."""
    chance = random.Random(row.no)
    province, city, districts, lat, lon = chance.choice(towns)
    return replace(
        row, country=row.country if row.country in TOWNS else "NL", province=province, city=city, district=chance.choice(districts),
        lat=f"{lat + chance.uniform(-SPREAD, SPREAD):.5f}", lon=f"{lon + chance.uniform(-SPREAD, SPREAD):.5f}",
    )  # fmt: skip


def many(number: int) -> Iterator[Row]:
    """As many as wanted: after the shipped ones, the same troubles of other made-up people."""
    rows = shipped()
    for i in range(number):
        row = rows[i % len(rows)]
        yield row if i < len(rows) else _another(row, i)


def _another(row: Row, i: int) -> Row:
    digits = f"{i % 1_000_000:06d}"
    return replace(
        row,
        no=str(i + 1),
        phone=f"+86 19900{digits}" if row.country == "CN" else "",
        email=f"demo{digits}@example.com",
        serial="BX" + hashlib.sha256(f"demo-copy-{i}".encode()).hexdigest()[:8].upper(),
        company=f"{row.company}（{i}）" if row.company else "",
    )
