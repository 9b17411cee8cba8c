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
    """The file cannot be read as a table; the message says why, `zh` in Chinese."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.zh = zh


def lacking(columns: list[str]) -> BadTable:
    """To be raised for a header line without them."""
    names = ", ".join(columns)
    return BadTable(f"the header line lacks the columns: {names}", f"表头缺少以下列：{names}")


def no_file() -> BadTable:
    return BadTable("choose a file", "请选择文件")


def too_large() -> BadTable:
    return BadTable("the file is too large", "文件太大")


def read(path: Path, skip: int = 0) -> Iterator[tuple[int, Row]]:
    """Row number and row by the header's names, one at a time; empty rows are passed over. Raises BadTable.

    `skip`: so many rows at the start are left out, quickly.
    """
    header: list[str] = []
    for seen, (number, cells) in enumerate(_rows(path)):
        if not number:
            header = [cell.lower() for cell in _clean(cells)]
        elif seen > skip:
            yield number, {name: value for name, value in zip(header, _clean(cells), strict=False) if name}


def count(path: Path) -> int:
    """How many rows `read` gives. Raises BadTable where it would."""
    return sum(1 for _ in _rows(path)) - 1


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Row number and cells as they stand; first the header, as row 0."""
    number = empty = 0
    is_headed = False
    for cells in _cells(path):
        if not is_headed:
            is_headed, header = True, [cell.lower() for cell in _clean(cells) if cell.strip()]
            if len(set(header)) < len(header):
                raise BadTable("a column's name stands twice in the header line", "表头中有重复的列名")
            yield 0, cells
            continue
        number += 1
        if number > MAX_ROWS:
            raise BadTable(f"more than {MAX_ROWS:,} rows", f"超过{MAX_ROWS:,}行")
        if not any(map(str.strip, cells)):
            empty += 1
            if empty > EMPTY_ROWS:
                return
            continue
        empty = 0
        if max(map(len, cells)) > MAX_CELL:
            raise BadTable(
                f"row {number} holds a cell of more than {MAX_CELL:,} characters",
                f"第{number}行有单元格超过{MAX_CELL:,}个字符",
            )
        yield number, cells
    if not is_headed:
        raise BadTable("it is empty", "文件是空的")


def _clean(cells: list[str]) -> list[str]:
    return [csvsafe.restored(cell.strip()) for cell in cells]


def _cells(path: Path) -> Iterator[list[str]]:
    try:
        with path.open("rb") as file:
            magic = file.read(8)
        if magic.startswith(b"PK"):
            yield from _sheet(path)
        elif magic.startswith(b"\xd0\xcf\x11\xe0"):
            raise BadTable(
                "it is an old or a locked spreadsheet; save it as .xlsx without a password, or as CSV",
                "这是旧版或加密的表格，请另存为不带密码的 .xlsx 或 CSV",
            )
        else:
            with _text(path, magic) as text:
                yield from _lines(text)
    except (OSError, EOFError, zlib.error) as error:
        raise BadTable(f"it cannot be read: {error}", f"无法读取：{error}") from error
    except UnicodeDecodeError as error:
        raise BadTable(
            "it is neither UTF-8 nor GB 18030 text", "既不是 UTF-8 也不是 GB 18030 编码的文本"
        ) from error
    except csv.Error as error:
        raise BadTable(f"it is not a table: {error}", f"不是表格：{error}") from error


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
            raise BadTable(
                f"it is larger than {MAX_BYTES // 1_000_000} MB", f"超过{MAX_BYTES // 1_000_000} MB"
            )
    return bytes(found)


def _lines(text: IO[str]) -> Iterator[list[str]]:
    first = text.readline()
    text.seek(0)
    delimiter = max(",;\t", key=first.count)
    if "\0" in first:
        raise BadTable("it is not a table", "不是表格")
    yield from csv.reader(text, delimiter=delimiter)


# -- spreadsheet -------------------------------------------------------------------------------


def _sheet(path: Path) -> Iterator[list[str]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with zipfile.ZipFile(path) as packed:
            if sum(part.file_size for part in packed.infolist()) > MAX_BYTES:
                raise BadTable(
                    f"unpacked it is larger than {MAX_BYTES // 1_000_000} MB",
                    f"解压后超过{MAX_BYTES // 1_000_000} MB",
                )
            if "[Content_Types].xml" not in packed.namelist():
                raise BadTable("it is no spreadsheet", "不是电子表格")
        book = CalamineWorkbook.from_path(path)
        for row in book.get_sheet_by_index(0).iter_rows():
            shown = (_shown(value) for value in row)
            yield [f"'{text}" if text.startswith("'") else text for text in shown]  # as CSV keeps it
    except (zipfile.BadZipFile, CalamineError, IndexError, NotImplementedError) as error:
        raise BadTable(f"it is no spreadsheet: {str(error)[:200]}", "不是有效的电子表格") from error


def _shown(value: Any) -> str:
    """A cell's value as text: whole numbers without a point, dates in ISO form."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat()
    return "" if value is None else str(value).strip()
