"""The demo's year in fast motion: every request's next act in the order of time, through the real operations."""

from __future__ import annotations

import datetime as dt
import heapq
import logging
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import cycle

from django.db import transaction

from baoxiu.cases import steps
from baoxiu.cases.models import Case
from baoxiu.faces.console.demo import desk_staff, work_staff
from baoxiu.faces.console.demo.cast import Cast
from baoxiu.faces.console.demo.desk_staff import DAY, HOUR, Plan
from baoxiu.faces.console.demo.requests import TOWNS, Row, moved
from baoxiu.faces.console.demo.story import ZONES, Act, Diary, Story

ACTS_IN_ONE = 200  # acts committed together: one sync of the disk for all
HOURS = (8, 9, 9, 10, 10, 11, 13, 14, 15, 16, 17, 18)
PICTURED = 400  # cases that may have photos
log = logging.getLogger("baoxiu.demo")

STAGES: dict[str, Callable[[Story, Case, dt.datetime], Plan | None]] = {
    "triage": desk_staff.triage,
    "dispatch": desk_staff.dispatch,
    "assigned": work_staff.assigned,
    "visit": work_staff.visit,
    "inbound": work_staff.inbound,
    "repair": work_staff.repair,
    "consent": work_staff.consent,
    "parts": work_staff.parts,
    "handover": work_staff.handover,
    "followup": desk_staff.followup,
    "final": desk_staff.final,
}
CREWS, ON_THE_BOARD = (("zhang", "qian", "xu"), ("sun", "han")), 36  # of the first two towns; requests
LATELY, PARCELS = dt.timedelta(days=4), dt.timedelta(days=12)


def play(rows: list[Row], cast: Cast, now: dt.datetime) -> Iterator[tuple[int, int]]:
    """Plays everything up to `now`; yields (requests registered, acts) now and then."""
    queue = _beginnings(rows, cast, now)
    registered = acts = 0
    while queue:
        with transaction.atomic():
            for _ in range(ACTS_IN_ONE):
                if not queue:
                    break
                when, _no, story, act = heapq.heappop(queue)
                registered += not story.number
                _act(story, act, when)
                acts += 1
                following = plan(story, when)
                if following and following[0] <= now:
                    heapq.heappush(queue, (following[0], story.no, story, following[1]))
        yield registered, acts


