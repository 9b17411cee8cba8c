"""C4: `baoxiu verify` notices what was changed behind the journal's back, and says where."""

from __future__ import annotations

import pytest
from django.db import connection
from django.utils import timezone

from baoxiu.cases.models import Case, WorkOrder
from baoxiu.faces.console import verifying
from baoxiu.faces.console.start import Trouble
from tests.conftest import Cast
from tests.rooms import walking

pytestmark = pytest.mark.django_db

TAMPERED = {
    "duty party": ("UPDATE cases_duty SET party = 'stock_keeper' WHERE outcome = 'open'", "duty parties"),
    "duty clause": ("UPDATE cases_duty SET clause = 'C9' WHERE outcome = 'open'", "duty parties"),
    "work order": ("UPDATE cases_workorder SET status = 'done'", "work order"),
    "its engineer": ("UPDATE cases_workorder SET engineer_id = NULL", "work order"),
    "its window": ("UPDATE cases_workorder SET starts_at = created_at", "work order"),
    "no work order": ("DELETE FROM cases_workorder", "work order"),
    "number": ("UPDATE cases_sequence SET value = value - 1 WHERE name LIKE 'case-%'", "none after"),
    "counter": ("UPDATE cases_sequence SET value = value + 1 WHERE name LIKE 'case-%'", "given out"),
}


@pytest.fixture
def case(cast: Cast) -> Case:
    walk = walking.begin(cast, timezone.now()).steps("triage confirm assign accept appoint")
    return walk.case


def said(capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(Trouble):  # exit 1
        verifying.run([])
    return capsys.readouterr().out


def test_an_untouched_case_agrees(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    verifying.run([])
    assert "1 cases agree" in capsys.readouterr().out


@pytest.mark.parametrize("change", TAMPERED)
def test_each_tampering_is_seen_with_its_place(
    case: Case, capsys: pytest.CaptureFixture[str], change: str
) -> None:
    statement, what = TAMPERED[change]
    with connection.cursor() as cursor:
        cursor.execute(statement)
    out = said(capsys)
    assert what in out and "BX-" in out


def test_a_work_order_nobody_gave_is_seen(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    known = WorkOrder.objects.get()
    WorkOrder.objects.create(case=case, venue="onsite", status="done", created_at=known.created_at)
    assert f"{case.number} entry 0: work order" in said(capsys)


def test_a_case_deleted_with_everything_it_had_leaves_a_gap(
    cast: Cast, case: Case, capsys: pytest.CaptureFixture[str]
) -> None:
    walking.begin(cast, timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(
            "PRAGMA defer_foreign_keys = ON"
            if connection.vendor == "sqlite"
            else "SET CONSTRAINTS ALL DEFERRED"
        )
        for table in ("workorder", "duty", "pause", "span", "personallink", "outgoing", "searchtext"):
            cursor.execute(f"DELETE FROM cases_{table} WHERE case_id = %s", [case.pk])
        cursor.execute(
            "DELETE FROM cases_content WHERE entry_id IN (SELECT id FROM cases_journalentry WHERE case_id = %s)",
            [case.pk],
        )
        cursor.execute("DELETE FROM cases_journalentry WHERE case_id = %s", [case.pk])
        cursor.execute("DELETE FROM cases_case WHERE id = %s", [case.pk])
    assert f"{case.number} entry 0: case: stored None, derived 'given out'" in said(capsys)
