"""Many cases at once: rows made here, hashed as the gate hashes them, so that `baoxiu verify` agrees.

    python -m bench.seed 100000          (BAOXIU_HOME says where)

Not for the product: it goes round the operations. One case in five is open, one in twenty of all has
three replies; the others have been answered once, advised and closed, one in three of them rated. Every
second customer has an e-mail address and was sent what the steps owed him.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import random
import secrets
import sys
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import django
import orjson

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "baoxiu.config.settings")
django.setup()

from django.db import connection, models, transaction  # noqa: E402

from baoxiu.cases import links, outbox  # noqa: E402
from baoxiu.cases.journal import content_hash, entry_hash  # noqa: E402
from baoxiu.cases.models import (  # noqa: E402
    Case,
    Content,
    Duty,
    JournalEntry,
    Outgoing,
    PersonalLink,
    SearchText,
    Sequence,
)
from baoxiu.catalogue.models import Unit  # noqa: E402
from baoxiu.followups.models import FollowUp, Rating  # noqa: E402
from baoxiu.lib import bigrams  # noqa: E402
from baoxiu.people.models import Contact, Customer, Site, Staff  # noqa: E402
from baoxiu.service_levels import queries as levels  # noqa: E402
from baoxiu.sop import commitments  # noqa: E402
from baoxiu.sop import procedure as sop  # noqa: E402
from baoxiu.sop.standard import STANDARD  # noqa: E402
from bench import words  # noqa: E402

BATCH = 2000
DAYS = 700
TALKED, OPEN, RATED, MAILED = 20, 5, 3, 2  # one in so many
MODELS = (
    Customer, Contact, Site, Unit, Case, JournalEntry, Content, Duty, SearchText, PersonalLink, Outgoing, FollowUp, Rating,
)  # fmt: skip
CLOSING = ("register", "reply", "triage", "advise", "final_follow_up", "close")
WAITING = (
    ("register",),
    ("register", "reply"),
    ("register", "reply", "triage"),
    ("register", "triage", "confirm"),
)
TALKING = ("register", "reply", "triage", "reply", "reply")
MINUTES = {
    "register": 0, "reply": 25, "triage": 70, "advise": 30, "confirm": 90, "final_follow_up": 8000, "rate": 500, "close": 60,
}  # fmt: skip


CALENDAR = "24x7"
STARS = {"attitude": 5, "speed": 4, "quality": 5, "overall": 5}


class Rows:
    """Columns and defaults of a model, and the rows gathered for it."""

    def __init__(self, model: type[models.Model]) -> None:
        self.fields = list(model._meta.concrete_fields)
        self.table = model._meta.db_table
        names = ", ".join(f'"{f.column}"' for f in self.fields)
        self.sql = f'INSERT INTO "{self.table}" ({names}) VALUES ({", ".join(["%s"] * len(self.fields))})'
        self.defaults = {
            f.attname: None if f.is_relation or f.primary_key else f.get_default() for f in self.fields
        }
        self.dynamic = [f for f in self.fields if callable(f.default) and f.attname == "qr_token"]
        self.dates = {f.attname for f in self.fields if isinstance(f, models.DateTimeField)}
        self.json = {f.attname for f in self.fields if isinstance(f, models.JSONField)}
        self.rows: list[tuple[Any, ...]] = []
        self.next = (model._default_manager.aggregate(models.Max("pk"))["pk__max"] or 0) + 1

    def add(self, **values: Any) -> int:
        pk = values.setdefault("case_id", self.next) if "id" not in self.defaults else self.next
        values.setdefault("id", pk)
        self.next += 1
        for field in self.dynamic:
            values.setdefault(field.attname, field.get_default())
        self.rows.append(tuple(self._plain(f.attname, values) for f in self.fields))
        return int(pk)

    def _plain(self, name: str, values: dict[str, Any]) -> Any:
        value = values.get(name, self.defaults[name])
        if value is not None and name in self.dates:
            return value.astimezone(dt.UTC).replace(tzinfo=None).isoformat(sep=" ")
        return orjson.dumps(value).decode() if name in self.json and value is not None else value

    def flush(self, cursor: Any) -> None:
        cursor.executemany(self.sql, self.rows)
        self.rows.clear()


class Seeder:
    """Plays the table of the procedure over rows instead of a database."""

    def __init__(self, now: dt.datetime) -> None:
        self.now = now
        self.agents = list(Staff.objects.with_role("agent").order_by("pk"))
        self.rows = {model: Rows(model) for model in MODELS}
        self.search: list[tuple[int, str]] = []
        self.numbers: dict[str, int] = {}
        self.book = levels.in_force()[1].sha256
        self.decision = commitments.entitlement(
            kind="repair", fault="quality", purchase_date=now.date(), claim_date=now.date()
        ).to_json()

    def case(self, number: int, age: dt.timedelta) -> None:
        asked, created = words.request(number), self.now - age
        chance = random.Random(number)
        if number % TALKED == 0:
            script: tuple[str, ...] = TALKING
        else:
            script = WAITING[number % len(WAITING)] if number % OPEN == 0 else CLOSING
            if script is CLOSING and number % RATED == 0:
                script = (*CLOSING[:-1], "rate", CLOSING[-1])
        name = f"case-{created:%y%m}"
        self.numbers[name] = self.numbers.get(name, 0) + 1
        agent = chance.choice(self.agents)
        case = self._ground(asked, created, f"BX-{created:%y%m}-{self.numbers[name]:06d}", agent)
        if number % MAILED == 0:
            case.email = asked.email
            self.rows[Contact].add(
                customer_id=case.customer, kind="email", value=asked.email, is_primary=True
            )
        moment = created
        for step in script:
            moment = moment + dt.timedelta(minutes=MINUTES[step] * chance.uniform(0.4, 1.3))
            self._step(case, step, moment, asked, agent, chance)
        self._finish(case, asked)

    def _ground(self, asked: words.Request, at: dt.datetime, number: str, agent: Staff) -> SimpleNamespace:
        rows = self.rows
        customer = rows[Customer].add(name=asked.name, language="zh", timezone="Asia/Shanghai", created_at=at)
        rows[Contact].add(customer_id=customer, kind="phone", value=asked.phone, is_primary=True)
        province, city, district = asked.city
        site = rows[Site].add(
            customer_id=customer,
            country="CN",
            province=province,
            city=city,
            district=district,
            street=asked.street,
        )
        bought = at.date() - dt.timedelta(days=200)
        unit = rows[Unit].add(
            product=asked.product, brand=asked.brand, product_class="appliance", serial=asked.serial,
            purchase_date=bought.isoformat(), customer_id=customer, site_id=site, created_at=at,
        )  # fmt: skip
        return SimpleNamespace(
            pk=rows[Case].next, number=number, stage=sop.NEW, stage_since=at, facts=STANDARD.initial_facts, head="", count=0,
            duties={}, created_at=at, closed_at=None, customer=customer, site=site, unit=unit, owner=agent.pk, last="", last_at=at,
            email="", links={},
        )  # fmt: skip

    def _step(
        self,
        case: SimpleNamespace,
        name: str,
        at: dt.datetime,
        asked: words.Request,
        agent: Staff,
        chance: random.Random,
    ) -> None:
        step = STANDARD.step[name]
        body, said, chosen = self._content(case, name, asked, chance)
        opened = {
            kind: at + dt.timedelta(minutes=STANDARD.duty[kind].due_minutes)
            for kind in step.opens
            if kind not in case.duties or step.to_stage or kind in step.discharges
        }
        ended = {kind: "done" for kind in step.discharges if kind in case.duties}
        ended.update({kind: "replaced" for kind in opened if kind in case.duties and kind not in ended})
        mine = {k: case.owner if STANDARD.duty[k].party == "agent" else None for k in opened}
        for key, value in (
            ("opened", {k: [v.isoformat(), mine[k]] for k, v in opened.items()}),
            ("ended", ended),
            (
                "clocks",
                {k: [at.isoformat(), STANDARD.duty[k].due_minutes, CALENDAR, "", self.book] for k in opened},
            ),
        ):
            if value:
                body[key] = value
        stage, salt = step.to_stage or case.stage, f"{chance.getrandbits(128):032x}"
        case.count += 1
        by = (
            (f"link:{case.pk}", asked.name, "customer")
            if name == "rate"
            else (f"staff:{agent.pk}", agent.name, "agent")
        )
        entry = SimpleNamespace(
            no=case.count, at=at, step=name, clause=step.clause, actor=by[0], party=by[2],
            from_stage=case.stage, to_stage=stage, body=body, content_hash=content_hash(salt, said) if said else "",
            previous=case.head,
        )  # fmt: skip
        case.head = entry_hash(entry, case.number)  # type: ignore[arg-type]
        pk = self.rows[JournalEntry].add(case_id=case.pk, actor_name=by[1], hash=case.head, **vars(entry))
        if said:
            self.rows[Content].add(entry_id=pk, salt=salt, words=said)
        for kind, outcome in ended.items():
            self._duty(case, kind, outcome, at)
        for kind, due in opened.items():
            case.duties[kind] = (at, due, mine[kind], case.count)
        case.facts = sop.facts_after(step, case.facts, chosen, STANDARD)
        if stage != case.stage:
            case.stage, case.stage_since = stage, at
        if STANDARD.stage[stage].is_end:
            case.closed_at = at
        self._beside(case, name, at, agent, said)
        case.last, case.last_at = str(said.get("text") or said.get("problem") or case.last)[:160], at

    def _beside(
        self, case: SimpleNamespace, name: str, at: dt.datetime, agent: Staff, said: dict[str, Any]
    ) -> None:
        """What the rooms and the outbox write with the step."""
        if name == "final_follow_up":
            self.rows[FollowUp].add(
                case_id=case.pk, entry_no=case.count, kind="final", round=1, attempt=1, outcome="reached", satisfaction=5,
                caller_id=agent.pk, at=at,
            )  # fmt: skip
        if name == "rate":
            self.rows[Rating].add(
                case_id=case.pk, entry_no=case.count, round=1, at=at, **STARS, text=said.get("text", "")
            )
        purpose = outbox.MESSAGES.get(name)
        if not case.email or not purpose:
            return
        if purpose not in case.links:
            link = PersonalLink(purpose=purpose, nonce=secrets.token_hex(16))
            case.links[purpose] = self.rows[PersonalLink].add(
                case_id=case.pk, purpose=purpose, nonce=link.nonce, token_hash=links.hash_of(links.token_of(link)), created_at=at,
                expires_at=at + dt.timedelta(days=links.LIFETIME_DAYS[purpose]),
            )  # fmt: skip
        self.rows[Outgoing].add(
            case_id=case.pk, entry_no=case.count, event=outbox.SAME.get(name, name), language="zh", recipient=case.email,
            context={"link": case.links[purpose]}, state="sent", due_at=at, created_at=at, sent_at=at + dt.timedelta(minutes=1),
        )  # fmt: skip

    def _content(
        self, case: SimpleNamespace, name: str, asked: words.Request, chance: random.Random
    ) -> tuple[dict[str, Any], dict[str, Any], dict[str, str]]:
        if name == "register":
            kept = {
                "subject": asked.subject,
                "contact_name": asked.name,
                "contact_phone": asked.phone,
                "contact_email": case.email,
            }
            columns = {
                "priority": 3,
                "customer_id": case.customer,
                "unit_id": case.unit,
                "site_id": case.site,
                "owner_id": case.owner,
            }
            body = {
                "data": {"channel": "phone", "kind": "repair"},
                "set": {**columns, "kind": "repair", "language": "zh"},
            }
            return body, {"problem": asked.problem, "case": {k: v for k, v in kept.items() if v}}, {}
        if name == "triage":
            data = {"symptom": "leak", "fault": "quality", "priority": "3", "decision": self.decision}
            return {"data": data, "facts": {"cover": "free"}}, {}, {"cover": "free"}
        if name == "confirm":
            return (
                {"data": {"venue": "onsite", "way": "phone"}, "facts": {"venue": "onsite"}},
                {},
                {"venue": "onsite"},
            )
        if name == "final_follow_up":
            return {"data": {"works": True, "satisfaction": 5, "round": 1, "attempt": 1}}, {}, {}
        if name == "rate":
            return {"data": STARS}, {"text": chance.choice(words.ANSWERS)}, {}
        said = {"text": chance.choice(words.ANSWERS)} if name in ("reply", "advise") else {}
        return {"data": {}}, said, {}

    def _duty(self, case: SimpleNamespace, kind: str, outcome: str, at: dt.datetime | None) -> None:
        opened, due, owner, no = case.duties.pop(kind)
        known = STANDARD.duty[kind]
        self.rows[Duty].add(
            case_id=case.pk, kind=kind, clause=known.clause, party=known.party, owner_id=owner, opened_at=opened, due_at=due,
            warn_at=opened + (due - opened) * known.warn_share, ended_at=at, outcome=outcome, opened_by_no=no,
            clock_from=opened, minutes=known.due_minutes, calendar=CALENDAR,
            ended_by_no=case.count if at else None,
        )  # fmt: skip

    def _finish(self, case: SimpleNamespace, asked: words.Request) -> None:
        due, kind = min(((d[1], k) for k, d in case.duties.items()), default=(None, ""))
        self.rows[Case].add(
            number=case.number, procedure=STANDARD.sha256, stage=case.stage, stage_since=case.stage_since,
            is_open=case.closed_at is None, channel="phone", kind="repair", language="zh", priority=3, subject=asked.subject,
            contact_name=asked.name, contact_phone=asked.phone, contact_email=case.email, customer_id=case.customer, unit_id=case.unit, site_id=case.site,
            owner_id=case.owner, created_at=case.created_at, closed_at=case.closed_at, facts=case.facts, next_duty=kind,
            next_due_at=due, last_line=case.last, last_at=case.last_at, journal_count=case.count, journal_head=case.head,
        )  # fmt: skip
        for left in list(case.duties):
            self._duty(case, left, "open", None)
        text = f"{case.number} {asked.subject} {asked.name} {asked.phone} {case.email} {asked.serial} {asked.product} {asked.brand} {asked.problem}"
        self.rows[SearchText].add(case_id=case.pk, text=text)
        self.search.append((case.pk, " ".join(bigrams.tokens(text))))

    def flush(self) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            for model in MODELS:
                self.rows[model].flush(cursor)
            cursor.executemany("INSERT INTO cases_search(rowid, tokens) VALUES (%s, %s)", self.search)
            self.search.clear()
            for name, value in self.numbers.items():
                Sequence.objects.update_or_create(pk=name, defaults={"value": value})


def seed(number: int, now: dt.datetime) -> Iterator[int]:
    """Adds cases, the oldest first; yields how many there are. SQLite only."""
    if connection.vendor != "sqlite":
        raise SystemExit("seeding by rows is for SQLite; use `baoxiu import-cases` for PostgreSQL.")
    connection.close()
    connection.settings_dict["OPTIONS"]["init_command"] += (
        "PRAGMA synchronous=OFF; PRAGMA cache_size=-400000;"
    )
    with connection.cursor() as cursor:
        again = _without_indexes(cursor)
    seeder = Seeder(now)
    seeder.numbers = dict(Sequence.objects.filter(name__startswith="case-").values_list("name", "value"))
    for i in range(number):
        seeder.case(i + 1, dt.timedelta(days=DAYS * (1 - i / number) ** 1.5 + 0.01))
        if (i + 1) % BATCH == 0 or i + 1 == number:
            seeder.flush()
            yield i + 1
    with connection.cursor() as cursor:
        for statement in again:
            cursor.execute(statement)


def _without_indexes(cursor: Any) -> list[str]:
    """Drops the indexes of the tables to be filled; returns how to make them again, which at the end is quicker."""
    tables = [model._meta.db_table for model in MODELS]
    places = ", ".join(["%s"] * len(tables))
    cursor.execute(
        f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name IN ({places})", tables
    )
    found = [(name, sql) for name, sql in cursor.fetchall() if sql]
    for name, _ in found:
        cursor.execute(f'DROP INDEX "{name}"')
    return [sql for _, sql in found]


def ground() -> None:
    """Somebody to sign in as, with a password, and a few colleagues."""
    for i in range(1, 7):
        if not Staff.objects.filter(email=f"agent{i}@example.com").exists():
            Staff.objects.create_staff(
                f"agent{i}@example.com", f"{words.SURNAMES[i]}客服", ["agent"], "measuring-only-1"
            )


def main() -> None:
    wanted, began = int(sys.argv[1]), time.monotonic()
    ground()
    have = Case.objects.count()
    if have:
        raise SystemExit(f"there are {have:,} cases already; seed an empty home.")
    now = dt.datetime.now(dt.UTC)
    for done in seed(wanted, now):
        if done % (BATCH * 10) == 0:
            print(
                f"seeded {done:,} of {wanted:,}, {done / (time.monotonic() - began):,.0f}/s",
                file=sys.stderr,
                flush=True,
            )
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO cases_search(cases_search) VALUES ('optimize')")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    digest = hashlib.sha256(str(wanted).encode()).hexdigest()[:8]
    print(json.dumps({"cases": wanted, "seconds": round(time.monotonic() - began, 1), "id": digest}))


if __name__ == "__main__":
    main()
