"""The requests that ship with the demo, one row each; more are made of them with other customers."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

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


def shipped() -> list[Row]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return [Row(**row) for row in csv.DictReader(file)]


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
