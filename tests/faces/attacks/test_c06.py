"""Attack case C06: every table that leaves for a spreadsheet holds texts and numbers, and nothing that calculates."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple
from xml.sax.saxutils import unescape

import pytest
from django.utils import timezone

from baoxiu.catalogue import importing
from baoxiu.catalogue.models import RefusedUnit, Unit, UnitImport
from baoxiu.charges import queries as charges
from baoxiu.confidentiality.models import Reveal
from baoxiu.faces.console import exporting, units
from baoxiu.faces.console import importing as console_importing
from baoxiu.intake.models import ImportRefusal
from baoxiu.lib import csvsafe, tables, xlsx
from baoxiu.people.models import Customer
from baoxiu.sop.text import Text
from baoxiu.supervision import folding
from tests.conftest import Cast
from tests.faces.desk import opened
from tests.faces.machine import machine
from tests.faces.test_office_unit_import import send, work
from tests.rooms.test_prices import prices

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[3]
STARTS = (
    "=", "+", "-", "@", "\t=", "\r=", "\n=", "＝", "＋", "－", "＠", ' "=', " =", "'=", "''", '"=', "\u3000=", "\xa0+",
)  # fmt: skip
BAD = tuple(f"{start}cmd|'/C calc'!A{n}" for n, start in enumerate(STARTS)) + (
    "=DDE(" + '"calc";' * 20 + ")",
)
LINES = tuple(text.strip() for text in BAD)  # as one-line fields keep them
LIVE = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


class Export(NamedTuple):
    """`take` puts the texts on record and gives what is downloaded; `shown`: those that must stand in it unchanged."""

    module: str  # that writes it
    take: Callable[[Cast, Path], bytes]
    shown: Iterable[str] = ()


def fetched(cast: Cast, path: str, who: str = "manager") -> bytes:
    answer = cast.client(who).get(path)
    assert answer.status_code == 200, path
    return b"".join(answer) if answer.streaming else answer.content


def cases(cast: Cast) -> None:
    for n, text in enumerate(BAD):
        unit = Unit.objects.create(
            customer=cast.wang, product=text, serial=f"X-{n}", created_at=timezone.now()
        )
        opened(
            cast, at=timezone.now() - dt.timedelta(hours=1), unit=unit, subject=text[:60], contact_name=text
        )


def desk(path: str) -> Callable[[Cast, Path], bytes]:
    def take(cast: Cast, _: Path) -> bytes:
        cases(cast)
        return fetched(cast, path)

    return take


def figures(form: str) -> Callable[[Cast, Path], bytes]:
    def take(cast: Cast, _: Path) -> bytes:
        cases(cast)
        folding.fold(now=timezone.now())
        return fetched(cast, f"/office/figures/table.{form}?table=product")

    return take


def ratings(cast: Cast, _: Path) -> bytes:
    """By engineer: whose name it is, with the share of good ratings."""
    cast.staff["engineer"].name = BAD[0]
    cast.staff["engineer"].save()
    opened(cast, at=timezone.now() - dt.timedelta(hours=1), engineer=cast.staff["engineer"])
    folding.fold(now=timezone.now())
    return fetched(cast, "/office/figures/table.csv?table=engineer")


def access(cast: Cast, _: Path) -> bytes:
    for text in BAD:
        who = Customer.objects.create(name=text, created_at=timezone.now())
        Reveal.objects.create(
            actor=text[:40], customer=who, subject=text[:40], reason=text[:20], at=timezone.now()
        )
    return fetched(cast, "/office/access/table.csv", "administrator")


def listed(cast: Cast) -> Any:
    rows = [{"code": f"L-{n}", "kind": "labour", "name": text, "price": "1"} for n, text in enumerate(LINES)]
    return prices(cast, timezone.now(), rows=rows)


def sheet(cast: Cast, _: Path) -> bytes:
    return fetched(cast, f"/office/prices/{listed(cast).pk}/prices.csv")


def sheet_by_api(cast: Cast, _: Path) -> bytes:
    return machine(cast, "manager").get(f"/price-lists/{listed(cast).pk}/prices.csv").content  # type: ignore[no-any-return]


def refused_units(cast: Cast, _: Path) -> bytes:
    send(cast, "serial,model\n" + "U-1,NONE\n" * len(BAD))
    work()
    for row, text in zip(RefusedUnit.objects.order_by("pk"), BAD, strict=True):
        RefusedUnit.objects.filter(pk=row.pk).update(column=text[:40])
    return fetched(cast, f"/office/units/import/{UnitImport.objects.get().pk}/refused.csv", "agent")


def exported(cast: Cast, folder: Path) -> bytes:
    cases(cast)
    exporting.run(folder / "out.csv", "csv", [])
    return (folder / "out.csv").read_bytes()


def refused_rows(cast: Cast, folder: Path) -> bytes:
    found = [ImportRefusal(row=n, field=t, reason_en=t, reason_zh=t) for n, t in enumerate(BAD)]
    console_importing._write(folder / "r.csv", found)
    return (folder / "r.csv").read_bytes()


def refused_files(cast: Cast, folder: Path) -> bytes:
    with pytest.raises(Exception, match="refused"):
        units._tell([importing.Refused(n, t, Text(t, t)) for n, t in enumerate(BAD)], folder / "u.csv")
    return (folder / "u.csv").read_bytes()


SHORT = tuple(text[:60] for text in BAD)
EXPORTS = {
    "desk list": Export("faces/desk/inbox.py", desk("/desk/export/"), SHORT),
    "cases": Export("faces/desk/cases.py", desk("/desk/cases/export/"), SHORT),
    "access to contacts": Export("faces/office/access.py", access, BAD),
    "figures": Export("faces/office/dashboard.py", figures("csv"), BAD),
    "figures, workbook": Export("faces/office/dashboard.py", figures("xlsx")),
    "ratings by engineer": Export("faces/office/dashboard.py", ratings, BAD[:1]),
    "price list": Export("charges/queries.py", sheet, LINES),
    "price list by API": Export("charges/queries.py", sheet_by_api, LINES),
    "units refused": Export("faces/office/unit_import.py", refused_units, [t[:40] for t in BAD]),
    "cases, console": Export("faces/console/exporting.py", exported, SHORT),
    "rows refused, console": Export("faces/console/importing.py", refused_rows, BAD),
    "units refused, console": Export("faces/console/units.py", refused_files, BAD),
}


def test_c06_every_table_that_leaves_is_in_this_table():
    """Who writes one; parts, stock and ratings have no table of their own: they leave with prices and figures."""
    writes = re.compile(r"csvsafe\.lines\(|xlsx\.workbook\(|csv\.writer\(|DictWriter")
    found = {
        str(p.relative_to(ROOT / "baoxiu"))
        for p in (ROOT / "baoxiu").rglob("*.py")
        if writes.search(p.read_text())
    }
    assert found - {"lib/csvsafe.py"} == {export.module for export in EXPORTS.values()}


@pytest.mark.parametrize("name", EXPORTS)
def test_c06_an_exported_cell_is_text(cast, settings, tmp_path, name):
    settings.ATTACHMENTS = tmp_path
    export = EXPORTS[name]
    body = export.take(cast, tmp_path)
    if body.startswith(b"PK"):
        text = zipfile.ZipFile(io.BytesIO(body)).read("xl/worksheets/sheet1.xml").decode()
        typed = re.findall(r'<c t="inlineStr"><is><t xml:space="preserve">([^<]*)</t></is></c>', text)
        assert "<f>" not in text and sum("calc" in unescape(t) for t in typed) == len(BAD)
        return
    cells = [cell for row in csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")) for cell in row]
    assert not [
        c for c in cells if c.lstrip(' \t\r\n\v\f\x85\xa0\u3000"').startswith(LIVE) and not _is_number(c)
    ]
    assert set(export.shown) <= {csvsafe.restored(c) for c in cells}


def _is_number(cell: str) -> bool:
    return re.fullmatch(r"-?[0-9.]+", cell) is not None


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "'=", "''", " =", '"='])
def test_c06_what_goes_out_comes_back_as_it_was(cast, now, tmp_path, start):
    name = f"{start}HYPERLINK(1)" + "x" * 100
    rows = [{"code": "L-1", "kind": "labour", "name": name.strip(), "price": "1"}]
    listed, by = prices(cast, now, rows=rows), cast.actor("manager")
    text = "".join(charges.sheet(by, listed))
    assert not any(cell.lstrip(' "').startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠")) for row in csv.reader(io.StringIO(text)) for cell in row)  # fmt: skip
    file = tmp_path / "p.csv"
    file.write_text(text, newline="")
    assert [row["name"] for _, row in tables.read(file)] == [name.strip()]


def test_c06_a_workbook_holds_texts_and_no_formulas():
    book = zipfile.ZipFile(io.BytesIO(xlsx.workbook([["=1+1", "@SUM(A1)", "+cmd|'/C calc'!A0", 5]])))
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet and sheet.count('t="inlineStr"') == 3 and "<v>5</v>" in sheet
