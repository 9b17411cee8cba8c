"""C2: units from a file – checked row by row, fast, nothing twice; hostile files are refused."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import time
import zipfile

import pytest

from baoxiu.catalogue import coverage, importing
from baoxiu.catalogue.models import Unit
from baoxiu.lib import csvsafe, tables
from baoxiu.people.actors import SYSTEM
from baoxiu.people.rules import Denied
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
HEADER = ["Serial", "model", "product", "brand", "product_class", "purchase_date", "customer"]


def table(path, rows, encoding="utf-8-sig", delimiter=","):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([HEADER, *rows])
    path.write_bytes(out.getvalue().encode(encoding))
    return path


def load(path, by=SYSTEM):
    refused, last = [], importing.Progress()
    for last in importing.import_units(path, by=by, now=NOW):
        refused += last.refused
    return last, refused


ROWS = [
    ["U-1", "XQG100", "", "", "", "2026-05-01", "C-7"], ["U-2", "", "空调", "海清", "appliance", "", ""],
    ["U-3", "NONE", "", "", "", "", ""], ["U-4", "XQG100", "", "", "", "2199-01-01", ""], ["U-5", "", "x", "", "spaceship", "", ""],
    ["", "XQG100", "", "", "", "", ""], ["U-6", "", "x", "", "", "gestern", ""], ["U-7", "", "x", "", "", "", "NOBODY"],
    ["U-1", "XQG100", "", "", "", "", ""], ["=HYPERLINK(1)", "", "x", "", "", "", ""],
]  # fmt: skip


@pytest.mark.parametrize(("encoding", "delimiter"), [("utf-8-sig", ","), ("gb18030", ";"), ("utf-8", "\t")])
def test_each_row_becomes_a_unit_is_known_or_is_refused_by_number(cast, tmp_path, encoding, delimiter):
    cast.liu.reference = "C-7"
    cast.liu.save()
    path = table(tmp_path / "u.csv", ROWS, encoding, delimiter)
    last, refused = load(path)
    assert (last.done, last.added, last.known) == (10, 3, 1)
    assert [(r.row, r.column) for r in refused] == [
        (3, "model"), (4, "purchase_date"), (5, "product_class"), (6, "serial"), (7, "purchase_date"), (8, "customer"),
    ]  # fmt: skip
    assert all(r.reason.en and r.reason.zh for r in refused)
    first = Unit.objects.get(serial="U-1")
    assert (first.customer, first.product, first.purchase_date) == (
        cast.liu,
        "滚筒洗衣机",
        dt.date(2026, 5, 1),
    )
    again, _ = load(path)
    assert (again.added, again.known) == (0, 4) and Unit.objects.get(serial="U-1").pk == first.pk


def test_what_is_on_record_is_not_overwritten(cast, tmp_path):
    last, _ = load(table(tmp_path / "u.csv", [["SN-OLD-1", "XQG100", "别的", "", "", "2026-11-01", ""]]))
    cast.old_unit.refresh_from_db()
    assert (last.known, cast.old_unit.purchase_date, cast.old_unit.customer) == (
        1,
        dt.date(2023, 5, 1),
        cast.wang,
    )


def test_a_spreadsheet_and_a_packed_table_are_read_alike(cast, tmp_path):
    pytest.importorskip("python_calamine")
    packed = tmp_path / "u.csv.gz"
    packed.write_bytes(gzip.compress(table(tmp_path / "u.csv", ROWS[:2]).read_bytes()))
    sheet = workbook(
        tmp_path / "u.xlsx",
        [HEADER, ["X-1", "XQG100", "", "", "", "2026-05-01", ""], ["X-2", "", "泵", "", "", "", ""]],
    )
    assert load(packed)[0].done == 2
    assert load(sheet)[0].added == 2 and Unit.objects.get(serial="X-1").purchase_date == dt.date(2026, 5, 1)


def workbook(path, rows):
    """A small .xlsx with inline strings."""
    cell = '<c t="inlineStr"><is><t>{}</t></is></c>'.format
    cells = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{cells}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, text in parts.items():
            out.writestr(name, text)
    return path


def test_hostile_files_are_refused_in_time(cast, tmp_path):
    """Attack case C13: wrong magic, locked, bombs, a million empty rows, names twice, huge cells."""
    began = time.perf_counter()
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("[Content_Types].xml", "x")
        out.writestr("xl/a.xml", b"0" * 210_000_000)
    files = {
        "locked.xlsx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 100, "zip.xlsx": b"PK\x03\x04 not a zip", "empty.csv": b"",
        "binary.csv": b"\x00\x01\x02\xff" * 50, "twice.csv": b"serial,serial\n1,2\n", "no.csv": b"a,b\n1,2\n", "gz.csv.gz": b"\x1f\x8b\x08 broken",
        "cell.csv": b"serial\n" + b"x" * 200_000 + b"\n", "gzbomb.csv.gz": gzip.compress(b"serial\n" + b"\n" * 201_000_000, 1),
    }  # fmt: skip
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    for path in (bomb, *(tmp_path / name for name in files)):
        with pytest.raises(tables.BadTable):
            load(path)
    (tmp_path / "blank.csv").write_bytes(b"serial\n" + b"\n" * 1_048_576)
    assert load(tmp_path / "blank.csv")[0].done == 0
    assert time.perf_counter() - began < 30 and Unit.objects.count() == 2


def test_formulas_come_back_as_they_were_written(tmp_path):
    """Attack case C06: what our exports make safe is read back as it was."""
    (tmp_path / "f.csv").write_text(
        "".join(csvsafe.lines([["serial"], ["=1+1"], ["＋x"], ["'q"], ["-5"]])), encoding="utf-8"
    )
    assert [row["serial"] for _, row in tables.read(tmp_path / "f.csv")] == ["=1+1", "＋x", "'q", "-5"]


def test_only_who_keeps_customers_imports(cast, tmp_path):
    path = table(tmp_path / "u.csv", ROWS[:1])
    for who in ("engineer", "dispatcher", "station_head", "stock_keeper", "administrator"):
        with pytest.raises(Denied):
            load(path, cast.actor(who))
    assert load(path, cast.actor("agent"))[0].done == 1


def test_ten_thousand_rows_go_in_quickly(cast, tmp_path):
    path = table(
        tmp_path / "u.csv", [[f"S{i:06d}", "XQG100", "", "", "", "2026-01-02", ""] for i in range(10_000)]
    )
    began = time.perf_counter()
    last, _ = load(path)
    assert last.added == 10_000 and time.perf_counter() - began < 20


def test_what_the_law_counts_from_comes_with_the_file(cast, tmp_path):
    path, head = tmp_path / "facts.csv", "serial,product,purchase_date,delivered_date,installed_date,price\n"
    good, early = "F-1,电视,2026-05-01,2026-05-03,2026-05-05,8390\n", "F-2,电视,2026-05-01,2026-04-30,,\n"
    path.write_text(f"{head}{good}{early}F-3,电视,,,,-1\n")
    last, refused = load(path)
    assert last.added == 1 and [(r.row, r.column) for r in refused] == [(2, "delivered_date"), (3, "price")]
    claim = coverage.facts(Unit.objects.get(serial="F-1"))
    assert (claim["delivered_on"].day, claim["installed_on"].day, claim["price"]) == (3, 5, 8390)


def test_rows_left_out_at_the_start_are_the_rows_read_before(tmp_path):
    path = tmp_path / "f.csv"
    path.write_text("serial,model\nA,1\n , \n'B,2\n\nC,3\n", encoding="utf-8")
    rows = list(tables.read(path))
    assert rows == [(1, {"serial": "A", "model": "1"}), (3, {"serial": "B", "model": "2"}), (5, {"serial": "C", "model": "3"})]  # fmt: skip
    assert [list(tables.read(path, n)) for n in range(4)] == [rows[n:] for n in range(4)]
    assert tables.count(path) == 3
