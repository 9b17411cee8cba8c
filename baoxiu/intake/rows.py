"""C4.1: a file of requests as rows, a row as a registration. Bad data is refused with its row number.

Row 1 is the first line under the header. A phone number that cannot be one is refused with its row,
also where there is an e-mail address: nothing told to us is dropped in silence.
"""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from baoxiu.sop import payloads
from baoxiu.sop.text import Text

NEEDED = ("created_at", "channel", "problem_text")
COLUMNS = (
    "request_no", "created_at", "timezone", "channel", "language", "contact_name", "contact_phone", "contact_email",
    "country", "province", "city", "district", "address", "lat", "lon", "product_line", "product_category",
    "product_category_zh", "brand", "model", "serial_no", "purchase_date", "suggested_mode", "kind_guess", "problem_text",
)  # fmt: skip
VENUES = {"onsite": "onsite", "mail-in": "depot", "depot": "depot"}
_FIELD_COLUMNS = {  # field of the payload → column it came from
    "problem": "problem_text", "kind": "kind_guess", "name": "contact_name", "phone": "contact_phone",
    "email": "contact_email", "serial": "serial_no", "product": "product_category", "product_class": "product_line",
    "reference": "request_no", "venue": "suggested_mode", "street": "address",
}  # fmt: skip


class BadFile(ValueError):
    """The file cannot be read as a table of requests; the message says why."""


class RowRefused(Exception):
    """One row cannot become a request: its number, the column, why."""

    def __init__(self, row: int, field: str, reason: Text) -> None:
        super().__init__(f"row {row}, {field}: {reason.en}")
        self.row, self.field, self.reason = row, field, reason


@dataclass(frozen=True, slots=True)
class Request:
    """A row ready to be registered."""

    row: int
    payload: payloads.Register
    created_at: dt.datetime


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Row number and row, one at a time. Raises BadFile."""
    try:
        with _open(path) as text:
            reader = csv.DictReader(text)
            missing = [c for c in NEEDED if c not in (reader.fieldnames or ())]
            if missing:
                raise BadFile(f"the header line lacks the columns: {', '.join(missing)}")
            for number, row in enumerate(reader, 1):
                yield number, {k: v for k, v in row.items() if isinstance(k, str) and isinstance(v, str)}
    except (OSError, EOFError, zlib.error) as error:
        raise BadFile(f"the file cannot be read: {error}") from error
    except UnicodeDecodeError as error:
        raise BadFile("the file is not UTF-8 text") from error
    except csv.Error as error:
        raise BadFile(f"the file is not a CSV table: {error}") from error


def _open(path: Path) -> io.TextIOBase:
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    if packed:
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def count(path: Path) -> int:
    """How many rows there are. Raises BadFile."""
    return sum(1 for _ in read(path))


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def request(number: int, row: Mapping[str, str], *, fallback_reference: str, now: dt.datetime) -> Request:
    """The registration a row asks for. Raises RowRefused naming the column."""
    given: dict[str, Any] = {
        "channel": _cell(row, "channel"),
        "kind": _cell(row, "kind_guess") or "repair",
        "problem": _cell(row, "problem_text"),
        "language": _cell(row, "language") or "zh",
        "name": _cell(row, "contact_name"),
        "phone": _cell(row, "contact_phone"),
        "email": _cell(row, "contact_email"),
        "address": _address(row),
        "serial": _cell(row, "serial_no"),
        "model": _cell(row, "model"),
        "product_class": _cell(row, "product_line") or "appliance",
        "product": _product(row),
        "brand": _cell(row, "brand"),
        "purchase_date": _cell(row, "purchase_date") or None,
        "venue": VENUES.get(_cell(row, "suggested_mode"), ""),
        "reference": _cell(row, "request_no") or fallback_reference,
    }
    try:
        payload = payloads.Register(**given)
    except ValidationError as error:
        raise _refused(number, error) from None
    return Request(number, payload, _created_at(number, row, now))


def _cell(row: Mapping[str, str], column: str) -> str:
    return row.get(column, "").strip()


def _product(row: Mapping[str, str]) -> str:
    """The product in the language of the request."""
    zh, en = _cell(row, "product_category_zh"), _cell(row, "product_category")
    return (zh or en) if _cell(row, "language") == "zh" else (en or zh)


def _address(row: Mapping[str, str]) -> dict[str, Any] | None:
    """The address without what its other columns say already."""
    place = {name: _cell(row, name) for name in ("province", "city", "district")}
    street = _cell(row, "address")
    for part in place.values():
        street = street.removeprefix(part).strip(" ,，")
    if not street and not any(place.values()) and not _cell(row, "country"):
        return None
    return {
        "country": _cell(row, "country") or "CN",
        **place,
        "street": street,
        "lat": _cell(row, "lat") or None,
        "lon": _cell(row, "lon") or None,
    }


def _created_at(number: int, row: Mapping[str, str], now: dt.datetime) -> dt.datetime:
    """The wall time in the row's own zone (Asia/Shanghai where none is named)."""
    try:
        moment = dt.datetime.fromisoformat(_cell(row, "created_at"))
    except ValueError:
        raise RowRefused(
            number,
            "created_at",
            Text("This is not a time (2026-01-31T09:30:00).", "不是时间（如 2026-01-31T09:30:00）。"),
        ) from None
    if moment.tzinfo is None:
        try:
            moment = moment.replace(tzinfo=_zone(_cell(row, "timezone") or "Asia/Shanghai"))
        except (ValueError, OSError, LookupError):
            raise RowRefused(
                number, "timezone", Text("There is no such time zone.", "没有这个时区。")
            ) from None
    if moment > now or moment.year < 1990:
        raise RowRefused(
            number, "created_at", Text("It lies in the future or too long ago.", "时间晚于现在或过于久远。")
        )
    return moment


def _refused(number: int, error: ValidationError) -> RowRefused:
    """The first complaint, with the file's own column name."""
    first = error.errors(include_url=False, include_input=False)[0]
    name = next((str(part) for part in reversed(first["loc"]) if isinstance(part, str)), "")
    message = first["msg"].removeprefix("Value error, ")[:200]
    if not name:
        return RowRefused(number, "contact_name", Text(message, "需要电话、邮箱或姓名。"))
    return RowRefused(number, _FIELD_COLUMNS.get(name, name), Text(message, f"内容不符合要求（{message}）"))


def column_refused(number: int, field: str, reason: Text) -> RowRefused:
    """A refusal of the registration, with the file's own column name."""
    return RowRefused(number, _FIELD_COLUMNS.get(field, field), reason)
