"""The manual's page of the API names every resource, and none that is not there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from baoxiu.faces.api import openapi
from baoxiu.sop.standard import STANDARD

ROOT = Path(__file__).parents[2]
PATHS = [path.removeprefix("/api") for path in openapi.document()["paths"]]
NOUNS = {step.noun for step in STANDARD.steps}
RESOURCES = {"/" + path.split("/")[1] for path in PATHS}
AROUND = {path.split("/")[3] for path in PATHS if path.startswith("/cases/{number}/")} - NOUNS | {"work"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_resource_is_in_the_manual_and_nothing_else(language: str) -> None:
    text = (ROOT / f"docs/{language}/api.md").read_text(encoding="utf-8")
    assert {r for r in RESOURCES if f"`{r}`" not in text} == set()
    assert {noun for noun in AROUND if f"`{noun}`" not in text and f"/{noun}`" not in text} == set()
    assert {r for r in re.findall(r"`(/[a-z]+)`", text) if r not in (*RESOURCES, "/api")} == set()
