"""The `baoxiu` command as somebody at a keyboard meets it: what it prints, how it ends."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from baoxiu.faces.common.jobs import JOBS
from baoxiu.faces.console import commands

HEADER = (
    "request_no,created_at,channel,problem_text,contact_name,contact_phone,contact_email,language,serial_no\n"
)
GOOD = "A1,2026-01-01T10:00:00,phone,洗衣机不排水,王女士,+86 19900000001,,zh,\n"


def command(
    home: Path, folder: Path, *words: str, code: int = 0, **more: str
) -> subprocess.CompletedProcess[str]:
    """Runs the command in a home of its own, always on SQLite."""
    env = {**os.environ, "BAOXIU_HOME": str(home), "BAOXIU_STATIC_ROOT": str(folder / "static"), **more}
    for name in {"DATABASE_URL", "BAOXIU_DEMO"} - set(more):
        env.pop(name, None)
    done = subprocess.run(
        [sys.executable, "-m", "baoxiu", *words],
        env=env,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == code, f"{words} ended with {done.returncode}\n{done.stdout}\n{done.stderr}"
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty home that is prepared, one with three imported cases and its backup: made once, copied for each test."""
    root = tmp_path_factory.mktemp("console")
    lines = [GOOD.replace("A1", f"A{i}").replace("不排水", f"第{i}种故障") for i in range(1, 4)]
    (root / "cases.csv").write_text(HEADER + "".join(lines), encoding="utf-8")
    (root / "nothing.csv").write_text(HEADER, encoding="utf-8")
    command(root / "empty", root, "import-cases", "nothing.csv")
    shutil.copytree(root / "empty", root / "filled")
    command(root / "filled", root, "import-cases", "cases.csv")
    command(root / "filled", root, "backup", "copy")
    return root


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def baoxiu(templates: Path, home: Path, tmp_path: Path) -> Any:
    """The command in a prepared home without cases."""
    shutil.copytree(templates / "empty", home)
    return partial(command, home, tmp_path)


@pytest.fixture
def filled(templates: Path, home: Path, tmp_path: Path) -> Any:
    """The command in a home with three cases."""
    shutil.copytree(templates / "filled", home)
    return partial(command, home, tmp_path)


COMMANDS = (
    "serve",
    "demo",
    "import-cases",
    "verify",
    "sop",
    "due",
    "invite",
    "work",
    "backup",
    "restore",
    "export",
    "prepare",
)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    shown = CliRunner().invoke(commands.app, [name, "--help"])
    assert shown.exit_code == 0 and "Usage" in shown.output


@pytest.mark.parametrize(
    "words",
    [
        ["nothing"],
        ["serve", "--port", "x"],
        ["import-cases", "not-there.csv"],
        ["demo", "--cases", "0"],
        ["invite", "x"],
    ],
)
def test_a_command_called_in_a_wrong_way_ends_with_two(words: list[str]) -> None:
    assert CliRunner().invoke(commands.app, words).exit_code == 2


def test_the_procedure_prints_in_both_languages(baoxiu: Any) -> None:
    baoxiu("sop", "99", code=2)
    baoxiu("sop", "--lang", "fr", code=2)
    assert "待客户同意" in baoxiu("sop").stdout
    assert "Waiting for consent" in baoxiu("sop", "--lang", "en").stdout
    one = baoxiu("sop", "4.6").stdout
    assert "follow_up" in one and "register" not in one


def test_a_new_home_has_nothing_to_verify_until_it_is_prepared(tmp_path: Path) -> None:
    assert "baoxiu prepare" in command(tmp_path / "new", tmp_path, "verify", code=1).stderr


def test_the_demo_is_served_on_loopback_only(baoxiu: Any) -> None:
    assert (
        "127.0.0.1" in baoxiu("serve", "--host", "0.0.0.0", "--port", "18765", code=2, BAOXIU_DEMO="1").stderr
    )


def test_an_import_lists_what_it_refused_and_a_second_adds_nothing(baoxiu: Any, tmp_path: Path) -> None:
    bad = GOOD.replace("A1", "A2").replace("2026-01-01T10:00:00", "yesterday")
    odd = GOOD.replace("A1", "A3").replace("phone,", "pigeon,")
    (tmp_path / "mixed.csv").write_text(HEADER + GOOD + bad + odd, encoding="utf-8")
    first = baoxiu("import-cases", "mixed.csv", code=1)
    assert (
        "1 registered" in first.stdout
        and "row 2, created_at" in first.stdout
        and "row 3, channel" in first.stdout
    )
    report = (tmp_path / "mixed.refused.csv").read_text(encoding="utf-8").splitlines()
    assert [line.split(",")[0] for line in report[1:]] == ["2", "3"]
    assert "0 registered, 1 known before" in baoxiu("import-cases", "mixed.csv", code=1).stdout


def test_a_file_that_is_no_table_is_refused_in_a_sentence(baoxiu: Any, tmp_path: Path) -> None:
    for name, content in (
        ("a.csv", b"one,two\n1,2\n"),
        ("b.csv.gz", b"\x1f\x8bnot really"),
        ("c.csv", b"\xff\xfe\x00"),
        ("d.csv", b""),
    ):
        (tmp_path / name).write_bytes(content)
        assert baoxiu("import-cases", name, code=1).stderr.count("\n") == 1


