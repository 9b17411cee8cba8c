"""CSV that a spreadsheet opens without running anything in it.

A cell that a spreadsheet would read as a formula gets one apostrophe in front; a cell that already
starts with an apostrophe gets one more, so that `restored` gives back exactly what was written.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

BOM = "\ufeff"  # tells spreadsheets that the file is UTF-8
# full-width signs are formulas to some spreadsheets; leading blanks and quotes do not protect
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'")
_LEADS = ' \t\r\n\v\f\x85\xa0\u3000"'


def cell(value: object) -> str:
    """The text of one cell: None is empty, whatever could be a formula is plain text."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_STARTS) or text.lstrip(_LEADS).startswith(_STARTS) else text


def restored(text: str) -> str:
    """The value behind a written cell."""
    return text[1:] if text.startswith("'") else text


def lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """The file, line by line: UTF-8 mark first, CRLF at the ends, every cell safe."""
    yield BOM
    for row in rows:
        line = io.StringIO()
        csv.writer(line).writerow([cell(value) for value in row])
        yield line.getvalue()
