"""C4.3: the board in words and numbers a script can show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from baoxiu.dispatch import boards
from baoxiu.dispatch.boards import Board
from baoxiu.dispatch.moving import Moved
from baoxiu.dispatch.operations.mending import Mended
from baoxiu.faces.common.display import say
from baoxiu.sop import eligibility


def clock(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}"


_NAMED = {
    "only": eligibility.pair_bars("", only=frozenset("x")),
    "never": eligibility.pair_bars("", never=frozenset([""])),
    "lock": eligibility.pair_bars("", locked="x"),
}


def words() -> dict[str, str]:
    """What the script says itself."""
    return {
        "minutes": _("min"), "jobs": _("jobs"), "late": _("cannot be kept"), "nobody": _("nobody"), "draft": _("Draft, not published"),
        "force": _("In force"), "version": _("version"), "none": _("No plan yet"), "asked": _("A plan is being made …"),
        "promised": _("promised"), "begun": _("under way"), "weeks": _("visits in four weeks"), "hopeless": _("nobody may do it"),
        **{word: say(bars[0].text) for word, bars in _NAMED.items()},
        "after": _("the shift is over by then"), "missed": _("after the promised window"), "about": _("about {minutes} min of travel more"),
        "empty": _("Every job has a place."), "route": _("Route"), "room": _("at the stockroom"), "failed": _("That did not work. Nothing was changed; try again."),
        "everywhere": _("All territories"), "planday": _("Plan the day"), "planarea": _("Plan this territory"),
        "fair": _("Fairness: longest against shortest day {spread} min; variation {variation} of 100; visits in four weeks {visits} apart"),
    }  # fmt: skip


def told(board: Board, skills: Mapping[str, str]) -> dict[str, Any]:
    """Everything the board shows, but for the time of day. What is empty or usual is left out of a job's row.

    `skills`: what they are called, by code.
    """
    day, draft = board.day, board.draft
    fetching = board.verdict.fetching
    visits, hopeless, loose = board.verdict.visits, set(board.hopeless), set(board.loose)
    wrong: dict[str, list[str]] = {}
    for v in board.verdict.violations:
        for job in [v.job] if v.job else board.plan.routes.get(v.engineer, ())[-1:]:
            wrong.setdefault(job, []).append(say(v.text))
    rules = boards.rules(day)
    bound = {j.id: {"only": sorted(j.only), "never": sorted(j.never), "lock": j.locked} for j in day.day.jobs}
    jobs = []
    for o in day.orders.values():
        visit = visits.get(o.number)
        shown = [visit.start, visit.end] if visit else list(o.begun) if o.begun else None
        row = {
            "n": o.number, "s": o.subject, "c": o.customer, "a": o.address, "p": o.priority, "lat": round(o.lat, 5),
            "lon": round(o.lon, 5), "lost": not o.is_located, "w": o.window, "t": shown, "skill": skills.get(o.skill, o.skill),
            "e": visit.engineer if visit else o.engineer if o.begun else "", "had": o.engineer, "begun": bool(o.begun),
            "fixed": o.is_frozen, "area": o.area + 1, "bad": wrong.get(o.number), "hopeless": o.number in hopeless, "loose": o.number in loose,
            **bound.get(o.number, {}),
        }  # fmt: skip
        jobs.append({**{k: v for k, v in row.items() if v}, "q": rules.needs.get(o.number, -1)})
    lines = [
        {"id": e.id, "name": e.name, "skills": [f"{skills.get(code, code)} {level}" for code, level in e.skills], "shift": e.shift, "home": e.home, "jobs": e.jobs, "q": rules.able[e.id],
         "work": e.work // 60, "travel": e.travel // 60, "share": e.share, "done": e.done, "room": fetching.get(e.id)}
        for e in board.lines
    ]  # fmt: skip
    moves = [
        {"n": c.number, "s": c.subject, "before": day.names.get(c.before, ""), "after": day.names.get(c.after, ""), "minutes": c.minutes}
        for c in board.changes
    ]  # fmt: skip
    policy, rows = day.policy, day.rows
    areas = [
        {"id": pk, "name": name, "staff": sorted(map(str, members))}
        for pk, (name, _, members) in zip(rows.territory_ids, rows.territories, strict=True)
    ]
    return {
        "date": day.date.isoformat(), "version": day.version, "asked": board.asked, "ok": board.verdict.ok,
        "draft": {"edits": draft.edits, "changes": moves, "note": draft.note} if draft else None,
        "cost": board.cost["total"], "travel": board.verdict.travel // 60, "served": board.verdict.served,
        "loose": len(loose), "fairness": [board.fairness.spread_minutes, board.fairness.variation, board.fairness.jobs_spread],
        "engineers": lines, "jobs": jobs, "areas": areas, "bars": [[[say(t) for t in cell] for cell in row] for row in rules.bars],
        "roads": [policy.road_percent / 100, policy.kmh, policy.entry_minutes * 60],
    }  # fmt: skip


def effect(moved: Moved) -> dict[str, Any]:
    """One line about a move: when it would begin, what it costs, what it breaks, who would be better."""
    reasons = list(dict.fromkeys(say(v.text) for v in moved.violations))
    parts = []
    if moved.start is not None and not reasons:
        parts.append(f"{clock(moved.start)}–{clock(moved.end or 0)}")
        parts.append(_("travel %(minutes)+d min") % {"minutes": round(moved.travel / 60)})
    if moved.dearer >= 60:
        parts.append(_("%(minutes)d min dearer than the best place") % {"minutes": moved.dearer // 60})
    return {
        "ok": moved.ok, "reasons": reasons, "cost": moved.cost, "travel": moved.travel, "start": moved.start,
        "dearer": moved.dearer, "best": moved.best.engineer if moved.best else "", "text": " · ".join([*reasons, *parts]),
    }  # fmt: skip


def mended(done: Mended) -> str:
    if done.way == "none":
        return _("Nothing needs to be mended: everything in force can be kept.")
    n = len(done.placed)
    text = ngettext("%(n)s job has a place again", "%(n)s jobs have a place again", n) % {"n": n}
    how = _("nothing else moved") if done.way == "insertion" else _("others must move: a plan is being made")
    left = _("left without one: %(jobs)s") % {"jobs": ", ".join(done.left)} if done.left else ""
    return "; ".join(part for part in (text, how, left) if part) + "."
