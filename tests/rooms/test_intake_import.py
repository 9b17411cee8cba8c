"""C4.1: a file of requests through the one registration."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
from zoneinfo import ZoneInfo

import pytest

from baoxiu.cases.models import Case, Duty, Outgoing
from baoxiu.intake import operations, rows
from baoxiu.intake.models import ImportRefusal, ImportRun
from baoxiu.people.models import Customer

GOOD = {
    "request_no": "V1", "created_at": "2025-01-01T07:50:22", "timezone": "Europe/Brussels", "channel": "email",
    "language": "nl", "contact_name": "Lotte Visser", "contact_email": "eu1@example.com", "country": "BE",
    "province": "VLG", "city": "Leuven", "address": "Leuven", "lat": "50.89", "lon": "4.7", "product_line": "appliance",
    "product_category": "Vacuum", "product_category_zh": "吸尘器", "brand": "Bosch", "model": "VAC-210",
    "serial_no": "SNV1", "purchase_date": "2017-03-31", "suggested_mode": "mail-in", "kind_guess": "repair",
    "problem_text": "Aan/uit knop werkt niet meer",
}  # fmt: skip
CHINESE = {
    "request_no": "V2", "created_at": "2025-01-02T08:45:36", "timezone": "Asia/Shanghai", "channel": "chat",
    "language": "zh", "contact_name": "曹敏", "contact_phone": "+86 19000017895", "contact_email": "cn1@example.com",
    "country": "CN", "province": "云南省", "city": "昆明市", "district": "官渡区", "address": "云南省昆明市官渡区长江路163号",
    "product_category": "Water heater", "product_category_zh": "热水器", "kind_guess": "installation",
    "problem_text": "安装很麻烦",
}  # fmt: skip


def write(path, *lines):
    with gzip.open(path, "wt", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows.COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(lines)
    return path


def run(path, now, **more):
    *_, last = progress = list(operations.import_rows(path, now=now, **more))
    return last, [r for p in progress for r in p.refused]


def test_rows_become_cases_with_their_own_time_and_no_message(tmp_path, db, now):
    last, refused = run(write(tmp_path / "a.csv.gz", GOOD, CHINESE), now)
    assert (last.done, last.total, last.registered, last.known, refused) == (2, 2, 2, 0, [])
    case = Case.objects.get(reference="V1")
    assert case.created_at == dt.datetime(2025, 1, 1, 7, 50, 22, tzinfo=ZoneInfo("Europe/Brussels"))
    assert (case.channel, case.language, case.kind) == ("email", "nl", "repair")
    assert (case.unit.product, case.unit.serial, case.unit.purchase_date) == (
        "Vacuum",
        "SNV1",
        dt.date(2017, 3, 31),
    )
    assert (case.site.city, case.site.street) == ("Leuven", "")
    other = Case.objects.get(reference="V2")
    assert other.site.one_line == "云南省昆明市官渡区长江路163号"
    assert (other.unit.product, other.kind, other.contact_phone) == (
        "热水器",
        "installation",
        "+8619000017895",
    )
    assert not Outgoing.objects.exists()
    assert not Duty.objects.filter(due_at__lte=now).exists()


def test_a_second_run_adds_nothing(tmp_path, db, now):
    path = write(tmp_path / "a.csv.gz", GOOD, CHINESE)
    run(path, now)
    last, _ = run(path, now)
    assert (last.registered, last.known, last.done) == (0, 2, 2)
    assert Case.objects.count() == 2
    again = write(tmp_path / "b.csv.gz", CHINESE, GOOD)  # another file, the same references
    assert run(again, now)[0].registered == 0


def test_a_customer_who_comes_again_is_the_same_one(tmp_path, db, now):
    again = {**CHINESE, "request_no": "V3", "channel": "phone", "contact_email": "other@example.com"}
    run(write(tmp_path / "a.csv.gz", CHINESE, again), now)
    assert Customer.objects.count() == 1
    assert set(Customer.objects.get().contacts.values_list("value", flat=True)) == {
        "+8619000017895",
        "cn1@example.com",
        "other@example.com",
    }


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("contact_phone", {"contact_phone": "12"}),
        ("contact_email", {"contact_email": "nobody"}),
        ("channel", {"channel": "fax"}),
        ("kind_guess", {"kind_guess": "party"}),
        ("problem_text", {"problem_text": ""}),
        ("created_at", {"created_at": "yesterday"}),
        ("created_at", {"created_at": "2031-01-01T00:00:00"}),
        ("timezone", {"timezone": "Mars/Crater"}),
        ("timezone", {"timezone": "../../etc/passwd"}),
        ("purchase_date", {"purchase_date": "2026-02-30"}),
        ("purchase_date", {"purchase_date": "2025-01-02"}),
        ("lat", {"lat": "north"}),
        ("country", {"country": "Belgium"}),
        ("model", {"product_category": "", "product_category_zh": ""}),
        ("contact_name", {"contact_name": "", "contact_email": ""}),
        ("problem_text", {"problem_text": "a\x00b"}),
    ],
)
def test_a_bad_row_is_refused_with_its_number_and_column(tmp_path, db, now, field, bad):
    row = {**GOOD, **bad, "request_no": "V9"}
    last, [refused] = run(write(tmp_path / "a.csv.gz", row, GOOD, CHINESE), now)
    assert (refused.row, refused.field) == (1, field)
    assert refused.reason.en and refused.reason.zh
    assert (last.registered, last.done) == (2, 3)
    assert list(ImportRefusal.objects.values_list("row", "field")) == [(1, field)]


def test_what_a_refused_row_began_is_not_remembered(tmp_path, db, now):
    bad = {**GOOD, "product_category": "", "product_category_zh": "", "request_no": "V9"}
    last, refused = run(write(tmp_path / "a.csv.gz", bad, GOOD), now)
    assert (last.registered, len(refused)) == (1, 1)
    assert Case.objects.get().customer.name == "Lotte Visser"


def test_an_interrupted_run_goes_on_where_it_stopped(tmp_path, db, now):
    lines = [{**GOOD, "request_no": f"V{i}", "serial_no": f"S{i}"} for i in range(7)]
    path = write(tmp_path / "a.csv.gz", *lines)
    progress = operations.import_rows(path, now=now, batch_rows=2)
    assert [next(progress).done for _ in range(3)] == [0, 2, 4]
    progress.close()
    assert ImportRun.objects.get().rows_done == 4
    steps = list(operations.import_rows(path, now=now, batch_rows=2))
    assert [p.done for p in steps] == [4, 6, 7]
    assert (steps[-1].registered, steps[-1].known) == (7, 0)
    assert Case.objects.count() == 7


@pytest.mark.parametrize(
    "content",
    [b"", b"a,b\n1,2\n", b"\x1f\x8b not gzip", b"created_at,channel,problem_text\n\xff\xfe,x,y\n"],
)
def test_a_file_that_is_no_table_of_requests_is_refused_as_a_whole(tmp_path, db, now, content):
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    with pytest.raises(rows.BadFile):
        list(operations.import_rows(path, now=now))
    with pytest.raises(rows.BadFile):
        list(operations.import_rows(tmp_path / "missing.csv", now=now))
    assert not Case.objects.exists()