def _beginnings(rows: list[Row], cast: Cast, now: dt.datetime) -> list[tuple[dt.datetime, int, Story, Act]]:
    """When each request comes in: over the last weeks (a year for many), more of them lately."""
    chance, diary = random.Random("baoxiu-demo"), Diary()
    days = 40 if len(rows) <= 120 else 75 if len(rows) <= 600 else min(365, len(rows) // 20)
    queue: list[tuple[dt.datetime, int, Story, Act]] = []
    for i, row in enumerate(rows):
        moment = now - dt.timedelta(days=days * chance.random() ** 1.7, minutes=chance.uniform(2, 40))
        local = moment.astimezone(ZONES[row.language == "zh"])
        if not 8 <= local.hour < 19 and chance.random() < 0.9:  # mostly while people are at work
            moment = local.replace(hour=chance.choice(HOURS))
            moment -= dt.timedelta(days=moment > now)
        story = Story(row, i, cast, diary, i < PICTURED)
        queue.append((moment, i, story, lambda t, s=story: desk_staff.register(s, t)))  # type: ignore[misc]
    queue = _fill_the_board(queue, now)
    _pose([(story, now - when) for when, _no, story, _act in sorted(queue, key=lambda q: q[0])])
    heapq.heapify(queue)
    return queue


def _fill_the_board(
    queue: list[tuple[dt.datetime, int, Story, Act]], now: dt.datetime
) -> list[tuple[dt.datetime, int, Story, Act]]:
    """Visits wanted long ago are wanted these days instead, in two towns: some nobody has yet, most from now on."""
    chance, crews = random.Random("baoxiu-board"), [cycle(crew) for crew in CREWS]
    filled, kinds, more = [], cycle(("dispatch", "", "")), ON_THE_BOARD
    for moment, no, story, act in queue:
        row = story.row
        wanted = row.country == "CN" and row.venue != "depot" and row.kind in ("repair", "installation")
        if wanted and moment < now - LATELY and (more := more - 1) >= 0:
            town = int(chance.random() < 0.4)
            story.row, story.favours = moved(row, TOWNS["CN"][town : town + 1]), next(crews[town])
            story.rests_at, story.comes_after = next(kinds), now + dt.timedelta(minutes=15)
            story.fate = replace(
                story.fate, advised=False, withdraws_at="", holds_at="", lies_at="", declines_job=False, asks_twice=False,
            )  # fmt: skip
            hours = chance.uniform(3, 9) if story.rests_at else chance.uniform(20, 54)
            local = (now - dt.timedelta(hours=hours)).astimezone(story.zone)
            if not 8 <= local.hour < 18:
                local = local.replace(hour=chance.choice(HOURS)) - dt.timedelta(days=1)
            moment = local
        filled.append((moment, no, story, act))
    return filled


def _pose(stories: list[tuple[Story, dt.timedelta]]) -> None:
    """The latest requests have something to show to everybody: some lie about at every stage, most visits and
    parcels go to the engineer and the station on the front page."""
    stories = [(story, age) for story, age in stories if not story.comes_after]
    lately = [story for story, age in stories if age < LATELY]
    for story, stage in zip(
        lately[::3], cycle(("dispatch", "assigned", "visit", "consent", "repair", "triage"))
    ):
        story.fate.lies_at, story.fate.advised, story.fate.withdraws_at = stage, False, ""
    stages = cycle(("visit", "repair", "", "assigned", "followup"))
    for story, age in stories:
        by_parcel = story.row.venue == "depot"
        if story.row.country == "CN" and story.no % 4 and age < (PARCELS if by_parcel else LATELY):
            story.row, story.favours = moved(story.row, TOWNS["CN"][:1]), "zhang"
            story.fate.lies_at, story.fate.advised, story.fate.withdraws_at = next(stages), False, ""


def _act(story: Story, act: Act, when: dt.datetime) -> None:
    """A refusal is logged and the story goes on: staff make mistakes, the gate says no."""
    try:
        act(when)
    except steps.StepRefused as refused:
        story.read = None
        log.info("%s %s: %s", story.number, when, refused)
        story.done.add(f"refused {when}")


def plan(story: Story, now: dt.datetime) -> Plan | None:
    """The next act of a request: what people say, what the fate holds, what its stage asks for."""
    if not story.number or sum(mark.startswith("refused") for mark in story.done) > 3:
        return None
    case = story.case()
    if case.stage not in STAGES or case.stage == story.rests_at:
        return None
    if story.once("first reply"):
        return desk_staff.first_reply(story, now)
    if case.facts["on_hold"] == "yes":
        return story.soon(now, DAY, 4 * DAY), lambda t: _by_agent(story, "resume", t)
    fated = _fated(story, case, now)
    if fated:
        return fated
    return desk_staff.talk(story, case, now) or STAGES[case.stage](story, case, now)


def _fated(story: Story, case: Case, now: dt.datetime) -> Plan | None:
    facts = case.facts
    if story.fate.holds_at == case.stage and story.once("held"):
        text = story.say("hold")
        return story.soon(now, 10, 5 * HOUR), lambda t: _by_agent(
            story, "hold", t, reason="customer", text=text
        )
    if story.fate.asks_twice and case.stage in ("triage", "dispatch") and story.once("asked twice"):
        return now + dt.timedelta(minutes=story.chance.uniform(300, 1500)), lambda t: desk_staff.ask_again(
            story, t
        )
    may_go = facts["possession"] == "customer" and facts["work"] == "none"
    if story.fate.withdraws_at == case.stage and may_go and story.once("withdrew"):
        reason = story.chance.choice(("solved", "elsewhere", "too_slow", "changed_mind"))
        text = story.say("withdraw")
        return story.soon(now, 20, DAY), lambda t: _by_agent(story, "withdraw", t, reason=reason, text=text)
    return None


def _by_agent(story: Story, step: str, now: dt.datetime, **fields: object) -> None:
    story.take(story.case(), step, story.agent, now, **fields)
