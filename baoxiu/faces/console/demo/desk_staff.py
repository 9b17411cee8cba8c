"""The demo's desk: registration, first reply, triage, dispatch, talk, follow-ups, ratings, closing."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from baoxiu.cases import links, steps
from baoxiu.cases.models import Case
from baoxiu.dispatch.ranking import ranked
from baoxiu.faces.console.demo.requests import VISITED_KM
from baoxiu.faces.console.demo.story import Act, Story
from baoxiu.intake import operations as intake
from baoxiu.people.actors import ANONYMOUS
from baoxiu.people.models import Customer
from baoxiu.sop import payloads

Plan = tuple[dt.datetime, Act]
HOUR, DAY = 60.0, 1440.0


def register(story: Story, now: dt.datetime) -> None:
    """The request comes in: typed by an agent, or through the public form."""
    row = story.row
    by = ANONYMOUS if row.channel in ("web", "qr") else story.agent
    payload = payloads.Register(
        channel=row.channel, kind=row.kind, problem=row.problem, language=row.language, name=row.name,
        company=row.company if by.kind == "staff" else "", phone=row.phone, email=row.email, serial=row.serial,
        model=row.model, product_class=row.product_class, product=row.product, brand=row.brand,
        purchase_date=None if story.no % 23 == 5 else now.date() - dt.timedelta(days=int(row.months_owned) * 30 + 3),
        venue=row.venue, files=story.photos(0.5 if by is ANONYMOUS else 0.0, by, now),
        address=payloads.Address(
            country=row.country, province=row.province, city=row.city, district=row.district, street=row.street,
            lat=float(row.lat), lon=float(row.lon),
        ),
    )  # fmt: skip
    story.number = intake.register(payload, by=by, now=now).number
    if row.company:
        companies = Customer.objects.filter(cases__number=story.number, is_company=True)
        companies.update(account_manager=story.cast.staff["lin"])


def ask_again(story: Story, now: dt.datetime) -> None:
    """The same request once more by phone; the agent sees it and merges it into the first."""
    row, case = story.row, story.case()
    payload = payloads.Register(
        channel="phone",
        kind=row.kind,
        problem=row.problem,
        language=row.language,
        customer_id=case.customer_id,
    )
    again = intake.register(payload, by=story.agent, now=now).number
    story.take(
        Case.objects.get(number=again), "merge", story.agent, now + dt.timedelta(minutes=4), into=case.number
    )


def first_reply(story: Story, now: dt.datetime) -> Plan:
    late = story.chance.random() < 0.12
    when = story.soon(now, 70, 300) if late else story.soon(now, 3, 48)
    return when, lambda t: _take(story, "reply", t, text=story.say("first_reply"))


def _take(story: Story, step: str, now: dt.datetime, **fields: object) -> None:
    story.take(story.case(), step, story.agent, now, **fields)


def triage(story: Story, case: Case, now: dt.datetime) -> Plan:
    """C4.2, until the customer agreed on the service type, was helped by advice, or went away."""
    if case.owner_id is None and story.once("taken over"):
        return story.soon(now, 1, 15), lambda t: _take(story, "take_over", t, owner=story.agent.staff_id)
    if case.facts["triaged"] == "no":
        return story.soon(now, 8, 150, "triage"), lambda t: _triage(story, t)
    if case.facts["cover"] == "paid" and story.fate.goodwill and story.once("goodwill"):
        by = story.cast.actors["chen"]
        return story.soon(now, 20, 200), lambda t: _override(story, t, by)
    if story.fate.advised and story.once("advised"):
        return story.soon(now, 15, 4 * HOUR, "triage"), lambda t: _take(
            story, "advise", t, text=story.say("advice")
        )
    return story.soon(now, 20, 9 * HOUR), lambda t: _confirm(story, t)


def _triage(story: Story, now: dt.datetime) -> None:
    cause = story.say("cause")
    _take(
        story, "triage", now, symptom=story.fate.symptom, fault="unknown", cause=cause,
        priority="1" if story.fate.symptom == "electric_shock" else story.chance.choices("1234", (5, 20, 65, 10))[0],
    )  # fmt: skip


def _override(story: Story, now: dt.datetime, by: object) -> None:
    story.take(story.case(), "override_cover", by, now, cover="free", reason=story.say("override"))  # type: ignore[arg-type]


def _confirm(story: Story, now: dt.datetime) -> None:
    case = story.case()
    by = story.agent
    if story.fate.links and case.contact_email and story.chance.random() < 0.4:
        by = story.customer(case, "track", now)
    service = (
        "replacement"
        if story.row.kind == "return_exchange"
        else "other"
        if story.row.kind == "installation"
        else "repair"
    )
    story.take(case, "confirm", by, now, service=service, venue=story.row.venue or "onsite", way="phone")


def dispatch(story: Story, case: Case, now: dt.datetime) -> Plan:
    """C4.3: the first of the suggestions; a station for what is sent in."""
    by = story.cast.actors["zhou"]
    if case.facts["venue"] == "depot":
        fields = {"station": story.station_near(), "text": story.say("packing")}
        return story.soon(now, 10, 90, "dispatch"), lambda t: _step(story, "assign_station", t, by, **fields)
    return story.soon(now, 8, 110, "dispatch"), lambda t: _assign(story, t)


def _assign(story: Story, now: dt.datetime) -> None:
    case = story.case()
    near = [s.id for s in ranked(case, now=now) if s.eligible and (s.distance_km or 0) < VISITED_KM]
    wish = story.cast.staff[story.favours].pk if story.favours else 0
    if near:
        best = wish if wish in near else near[0]
        story.take(case, "assign", story.cast.actors["zhou"], now, engineer=best)


def _step(story: Story, step: str, now: dt.datetime, by: object, **fields: object) -> None:
    story.take(story.case(), step, by, now, **fields)  # type: ignore[arg-type]


def talk(story: Story, case: Case, now: dt.datetime) -> Plan | None:
    """What people say in between; None when nobody has anything to say."""
    if story.owes_answer and story.once(f"answered {case.journal_count}"):
        step = "call" if story.chance.random() < 0.3 else "reply"
        return story.soon(now, 5, 80), lambda t: _take(
            story, step, t, text=story.say("call" if step == "call" else "reply")
        )
    occasion = story.chance.choices(("", "message", "chase", "note", "call_attempt"), (84, 6, 2, 6, 2))[0]
    if not occasion or len(story.done) > 40 or not story.once(f"{occasion} {case.stage}"):
        return None
    if occasion in ("message", "chase") and case.contact_email:
        return now + dt.timedelta(minutes=story.chance.uniform(5, 600)), lambda t: _customer(
            story, occasion, t
        )
    if occasion == "note":
        return story.soon(now, 5, 120), lambda t: _take(story, "note", t, text=story.say("note"))
    return story.soon(now, 5, 60), lambda t: _take(story, "call_attempt", t, text=story.say("missed"))


def _customer(story: Story, step: str, now: dt.datetime) -> None:
    case = story.case()
    by = story.customer(case, "track", now)
    story.take(case, step, by, now, text=story.say(step))


def followup(story: Story, case: Case, now: dt.datetime) -> Plan:
    """C4.6: the engineer calls; after three misses the call may be waived."""
    by = story.engineer(case)
    if story.fate.reopens_at == "followup" and story.once("reopened"):
        return story.soon(now, 3 * HOUR, DAY), lambda t: _step(
            story, "reopen", t, by, reason=story.say("reopen")
        )
    missed = int(case.facts["engineer_misses"])
    if missed < story.fate.misses:
        text = story.say("missed")
        return story.soon(now, 2 * HOUR, 20 * HOUR), lambda t: _step(
            story, "follow_up_missed", t, by, text=text
        )
    if missed >= 3:
        reason = story.say("waive")
        return story.soon(now, HOUR, DAY), lambda t: _step(
            story, "waive_follow_up", t, story.agent, reason=reason
        )
    score = {"good": 5, "fair": 4, "bad": 3}.get(story.fate.mood, 4)
    text = story.say("follow")
    return story.soon(now, 2 * HOUR, 20 * HOUR, "followup"), lambda t: _step(
        story, "follow_up", t, by, satisfaction=score, questions=text
    )


def final(story: Story, case: Case, now: dt.datetime) -> Plan | None:
    """C4.7: the rating, somebody else's call, the end."""
    if case.facts["final_followup"] != "due":
        return story.soon(now, 5, 15 * HOUR), lambda t: _take(story, "close", t)
    if story.fate.mood != "silent" and story.once("rated"):
        return story.soon(now, 30, 3 * DAY), lambda t: _rate(story, t)
    if story.fate.reopens_at == "final" and story.once("reopened"):
        return story.soon(now, DAY, 4 * DAY), lambda t: _reopen(story, t)
    missed = int(case.facts["final_misses"])
    if missed < story.fate.final_misses:
        return story.soon(now, 1.5 * DAY, 3 * DAY), lambda t: _take(
            story, "final_missed", t, text=story.say("missed")
        )
    if missed >= 3:
        return story.soon(now, HOUR, DAY), lambda t: _take(story, "waive_final", t, reason=story.say("waive"))
    score = {"good": 5, "fair": 4, "bad": 3}.get(story.fate.mood, 5)
    return story.soon(now, 1.5 * DAY, 5 * DAY, "final"), lambda t: _take(
        story, "final_follow_up", t, satisfaction=score, text=story.say("final")
    )


def _reopen(story: Story, now: dt.datetime) -> None:
    case = story.case()
    by = links.actor(links.issue(case, "track", now=now)) if story.fate.links else story.agent
    try:
        story.take(case, "reopen", by, now, reason=story.say("reopen"))
    except steps.StepRefused:
        story.take(case, "reopen", story.agent, now, reason=story.say("reopen"))


def _rate(story: Story, now: dt.datetime) -> None:
    case = story.case()
    by = replace(story.customer(case, "rate", now), name=case.contact_name)
    low, high = {"good": (4, 5), "fair": (3, 4), "bad": (1, 3)}[story.fate.mood]
    marks = {name: story.chance.randint(low, high) for name in ("attitude", "speed", "quality", "overall")}
    text = story.say(story.fate.mood) if story.chance.random() < 0.7 else ""
    story.take(case, "rate", by, now, **marks, nps=min(10, marks["overall"] * 2), text=text)
