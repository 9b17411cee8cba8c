"""C4: the picture shows the whole procedure, and a strict page may show it."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from baoxiu.sop import diagram, layout
from baoxiu.sop.standard import STANDARD
from tests.sop.test_overlays import BESPOKE, compose

NS = "{http://www.w3.org/2000/svg}"
LANGUAGES = ["zh-hans", "en"]


def drawn(language: str = "en", **more: object) -> ElementTree.Element:
    return ElementTree.fromstring(diagram.svg(STANDARD, language, **more))  # type: ignore[arg-type]


def words(root: ElementTree.Element) -> str:
    return " ".join(t.strip() for t in root.itertext() if t.strip())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_stage_and_every_step_that_moves_a_case_is_named(language: str) -> None:
    shown = words(drawn(language)).replace(" ", "")
    for stage in STANDARD.stages:
        assert stage.title.to(language).replace(" ", "") in shown
    for step in STANDARD.steps:
        if step.to_stage and step.to_stage not in step.from_stages:
            assert step.title.to(language).replace(" ", "") in shown, step.name


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_strict_page_may_show_it(language: str) -> None:
    svg = diagram.svg(STANDARD, language, {"triage": 2}, "repair")
    assert not re.search(r"\sstyle=|<style|<script|\son\w+=|\sid=|href=|#[0-9a-f]{3}", svg)
    assert "currentColor" in svg and "var(--" in svg


def test_it_has_a_name_for_who_cannot_see_it() -> None:
    root = drawn("zh")
    assert root.get("role") == "img"
    assert root.get("aria-label") == "售后服务标准化流程"
    assert root[0].tag == f"{NS}title"


def test_counts_the_current_stage_and_links_are_shown() -> None:
    root = drawn(
        counts={"repair": 12, "final": 0}, current="repair", href=lambda s: f"/cases/?stage={s}&open=1"
    )
    links = root.findall(f".//{NS}a")
    assert len(links) == len(STANDARD.stages)
    assert root.get("role") == "group"
    repair = next(a for a in links if "stage=repair" in (a.get("href") or ""))
    said = " ".join(repair.itertext())  # a link is named by what it shows
    assert "Repair" in said and "12 open" in said
    assert repair.find(f"{NS}g[@aria-current='step']") is not None
    assert len(root.findall(f".//{NS}g[@class='sop-count']")) == 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("procedure", [STANDARD, compose(STANDARD, [BESPOKE])], ids=["standard", "bespoke"])
def test_boxes_do_not_overlap_and_no_arrow_crosses_a_box(procedure: layout.Procedure, language: str) -> None:
    made = layout.lay_out(procedure, language)
    centres = list(made.boxes.values())
    for i, (x, y) in enumerate(centres):
        assert 0 < x < made.width and 0 < y < made.height
        for u, v in centres[:i]:
            assert abs(x - u) >= layout.BOX_W + 20 or abs(y - v) >= layout.BOX_H + 20
    for arrow in made.arrows:
        inner = arrow.points[1:-1]
        for (x1, y1), (x2, y2) in zip(inner, inner[1:], strict=False):
            for x, y in centres:
                apart_x = max(x1, x2) < x - layout.BOX_W / 2 or min(x1, x2) > x + layout.BOX_W / 2
                apart_y = max(y1, y2) < y - layout.BOX_H / 2 or min(y1, y2) > y + layout.BOX_H / 2
                assert apart_x or apart_y, (arrow.start, arrow.end)


def test_arrows_begin_and_end_at_their_boxes() -> None:
    made = layout.lay_out(STANDARD, "en")
    for arrow in made.arrows:
        for name, (x, y) in ((arrow.start, arrow.points[0]), (arrow.end, arrow.points[-1])):
            cx, cy = made.boxes[name]
            assert abs(x - cx) <= layout.BOX_W / 2 and abs(y - cy) <= layout.BOX_H / 2


def test_no_two_runs_share_a_track() -> None:
    made = layout.lay_out(STANDARD, "en")
    runs = [
        (a, y1, min(x1, x2), max(x1, x2))
        for a in made.arrows
        for (x1, y1), (x2, y2) in zip(a.points[1:-1], a.points[2:-1], strict=False)
        if y1 == y2
    ]
    for i, (a, y, low, high) in enumerate(runs):
        for b, v, from_x, to_x in runs[:i]:
            assert a is b or y != v or high <= from_x or low >= to_x
