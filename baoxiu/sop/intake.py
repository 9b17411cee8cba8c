"""C4.1: hints that a request may be about something already under way. A hint never merges anything."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from baoxiu.sop.similarity import similarity
from baoxiu.sop.text import Text

WINDOW_DAYS = 30
_SERIAL, _CUSTOMER, _WORDS = 50, 30, 20  # points out of 100


@dataclass(frozen=True, slots=True)
class Request:
    """What the rule looks at: the new request, or an earlier open case under its number."""

    text: str
    created_date: dt.date
    customer_id: int | None = None
    phone: str = ""
    serial: str = ""
    number: str = ""
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class Hint:
    number: str
    score: int  # 30 … 100
    reasons: tuple[Text, ...]


def duplicate_hints(request: Request, earlier: Iterable[Request]) -> list[Hint]:
    """Open cases of the last 30 days by the same customer, phone or serial; the likeliest first."""
    found = [h for other in earlier if (h := _hint(request, other))]
    return sorted(found, key=lambda h: (-h.score, h.number))


def _hint(request: Request, other: Request) -> Hint | None:
    days = (request.created_date - other.created_date).days
    same_serial = bool(request.serial) and _key(request.serial) == _key(other.serial)
    same_customer = request.customer_id is not None and request.customer_id == other.customer_id
    same_phone = bool(request.phone) and request.phone == other.phone
    if not other.is_open or not 0 <= days <= WINDOW_DAYS or not (same_serial or same_customer or same_phone):
        return None
    alike = similarity(request.text, other.text)
    reasons: list[Text] = []
    if same_serial:
        reasons.append(Text("same serial number", "序列号相同"))
    if same_customer:
        reasons.append(Text("same customer", "客户相同"))
    elif same_phone:
        reasons.append(Text("same phone number", "电话相同"))
    if alike >= 0.3:
        reasons.append(Text(f"{alike:.0%} the same words", f"描述相似度{alike:.0%}"))
    reasons.append(Text(f"{days} days ago", f"{days}天前") if days else Text("today", "今天"))
    person = same_customer or same_phone
    score = _SERIAL * same_serial + _CUSTOMER * person + round(_WORDS * alike)
    return Hint(other.number, score, tuple(reasons))


def _key(serial: str) -> str:
    return "".join(c for c in serial.casefold() if c.isalnum())
