"""Rows of a file somebody sent: CSV (also gzipped) or a spreadsheet, one way to read them, within bounds.

Row 1 is the first line under the header. Cells are text, as a person sees them; a date is written
2026-11-02. Nothing in a file is run, fetched or believed.
"""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from baoxiu.lib import csvsafe

MAX_BYTES = 200_000_000  # of a file, unpacked
MAX_ROWS = 1_000_000
MAX_CELL = 10_000
EMPTY_ROWS = 10_000  # so many empty ones end a table
_PART = 1 << 20

Row = dict[str, str]


class BadTable(ValueError):
    """The file cannot be read as a table; the message says why."""


def read(path: Path) -> Iterator[tuple[int, Row]]:
    """Row number and row by the header's names, one at a time; empty rows are passed over. Raises BadTable."""
    header: list[str] = []
    number = empty = 0
    for cells in _cells(path):
        if not header:
            header = [cell.strip().lower() for cell in cells]
            if len(set(filter(None, header))) < len(list(filter(None, header))):
                raise BadTable("a column's name stands twice in the header line")
            continue
        number += 1
        if number > MAX_ROWS:
            raise BadTable(f"more than {MAX_ROWS:,} rows")
        if not any(cells):
            empty += 1
            if empty > EMPTY_ROWS:
                return
            continue
        empty = 0
        if any(len(cell) > MAX_CELL for cell in cells):
            raise BadTable(f"row {number} holds a cell of more than {MAX_CELL:,} characters")
        yield number, {name: value for name, value in zip(header, cells, strict=False) if name}
    if not header:
        raise BadTable("it is empty")


def _cells(path: Path) -> Iterator[list[str]]:
    try:
        with path.open("rb") as file:
            magic = file.read(8)
        if magic.startswith(b"PK"):
            yield from _sheet(path)
        elif magic.startswith(b"\xd0\xcf\x11\xe0"):
            raise BadTable(
                "it is an old or a locked spreadsheet; save it as .xlsx without a password, or as CSV"
            )
        else:
            with _text(path, magic) as text:
                yield from _lines(text)
    except (OSError, EOFError, zlib.error) as error:
        raise BadTable(f"it cannot be read: {error}") from error
    except UnicodeDecodeError as error:
        raise BadTable("it is neither UTF-8 nor GB 18030 text") from error
    except csv.Error as error:
        raise BadTable(f"it is not a table: {error}") from error


# -- CSV ---------------------------------------------------------------------------------------


@contextmanager
def _text(path: Path, magic: bytes) -> Iterator[IO[str]]:
    """The text, whichever of the two encodings it is written in."""
    start = (gzip.open if magic.startswith(b"\x1f\x8b") else open)(path, "rb")
    with start as raw:
        part = _bounded(raw)
    encoding = "utf-8-sig"
    try:
        part.decode(encoding)
    except UnicodeDecodeError:
        encoding = "gb18030"
    yield io.StringIO(part.decode(encoding), newline="")


def _bounded(raw: Any) -> bytes:
    found = bytearray()
    while chunk := raw.read(_PART):
        found += chunk
        if len(found) > MAX_BYTES:
            raise BadTable(f"it is larger than {MAX_BYTES // 1_000_000} MB")
    return bytes(found)


def _lines(text: IO[str]) -> Iterator[list[str]]:
    first = text.readline()
    text.seek(0)
    delimiter = max(",;\t", key=first.count)
    if "\0" in first:
        raise BadTable("it is not a table")
    for row in csv.reader(text, delimiter=delimiter):
        yield [csvsafe.restored(cell.strip()) for cell in row]


# -- spreadsheet -------------------------------------------------------------------------------


def _sheet(path: Path) -> Iterator[list[str]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with zipfile.ZipFile(path) as packed:
            if sum(part.file_size for part in packed.infolist()) > MAX_BYTES:
                raise BadTable(f"unpacked it is larger than {MAX_BYTES // 1_000_000} MB")
            if "[Content_Types].xml" not in packed.namelist():
                raise BadTable("it is no spreadsheet")
        book = CalamineWorkbook.from_path(path)
        for row in book.get_sheet_by_index(0).iter_rows():
            yield [_shown(value) for value in row]
    except (zipfile.BadZipFile, CalamineError, IndexError, NotImplementedError) as error:
        raise BadTable(f"it is no spreadsheet: {str(error)[:200]}") from error


def _shown(value: Any) -> str:
    """A cell's value as text: whole numbers without a point, dates in ISO form."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat()
    return "" if value is None else str(value).strip()