def test_verify_names_the_place_of_a_difference(filled: Any, home: Path) -> None:
    assert "3 cases agree" in filled("verify").stdout
    with sqlite3.connect(home / "baoxiu.sqlite3") as database:
        number = database.execute("SELECT number FROM cases_case ORDER BY id LIMIT 1").fetchone()[0]
        database.execute("UPDATE cases_case SET stage = 'closed' WHERE number = ?", [number])
    found = filled("verify", code=1)
    assert f"{number} entry 0: stage: stored 'closed', derived 'triage'" in found.stdout
    assert "1 of 3 cases differ" in found.stderr
    filled("verify", number.lower(), code=1)
    filled("verify", "BX-0000-000000", code=1)


def test_verify_finds_a_changed_word_in_a_journal(filled: Any, home: Path) -> None:
    with sqlite3.connect(home / "baoxiu.sqlite3") as database:
        words = json.loads(database.execute("SELECT words FROM cases_content WHERE id = 2").fetchone()[0])
        changed = json.dumps({**words, "problem": words["problem"] + "。"})
        database.execute("UPDATE cases_content SET words = ? WHERE id = 2", [changed])
    assert "content" in filled("verify", code=1).stdout


def test_an_invitation_is_a_link_told_once(baoxiu: Any) -> None:
    made = baoxiu(
        "invite", "boss@example.com", "何管理员", "--role", "administrator", "--role", "manager"
    ).stdout
    assert "/invite/" in made
    assert (
        "known already" in baoxiu("invite", "boss@example.com", "何管理员", "--role", "administrator").stdout
    )
    assert "no role" in baoxiu("invite", "x@example.com", "X", "--role", "king", code=2).stderr
    assert "E-mail" in baoxiu("invite", "x", "X", "--role", "agent", code=2).stderr
    assert (
        "no station"
        in baoxiu("invite", "x@example.com", "X", "--role", "station_head", "--station", "Q", code=2).stderr
    )


def test_an_export_is_safe_in_a_spreadsheet_and_whole_for_a_machine(baoxiu: Any, tmp_path: Path) -> None:
    row = 'A1,2026-01-01T10:00:00,phone,"=HYPERLINK(""http://x"")",@王女士,+86 19900000001,,zh,\n'
    (tmp_path / "cases.csv").write_text(HEADER + row, encoding="utf-8")
    baoxiu("import-cases", "cases.csv")
    baoxiu("export", "out.csv")
    table = (tmp_path / "out.csv").read_text(encoding="utf-8-sig")
    assert "'=HYPERLINK" in table and "'@王女士" in table and "'+86" in table
    baoxiu("export", "out.jsonl")
    case = json.loads((tmp_path / "out.jsonl").read_text(encoding="utf-8"))
    assert case["journal"][0]["step"] == "register" and case["journal"][0]["words"]["problem"].startswith(
        "=HYPER"
    )
    assert baoxiu("export", "-", "--format", "jsonl").stdout.count("\n") == 1
    baoxiu("export", "x.xml", "--format", "xml", code=2)


def test_a_backup_comes_back_whole_with_messages_held(filled: Any, home: Path, tmp_path: Path) -> None:
    filled("backup", "copy")
    filled("backup", "copy", code=2)
    assert "--force" in filled("restore", "copy", code=1).stderr
    with sqlite3.connect(home / "baoxiu.sqlite3") as database:
        database.execute("DELETE FROM cases_content")
    assert "messages are off" in filled("restore", "copy", "--force").stdout
    filled("verify")
    mail = {"BAOXIU_MAIL_URL": "smtp://127.0.0.1:9"}
    assert "off since a restore" in filled("work", "--once", **mail).stdout
    assert "on again" in filled("work", "--once", "--go", **mail).stdout
    filled("work", "--once", **mail)
    assert list(home.glob("baoxiu.before-restore-*.sqlite3"))


def test_a_backup_restores_into_an_empty_home(templates: Path, home: Path, tmp_path: Path) -> None:
    command(home, tmp_path, "restore", str(templates / "copy"))
    assert "3 cases agree" in command(home, tmp_path, "verify").stdout


@pytest.mark.parametrize("damage", ["flip", "lose", "manifest"])
def test_a_damaged_backup_is_not_restored(filled: Any, templates: Path, tmp_path: Path, damage: str) -> None:
    shutil.copytree(templates / "copy", tmp_path / "copy")
    file = tmp_path / "copy" / "baoxiu.sqlite3"
    if damage == "flip":
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 1
        file.write_bytes(content)
    elif damage == "lose":
        file.unlink()
    else:
        (tmp_path / "copy" / "manifest.json").write_text("{}")
    filled("restore", "copy", "--force", code=1)
    assert "3 cases agree" in filled("verify").stdout


def test_nothing_is_sent_without_a_mail_server(filled: Any) -> None:
    said = filled("work", "--once", BAOXIU_MAIL_URL="").stdout
    assert "BAOXIU_MAIL_URL" in said and f"{len([j for j in JOBS.values() if j.schedule])} jobs done" in said
