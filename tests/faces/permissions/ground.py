"""The ground set: two companies' cases, everybody who may knock, and words that must not get about.

C1 is 刘总's (engineer 张工, station 赵站长, account manager 林经理), waiting for parts so that 吴仓管 sees it
too. C2 is 王女士's (钱工, 冯站长). Every kind of object has three: one's own, another's, one that is not there.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from baoxiu.cases import attachments, links, steps
from baoxiu.cases.models import Case, Outgoing
from baoxiu.catalogue.models import UnitImport
from baoxiu.catalogue.records import RegistrationRecord
from baoxiu.charges.models import Booking, PriceList
from baoxiu.clocks.models import Alarm
from baoxiu.dispatch.models import Policy, Roads
from baoxiu.jobs.models import Job
from baoxiu.notify import unsubscribing
from baoxiu.notify.models import Target
from baoxiu.people.actors import ANONYMOUS, Actor
from baoxiu.people.models import ApiKey, Contact, Skill, StaffSkill, Team, Territory
from baoxiu.registrations import operations as registrations
from baoxiu.service_levels import operations as levels
from baoxiu.sop import payloads, warranty
from baoxiu.sop.service_levels import FIRST, Book
from baoxiu.terms.models import WarrantyVersion
from tests.conftest import NOW, Cast, build_cast, signed_in
from tests.faces.machine import request_of

# one letter an actor: nobody, a personal link of each purpose, the roles, a company's key
WHO = {
    "N": "", "L": "track", "Q": "quote", "R": "rate", "A": "agent", "D": "dispatcher", "E": "engineer", "H": "station_head", "K": "stock_keeper",
    "M": "account_manager", "S": "manager", "X": "administrator", "I": "integration",
}  # fmt: skip
OWN, OTHER, ABSENT = "own", "other", "absent"

C2_PHONE, C2_NAME, C2_WORDS = "+8613977310001", "CANARY-PII-7731", "CANARY-WORDS-2202"
C1_PHONE, C1_NOTE, SECRET = "+8613977310002", "CANARY-NOTE-9914", "CANARY-KEY-5520"
# whose answers may never hold what: everybody not named may
CANARIES = {
    C2_PHONE: "NLQREHKMXI", C2_NAME: "NLQREHKMXI", C2_WORDS: "NLQREHKMXI", C1_NOTE: "NLQRXI", C1_PHONE: "NKX",
    SECRET: "NLQRADEHKMSXI",
}  # fmt: skip


@dataclass
class Ground:
    cast: Cast
    case: Case
    foreign: Case
    done: Case  # 刘总's too, handed over
    objects: dict[str, dict[str, Any]] = field(default_factory=dict)  # kind → own | other | absent → value
    tokens: dict[str, str] = field(default_factory=dict)  # letter → bearer token
    browsers: dict[str, Client] = field(default_factory=dict)
    machines: dict[str, Client] = field(default_factory=dict)

    def browser(self, who: str) -> Client:
        """A signed-in browser; for a company's key or a link's token one that sends them in vain."""
        if who not in self.browsers:
            if WHO[who] in self.cast.staff:
                client = signed_in(self.cast.staff[WHO[who]], "en", raise_request_exception=False)
            else:
                client = self._machine(who)
            self.browsers[who] = client
        return self.browsers[who]

    def machine(self, who: str) -> Client:
        if who not in self.machines:
            self.machines[who] = self._machine(who)
        return self.machines[who]

    def _machine(self, who: str) -> Client:
        headers = {"accept-language": "en"}
        if who in self.tokens:
            headers["authorization"] = f"Bearer {self.tokens[who]}"
        return Client(headers=headers, raise_request_exception=False)


def build() -> Ground:
    cache.clear()
    cast = build_cast()
    Contact.objects.filter(customer=cast.liu, kind="phone").update(value=C1_PHONE)
    Contact.objects.filter(customer=cast.wang, kind="phone").update(value=C2_PHONE)
    cast.wang.name = C2_NAME
    cast.wang.save()
    staff = cast.staff
    # a unit each, so that 刘总 has one of his own
    cast.old_unit.customer = cast.liu
    cast.old_unit.save()
    first = _case(
        cast, "liu", "洗衣机不排水", stage="parts", engineer=staff["engineer"], station=cast.station
    )
    second = _case(cast, "wang", C2_WORDS, stage="repair", engineer=staff["engineer2"], station=cast.station2)
    done = _case(cast, "liu", "已修好", stage="final")
    for case, text in ((first, C1_NOTE), (second, C2_WORDS)):
        steps.take_step(case, "note", payloads.Note(text=text), by=cast.actor("agent"), now=NOW)
    ground = Ground(cast, first, second, done)
    _keys(ground)
    _objects(ground)
    return ground


def _case(cast: Cast, customer: str, problem: str, **columns: Any) -> Case:
    number = request_of(getattr(cast, customer), problem=problem)
    facts = {**Case.objects.get(number=number).facts, "venue": "depot", "diagnosed": "yes", "triaged": "yes"}
    Case.objects.filter(number=number).update(facts=facts, owner=cast.staff["agent"], **columns)
    return Case.objects.get(number=number)


def _keys(ground: Ground) -> None:
    cast = ground.cast
    for letter, role in WHO.items():
        owner = (
            {"staff": cast.staff[role]}
            if role in cast.staff
            else {"customer": cast.liu}
            if letter == "I"
            else None
        )
        if owner:
            token = f"{SECRET}-{letter}"
            digest = hashlib.sha256(token.encode()).hexdigest()
            ApiKey.objects.create(name=f"{role} key", token_hash=digest, created_at=NOW, **owner)
            ground.tokens[letter] = token
        if role in links.STEPS:
            ground.tokens[letter] = links.token_of(links.issue(ground.case, role, now=timezone.now()))


def _warranties() -> list[int]:
    """One published, one draft."""
    spec = warranty.FIRST.canonical
    made = [
        WarrantyVersion.objects.create(
            number=1, status="published", spec=spec, in_force_from=NOW.date(), sha256="a1" * 32, published_at=NOW, created_at=NOW
        ),
        WarrantyVersion.objects.create(number=2, spec=spec, made_by="陈主管", created_at=NOW),
    ]  # fmt: skip
    return [version.pk for version in made]


def _objects(ground: Ground) -> None:
    cast, first, second = ground.cast, ground.case, ground.foreign
    files = [_file(cast, first), _file(cast, second)]
    customers, nobody = (cast.liu, cast.wang), 987_654_321
    people = [c.people.create(name="采购") for c in customers]
    members = [cast.staff["engineer"], cast.staff["engineer2"]]
    skill, day = Skill.objects.get(), NOW.date()
    teams = [Team.objects.create(name=f"{i} 组") for i in (1, 2)]
    skills = [StaffSkill.objects.get_or_create(staff=m, skill=skill)[0] for m in members]
    absences = [m.absences.create(from_date=day, until_date=day + dt.timedelta(days=2)) for m in members]
    keys = ApiKey.objects.order_by("pk")
    messages = [_failed(c) for c in (first, second)]

    prices = [
        PriceList.objects.create(currency=c, version=1, made_by="陈主管", created_at=NOW)
        for c in ("CNY", "EUR")
    ]
    for made in prices:
        made.items.create(code="L1", kind="labour", name="检修", price=100)

    def three(own: Any, other: Any, absent: Any = nobody) -> dict[str, Any]:
        return {OWN: own, OTHER: other, ABSENT: absent}

    ground.objects = {
        "case": three(first.number, second.number, "BX-2611-999999"),
        "file": three(*files),
        "customer": three(*(c.pk for c in customers)),
        "contact": three(*(c.contacts.order_by("pk")[0].pk for c in customers)),
        "person": three(*(p.pk for p in people)),
        "site": three(*(c.sites.get().pk for c in customers)),
        "unit": three(cast.old_unit.pk, cast.unit.pk),
        "staff": three(*(m.pk for m in members)),
        "absence": three(*(a.pk for a in absences)),
        "staffskill": three(*(s.pk for s in skills)),
        **{kind: three(*pair) for kind, pair in _planning(customers, members).items()},
        "team": three(*(t.pk for t in teams)),
        "skill": three(skill.pk, skill.pk),
        "key": three(keys[0].pk, keys[1].pk),
        "target": three(*(_target(f"group {i}") for i in (1, 2))),
        "message": three(*messages),
        "letter": three(*(unsubscribing.token_of(m) for m in messages), "1-AAAA"),
        "job": three(*(_job(f"job {i}") for i in (1, 2))),
        "station": three(cast.station.pk, cast.station2.pk),
        **{kind: three(*pair) for kind, pair in _held(cast, members).items()},
        "booking": three(*(_booking(case) for case in (first, second))),
        "prices": three(*(p.pk for p in prices)),
        "warranty": three(*_warranties()),
        "price": three(*(p.items.get().pk for p in prices)),
        "model": three(cast.unit.model_id, cast.old_unit.model_id),
        **{kind: three(*found) for kind, found in _registered(cast).items()},
        "qr": three(cast.old_unit.qr_token, cast.unit.qr_token, "A" * 24),
        "procedure": three(first.procedure, first.procedure, "0" * 64),
        # a token for another purpose opens nothing
        "track": three(ground.tokens["L"], ground.tokens["R"], "A" * 32),
        "handed": three(links.token_of(links.issue(ground.done, "track", now=timezone.now())), ground.tokens["R"], "A" * 32),
        "quote": three(ground.tokens["Q"], ground.tokens["L"], "A" * 32),
        "rate": three(ground.tokens["R"], ground.tokens["Q"], "A" * 32),
    }  # fmt: skip
    ground.objects |= {name: three(*pair) for name, pair in _levels(cast, first, second).items()}


def _levels(cast: Cast, *cases: Case) -> dict[str, tuple[Any, ...]]:
    """A level, a calendar, a day table; contracts and alarms of the two cases: own, other, absent."""
    level = {
        "code": "urgent", "name_en": "Urgent", "name_zh": "加急", "targets": {"triage": {"minutes": 9}}, "priorities": [1],
    }  # fmt: skip
    book = Book.model_validate(FIRST.model_dump(mode="json") | {"levels": [level]})
    levels.publish(book, reason="签约", by=cast.actor("manager"), now=NOW)
    contracts = [c.customer.contracts.create(code=f"K{c.pk}", from_date=NOW.date()) for c in cases]
    alarms = [
        Alarm.objects.create(
            case=c,
            kind="triage",
            point="warn",
            at=NOW,
            fired_at=NOW,
            due_at=NOW,
            to="manager",
            role="manager",
        )
        for c in cases
    ]
    return {
        "level": ("urgent", "urgent", "nothing"), "calendar": ("office", "office", "nothing"), "table": ("CN", "CN", "XX"),
        "contract": tuple(c.pk for c in contracts), "alarm": tuple(a.pk for a in alarms),
    }  # fmt: skip


def _target(name: str) -> int:
    return Target.objects.create(name=name, address="wecombot://x", since_at=NOW, seen_at=NOW).pk


def _failed(case: Case) -> int:
    """A message that did not go out."""
    row = Outgoing(
        case=case, entry_no=1, event="reply", language="en", recipient="x@example.com", state="failed"
    )
    row.due_at = row.created_at = NOW
    row.save()
    return row.pk


def _planning(customers: Any, members: Any) -> dict[str, list[int]]:
    """Two of what planning stands on, of each."""
    areas = [Territory.objects.create(name=f"{i} 区", places="上海市") for i in (1, 2)]
    for area, member in zip(areas, members, strict=True):
        area.staff.add(member)
    pairs = list(zip(customers, members, strict=True))
    ids = [area.pk for area in areas]
    same = dict.fromkeys(("longer", "shorter", "median", "most"), 0)
    return {
        "policy": [Policy.objects.create(name=f"{i}").pk for i in (1, 2)],
        "roads": [Roads.objects.create(name=f"{i}", rows=0, legs=b"", told=same, at=NOW).pk for i in (1, 2)],
        "territory": ids,
        "area": ids,
        "hours": [m.hours.create(weekday=1, from_minute=540, until_minute=1080).pk for m in members],
        "wish": [c.wishes.create(staff=m, kind="preferred").pk for c, m in pairs],
    }


def _held(cast: Cast, members: Any) -> dict[str, list[int]]:
    """A van and a stockroom at each of two stations, with a part in it."""
    part, rooms = {"number": "P-1", "quantity": 3, "changed_at": NOW}, (cast.station, cast.station2)
    return {
        "van": [m.pk for m in members],
        "carried": [m.holdings.create(**part).pk for m in members],
        "stockroom": [room.pk for room in rooms],
        "stocked": [room.holdings.create(**part).pk for room in rooms],
    }


def _registered(cast: Cast) -> dict[str, tuple[Any, ...]]:
    """刘总's by his company's key, and 王女士's from outside; and their senders' pages; files of units."""
    made = []
    for by, name, phone in (
        (Actor("integration", "刘总", customer_id=cast.liu.pk), "刘总", ""), (ANONYMOUS, C2_NAME, C2_PHONE),
    ):  # fmt: skip
        record = RegistrationRecord(serial="S-8", purchase_date=NOW.date(), name=name, phone=phone)
        made.append(registrations.submit(record, by=by, now=timezone.now(), today=NOW.date(), channel="web"))
    tokens = [links.token_of(found) for found in made]
    batches = tuple(
        UnitImport.objects.create(name=who, key=who, staff=cast.staff[who], created_at=NOW, touched_at=NOW).pk
        for who in ("agent", "manager")
    )
    return {
        "batch": batches,
        "registration": tuple(found.pk for found in made),
        "registered": (*tokens, "A" * 32),
    }


def _job(key: str) -> int:
    return Job.objects.create(name="none", key=key, run_at=NOW, created_at=NOW).pk


def _booking(case: Case) -> int:
    row = Booking.objects.create(
        case=case, entry_no=9, number=f"{case.number}-9", kind="payment", way="cash", currency="CNY", amount=50,
        recorded_by="李客服", at=NOW,
    )  # fmt: skip
    return row.pk


def _file(cast: Cast, case: Case) -> int:
    """A file the customer's own message brought."""
    by = cast.actor("agent")
    kept = attachments.store(SimpleUploadedFile("a.txt", f"words of {case.number}".encode()), by=by, now=NOW)
    payload = payloads.Message(text="见附件", files=[kept.pk])
    steps.take_step(case, "message", payload, by=by, now=NOW)
    return kept.pk
