"""Docs that fail the build when they lie: settings, commands, steps and API resources stand in the manual."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.main import get_command

from baoxiu.faces.console.commands import app
from baoxiu.sop.standard import STANDARD

ROOT = Path(__file__).parents[2]
SETTINGS = sorted(
    {
        f"BAOXIU_{name}"
        for name in re.findall(r'env\.\w+\(\s*"(\w+)"', (ROOT / "baoxiu/config/settings.py").read_text())
    }
    | {"DATABASE_URL"}
)
COMMANDS = sorted(name for name, command in get_command(app).commands.items() if not command.hidden)  # type: ignore[attr-defined]


def absent(words: list[str], text: str) -> list[str]:
    return [word for word in words if word not in text]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_setting_and_command_is_in_the_manual(language: str) -> None:
    text = (ROOT / f"docs/{language}/operation.md").read_text()
    assert absent([f"`{name}`" for name in SETTINGS], text) == []
    assert absent([f"`baoxiu {name}" for name in COMMANDS], text) == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_manual_names_no_setting_or_command_that_is_not_there(language: str) -> None:
    text = (ROOT / f"docs/{language}/operation.md").read_text()
    assert set(re.findall(r"`(BAOXIU_\w+)`", text)) <= set(SETTINGS)
    assert set(re.findall(r"`baoxiu ([a-z-]+)", text)) <= set(COMMANDS)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_step_is_in_a_page_of_its_language(language: str) -> None:
    text = "\n".join(page.read_text() for page in (ROOT / "docs" / language).glob("*.md"))
    assert absent([step.title.to(language) for step in STANDARD.steps], text) == []


def test_the_look_up_can_fail() -> None:
    assert absent(["`BAOXIU_NOTHING`"], "`BAOXIU_HOME`") == ["`BAOXIU_NOTHING`"]


def test_the_readme_tells_the_two_commands_and_shows_a_picture() -> None:
    text = (ROOT / "README.md").read_text()
    assert "make demo" in text and "make test" in text
    for picture in re.findall(r"!\[[^]]*\]\(([^)]+)\)", text):
        assert (ROOT / picture).stat().st_size <= 300_000
