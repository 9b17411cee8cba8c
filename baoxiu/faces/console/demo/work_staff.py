"""The demo's engineers and stations: visits, parcels, bench, repair, quotes, hand-over."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from baoxiu.cases.models import Case, WorkOrder
from baoxiu.cases.work_orders import ENDED
from baoxiu.charges import balances
from baoxiu.charges.models import Quote
from baoxiu.faces.console.demo import pictures
from baoxiu.faces.console.demo.desk_staff import DAY, HOUR, Plan
from baoxiu.faces.console.demo.rules import PRICES as LISTED
from baoxiu.faces.console.demo.story import Story
from baoxiu.people.actors import Actor

REMEDIES = {"software": "update", "connection": "adjust", "performance": "clean", "drain": "clean"}
PRICES = {"machinery": (420, 1800), "bespoke": (380, 1500), "electronics": (120, 680)}

PARTS = [(code, zh, en) for code, kind, _unit, zh, en, _price in LISTED if kind == "part"]


def _step(story: Story, step: str, now: dt.datetime, by: Actor, **fields: object) -> None:
    story.take(story.case(), step, by, now, **fields)


def assigned(story: Story, case: Case, now: dt.datetime) -> Plan:
    by = story.engineer(case)
    if story.fate.declines_job and story.once("declined"):
        text = story.say("decline")
        return story.soon(now, 5, 25), lambda t: _step(
            story, "decline", t, by, reason="overloaded", text=text
        )
    return story.soon(now, 3, 27, "assigned"), lambda t: _step(story, "accept", t, by)


def visit(story: Story, case: Case, now: dt.datetime) -> Plan:
    """C4.4a: agree a window, set out, arrive in it – or find nobody."""
    by = story.engineer(case)
    if case.facts["appointed"] == "no":
        return story.soon(now, 5, 1.6 * HOUR, "visit"), lambda t: _appoint(story, t, by)
    order = WorkOrder.objects.filter(case=case).exclude(status__in=ENDED).latest("id")
    starts, ends = order.starts_at or now, order.ends_at or now
    if order.status != "under_way" and story.once(f"set out {starts}"):
        minutes = story.chance.randint(15, 45)
        return max(now, starts - dt.timedelta(minutes=minutes)), lambda t: _step(
            story, "set_out", t, by, minutes=minutes
        )
    if story.fate.absent and story.once("absent"):
        return max(now, starts + dt.timedelta(minutes=12)), lambda t: _absent(story, t, by)
    late = story.chance.random() < 0.1
    arrival = (ends if late else starts) + dt.timedelta(minutes=story.chance.randint(2, 40 if late else 70))
    return max(now, arrival), lambda t: _check_in(story, t, by)


def _appoint(story: Story, now: dt.datetime, by: Actor) -> None:
    notice, engineer = dt.timedelta(hours=story.chance.uniform(3, 40)), by.staff_id or 0
    if story.comes_after:
        starts, ends = story.diary.squeeze(engineer, story.comes_after, story.zone)
    else:
        starts, ends = story.diary.reserve(engineer, now + notice, story.zone)
    _step(story, "appoint", now, by, starts_at=starts, ends_at=ends, agreed_with=story.row.name)


def _absent(story: Story, now: dt.datetime, by: Actor) -> None:
    _step(story, "customer_absent", now, by, text=story.say("absent"), files=story.photos(0.8, by, now))


def _check_in(story: Story, now: dt.datetime, by: Actor) -> None:
    place = {"lat": float(story.row.lat), "lon": float(story.row.lon)}
    _step(story, "check_in", now, by, **place, files=story.photos(0.4, by, now))


def inbound(story: Story, case: Case, now: dt.datetime) -> Plan:
    """C4.4b: the parcel to us, unless the engineer took the product along."""
    head = story.cast.head_of(case.station_id)
    if case.facts["possession"] == "customer" and story.once(f"shipped {case.station_id}"):
        return story.soon(now, 5 * HOUR, 2.2 * DAY), lambda t: _ship_in(story, t)
    waiting = (DAY, 3.6 * DAY) if case.facts["possession"] == "customer" else (HOUR, 6 * HOUR)
    return story.soon(now, *waiting, "inbound"), lambda t: _receive(story, t, head)


def _ship_in(story: Story, now: dt.datetime) -> None:
    case = story.case()
    by = story.customer(case, "track", now) if story.fate.links and case.contact_email else story.agent
    tracking = f"SX{story.chance.randint(10**9, 10**10 - 1)}"
    story.take(case, "ship_in", by, now, carrier=story.say("carrier"), tracking=tracking)


def _receive(story: Story, now: dt.datetime, head: Actor) -> None:
    accessories = "电源线、说明书" if story.row.language == "zh" else "mains lead"
    _step(
        story,
        "receive",
        now,
        head,
        condition=story.say("receipt"),
        accessories=accessories,
        files=story.photos(0.6, head, now),
    )


def repair(story: Story, case: Case, now: dt.datetime) -> Plan:
    """C4.5, on either place: bench, diagnosis, who pays, work, test."""
    facts, by = case.facts, story.at_bench(case)
    depot = facts["venue"] == "depot"
    if depot and story.once(f"bench {case.station_id} {'reopened' in story.done}"):
        there = story.cast.engineers_of(case.station_id)
        who = story.skilled([s for s in there if s is story.cast.staff.get(story.favours)] or there)
        head = story.cast.head_of(case.station_id)
        return story.soon(now, HOUR, 20 * HOUR, "repair"), lambda t: _step(
            story, "take_on", t, head, engineer=who.pk
        )
    if facts["diagnosed"] == "no" or facts["cover"] == "unknown" and story.once("diagnosed again"):
        return story.soon(now, *((30, 8 * HOUR) if depot else (8, 45))), lambda t: _diagnose(story, t, by)
    if facts["cover"] == "unknown":
        chief = story.cast.actors["chen"]
        return story.soon(now, 20, 5 * HOUR), lambda t: _step(
            story, "override_cover", t, chief, cover="free", reason=story.say("override")
        )
    if story.fate.to_depot and not depot and facts["work"] == "none" and story.once("to depot"):
        return story.soon(now, 5, 30), lambda t: _step(
            story,
            "to_depot",
            t,
            by,
            station=story.station_near(),
            carried_by="ours",
            reason=story.say("to_depot"),
        )
    if story.fate.condemned and facts["work"] == "none" and story.once("condemned"):
        return story.soon(now, 15, 3 * HOUR), lambda t: _step(
            story, "condemn", t, by, reason=story.say("condemn")
        )
    if facts["cover"] == "paid" and facts["consent"] == "none":
        return story.soon(now, *((30, 6 * HOUR) if depot else (5, 25))), lambda t: _quote(story, t, by)
    return _working(story, case, now, by, depot)


def _working(story: Story, case: Case, now: dt.datetime, by: Actor, depot: bool) -> Plan:
    work, once = case.facts["work"], story.once
    if story.fate.waits_parts and work == "none" and once("waited for parts"):
        return story.soon(now, 10, 2 * HOUR), lambda t: _wait(story, t, by)
    if work == "none":
        return story.soon(now, *((20, 5 * HOUR) if depot else (3, 12))), lambda t: _step(
            story, "start_work", t, by
        )
    if work == "started":
        return story.soon(now, *((40, 7 * HOUR) if depot else (15, 80))), lambda t: _work(story, t, by)
    if story.fate.fails_test and once("failed"):
        return story.soon(now, 10, 60), lambda t: _step(story, "fail_test", t, by, text=story.say("fail"))
    return story.soon(now, 8, 60 if not depot else 3 * HOUR), lambda t: _step(
        story, "pass_test", t, by, text=story.say("pass")
    )


def _diagnose(story: Story, now: dt.datetime, by: Actor) -> None:
    case = story.case()
    by = story.at_bench(case)
    misused = story.fate.misused
    _step(
        story, "diagnose", now, by, symptom=story.fate.symptom,
        cause="accident" if misused else "installation" if story.row.kind == "installation" else story.chance.choice(("component", "component", "assembly", "wear")),
        remedy="install" if story.row.kind == "installation" else REMEDIES.get(story.fate.symptom, "replace_part"),
        fault="other" if misused else "quality", text=story.say("misuse" if misused else "finding"),
        files=story.photos(0.3, by, now),
    )  # fmt: skip


def _quote(story: Story, now: dt.datetime, by: Actor) -> None:
    low, high = PRICES.get(story.row.product_class, (80, 420))
    chinese = story.row.language == "zh"
    part = story.say("part")
    labour, price = story.chance.randint(60, 180), story.chance.randint(low, high)
    lines = [
        {"kind": "labour", "text": "检测与维修工时" if chinese else "Inspection and labour", "price": Decimal(labour)},
        {"kind": "part", "text": part, "price": Decimal(price)},
        {"kind": "travel", "text": "上门费" if chinese else "Travel", "price": Decimal(40), "free": story.chance.random() < 0.5},
    ]  # fmt: skip
    currency = "CNY" if chinese else "GBP" if story.row.country == "GB" else "EUR"
    _step(story, "quote", now, by, currency=currency, lines=lines, text=story.say("quote"), valid_days=14)


def consent(story: Story, case: Case, now: dt.datetime) -> Plan:
    """The customer answers by the link or by phone; some do not like the price."""
    return story.soon(now, 15, 30 * HOUR, "consent"), lambda t: _answer(story, t)


def _answer(story: Story, now: dt.datetime) -> None:
    case = story.case()
    by = story.customer(case, "quote", now) if story.fate.links and case.contact_email else story.agent
    version = Quote.objects.filter(case=case, status="sent").latest("version").version
    fields = {"version": version, "name": story.row.name, "way": "link" if by.kind == "link" else "phone"}
    if story.fate.refuses_quote and story.once("refused"):
        story.take(case, "decline_quote", by, now, **fields, reason=story.say("quote_no"))
    else:
        story.take(case, "accept_quote", by, now, **fields)


def _wait(story: Story, now: dt.datetime, by: Actor) -> None:
    expected = (now + dt.timedelta(days=story.chance.randint(2, 6))).date()
    _step(story, "wait_parts", now, by, part=story.say("part"), expected=expected)


def parts(story: Story, case: Case, now: dt.datetime) -> Plan:
    step = "parts_arrived" if case.facts["venue"] == "depot" else "return_visit"
    by = story.cast.actors["wucang"]
    return story.soon(now, DAY, 5 * DAY), lambda t: _step(story, step, t, by)


def _work(story: Story, now: dt.datetime, by: Actor) -> None:
    if story.fate.replaced and story.once("replaced"):
        serial = f"BX{story.no:05d}R{story.chance.randint(100, 999)}"
        _step(
            story,
            "replace",
            now,
            by,
            new_serial=serial,
            text=story.say("replace"),
            files=story.photos(0.7, by, now),
        )
        return
    occasion = "install" if story.row.kind == "installation" else "work"
    number, zh, en = story.chance.choice(PARTS)
    part = {"text": zh if story.row.language == "zh" else en, "number": number, "quantity": 1}
    _step(
        story, "work", now, by, remedy="install" if occasion == "install" else "replace_part", text=story.say(occasion),
        minutes=story.chance.randint(20, 150), parts=[] if occasion == "install" else [part],
        files=story.photos(0.35, by, now),
    )  # fmt: skip


def handover(story: Story, case: Case, now: dt.datetime) -> Plan:
    """Signed on the spot, fetched, or sent back and delivered."""
    by = story.at_bench(case)
    if case.facts["money"] == "due" and story.once("asked to pay") and story.chance.random() < 0.9:
        return story.soon(now, 2, 15), lambda t: _pay(story, t, by)
    if case.facts["venue"] == "onsite":
        return story.soon(now, 4, 20), lambda t: _sign(story, t, "hand_over", by)
    if case.facts["outbound"] == "shipped":
        return story.soon(now, DAY, 3.5 * DAY), lambda t: _step(story, "deliver", t, story.agent)
    head = story.cast.head_of(case.station_id)
    if story.fate.collects:
        return story.soon(now, 4 * HOUR, 2 * DAY), lambda t: _sign(story, t, "collect", head)
    if case.facts["possession"] != "ours":
        return story.soon(now, HOUR, DAY), lambda t: _sign(story, t, "collect", head)
    tracking = f"TT{story.chance.randint(10**9, 10**10 - 1)}"
    return story.soon(now, HOUR, 9 * HOUR), lambda t: _step(
        story, "ship_out", t, head, carrier=story.say("carrier"), tracking=tracking
    )


def _pay(story: Story, now: dt.datetime, by: Actor) -> None:
    way = story.chance.choices(("wallet", "cash", "card", "transfer"), (60, 15, 15, 10))[0]
    _step(story, "record_payment", now, by, amount=balances.of(story.case()).due, way=way)


def _sign(story: Story, now: dt.datetime, step: str, by: Actor) -> None:
    _step(story, step, now, by, signer=story.row.name, signature=pictures.signature(story.no))
