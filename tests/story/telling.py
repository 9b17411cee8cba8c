"""A story told through the real interfaces: the same verbs over the pages and over the API.

`take` finds the step on the case's page, opens its form, fills in what is said and sends it, as a
browser without a script would; over the API it posts JSON. Nothing is reached into but to look.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from django.test import Client
from django.utils import timezone

from baoxiu.cases import verify
from baoxiu.cases.models import Case, Duty, JournalEntry
from baoxiu.notify import queries as notify
from baoxiu.people.actors import SYSTEM
from baoxiu.people.models import ApiKey, Contact
from baoxiu.sop.standard import STANDARD
from tests.conftest import Cast
from tests.faces.machine import Machine, key_for
from tests.rooms.walking import GIVEN, NEEDS_REASON, NEEDS_TEXT, SIGNATURE, WHO

FACES = {"engineer": "field/jobs", "engineer2": "field/jobs", "station_head": "bench/cases", "station_head2": "bench/cases",
         "stock_keeper": "bench/cases"}  # fmt: skip
PORTAL = {"accept_quote": "accept", "decline_quote": "decline"}
PURPOSES = {"accept_quote": "quote", "decline_quote": "quote", "rate": "rate"}


@dataclass
class HtmlForm:
    action: str
    values: dict[str, Any] = field(default_factory=dict)


class _Forms(HTMLParser):
    """The forms of a page with what their fields hold before anything is typed."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[HtmlForm] = []
        self._form: HtmlForm | None = None
        self._area = self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {k: v or "" for k, v in attrs}
        if tag == "form":
            self._form = HtmlForm(a.get("action", ""))
            self.forms.append(self._form)
        if self._form is None or not (a.get("name") or tag == "option"):
            return
        if tag == "textarea":
            self._area = a["name"]
            self._form.values[self._area] = ""
        elif tag == "select":
            self._select = a["name"]
        elif tag == "option" and self._select:
            if "selected" in a or self._select not in self._form.values:
                self._form.values[self._select] = a.get("value", "")
        elif tag == "input" and (
            a.get("type") not in ("checkbox", "radio", "file", "submit") or "checked" in a
        ):
            self._form.values[a["name"]] = a.get("value", "on")

    def handle_data(self, data: str) -> None:
        if self._area and self._form is not None:
            self._form.values[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""
        if tag == "select":
            self._select = ""
        if tag == "form":
            self._form = None


def forms_of(html: str) -> list[HtmlForm]:
    parser = _Forms()
    parser.feed(html)
    return parser.forms


def flat(given: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """A payload's values under the names a form gives them."""
    out: dict[str, Any] = {}
    for name, value in given.items():
        key = f"{prefix}{name}"
        if isinstance(value, list):
            for i, row in enumerate(value):
                out.update(flat(row, f"{key}-{i}-"))
        elif isinstance(value, dict):
            out.update(flat(value, f"{key}-"))
        elif isinstance(value, bool):
            out.update({key: "on"} if value else {})
        elif isinstance(value, dt.datetime):
            out[key] = timezone.localtime(value).strftime("%Y-%m-%dT%H:%M")
        else:
            out[key] = str(value)
    return out


@dataclass
class Answer:
    """What an interface said; `is_offered`: the page showed a way to do it."""

    ok: bool
    status: int
    text: str
    is_offered: bool = True


@dataclass
class Story:
    """One case told through one interface ("pages" or "api")."""

    cast: Cast
    interface: str
    number: str = ""
    machines: dict[str, Machine] = field(default_factory=dict)

    # -- looking -------------------------------------------------------------------------------

    @property
    def case(self) -> Case:
        return Case.objects.select_related("unit", "engineer", "station", "owner").get(number=self.number)

    @property
    def stage(self) -> str:
        return self.case.stage

    @property
    def owed(self) -> set[str]:
        return set(
            Duty.objects.filter(case__number=self.number, outcome="open").values_list("kind", flat=True)
        )

    @property
    def steps(self) -> list[str]:
        return list(
            JournalEntry.objects.filter(case__number=self.number)
            .order_by("no")
            .values_list("step", flat=True)
        )

    def page(self, who: str) -> str:
        """The case's page as `who` sees it at their face."""
        answer = self.cast.client(who).get(f"/{FACES.get(who, 'desk/cases')}/{self.number}/")
        assert answer.status_code == 200, (who, answer.status_code)
        return answer.content.decode()

    def letter(self, event: str) -> notify.Letter:
        """The newest message of this kind, as the customer got it."""
        return next(m for m in notify.mailbox(SYSTEM, self.case) if m.event == event)

    def address(self, purpose: str) -> str:
        """The path of the customer's personal page, taken from a message."""
        letters = {"quote": ("quote",), "rate": ("follow_up", "final_follow_up")}.get(purpose, ("register",))
        return urlsplit(next(self.letter(e).link for e in letters if e in self._events())).path

    def _events(self) -> set[str]:
        return {m.event for m in notify.mailbox(SYSTEM, self.case)}

    def is_sound(self) -> bool:
        found = [str(d) for _, many in verify.verify([self.number]) for d in many]
        assert not found, found
        assert self.case.is_open or not self.owed
        return True

    # -- acting --------------------------------------------------------------------------------

    def take(self, who: str, step: str, **given: Any) -> Answer:
        """The step is possible and taken. `who`: of the cast, or "customer" by the personal link."""
        answer = self.attempt(who, step, **given)
        assert answer.ok, (self.interface, who, step, answer.status, answer.text[-3000:])
        assert answer.is_offered, f"{who} does not find {step} on the page"
        assert self.steps[-1] == step
        return answer

    def cannot(self, who: str, step: str, **given: Any) -> Answer:
        """The step is refused, and nothing has changed."""
        before = self.case.journal_count
        answer = self.attempt(who, step, **given)
        assert not answer.ok and answer.status in (400, 403, 404, 409, 422), (
            self.interface,
            who,
            step,
            answer.status,
        )
        assert self.case.journal_count == before
        return answer

    def walk(self, steps: str) -> Story:
        """Several steps by whoever usually takes them."""
        for step in steps.split():
            self.take(WHO.get(step, "engineer"), step)
        return self

    def attempt(self, who: str, step: str, **given: Any) -> Answer:
        fields = {**GIVEN.get(step, {}), **self._defaults(step), **given}
        if self.interface == "api":
            return self._by_api(who, step, fields)
        return self._by_portal(step, fields) if who == "customer" else self._by_page(who, step, fields)

    def _by_api(self, who: str, step: str, fields: dict[str, Any]) -> Answer:
        body = {k: v.isoformat() if isinstance(v, dt.date) else v for k, v in fields.items()}
        answer = self._machine(who, step).post(
            f"/cases/{self.number}/{STANDARD.step[step].noun}",
            body,
            Idempotency_Key=f"{self.number}-{len(self.steps)}-{step}-{len(str(body))}",
        )
        return Answer(answer.status_code == 201, answer.status_code, answer.content.decode())

    def _machine(self, who: str, step: str) -> Machine:
        if who == "customer":
            return Machine(
                self.address(PURPOSES.get(step, "track")).strip("/").split("/")[1], language="zh-CN"
            )
        if who not in self.machines:
            token = f"key-{who}-{ApiKey.objects.count()}"
            key_for(self.cast.staff[who], token)
            self.machines[who] = Machine(token, language="zh-CN")
        return self.machines[who]

    def _by_page(self, who: str, step: str, fields: dict[str, Any]) -> Answer:
        face, noun = FACES.get(who, "desk/cases"), STANDARD.step[step].noun
        path = f"/{face}/{self.number}/{noun}/"
        client = self.cast.client(who)
        page = client.get(f"/{face}/{self.number}/").content.decode()
        answer = self._send(client, client.get(path).content.decode(), path, fields)
        answer.is_offered &= f"/{noun}/" in page
        return answer

    def _by_portal(self, step: str, fields: dict[str, Any]) -> Answer:
        address = self.address(PURPOSES.get(step, "track"))
        client = Client(headers={"accept-language": "zh-CN"})
        opened = client.get(address)
        noun = PORTAL.get(step, step.replace("_", "-"))
        path = address if step == "rate" else f"{address}{noun}/"
        hidden = {"agreed_by", "way", "owner", "version"}
        return self._send(
            client, opened.content.decode(), path, {k: v for k, v in fields.items() if k not in hidden}
        )

    @staticmethod
    def _send(client: Client, html: str, path: str, fields: dict[str, Any]) -> Answer:
        """Sends the page's form; where there is none, what somebody who knows the address could send."""
        form = next((f for f in forms_of(html) if urlsplit(f.action or path).path == path), None)
        answer = client.post(path, {**(form.values if form else {}), **flat(fields)})
        return Answer(
            answer.status_code == 302, answer.status_code, answer.content.decode(), form is not None
        )

    def _defaults(self, step: str) -> dict[str, Any]:
        cast, now = self.cast, timezone.now().replace(second=0, microsecond=0)
        known: dict[str, dict[str, Any]] = {
            "assign": {"engineer": cast.staff["engineer"].pk},
            "reassign": {"engineer": cast.staff["engineer2"].pk},
            "take_on": {"engineer": cast.staff["engineer"].pk},
            "assign_station": {"station": cast.station.pk, "text": "泡沫包好"},
            "to_depot": {"station": cast.station.pk, "carried_by": "ours"},
            "appoint": {"starts_at": now, "ends_at": now + dt.timedelta(hours=2)},
            "promise_window": {"starts_at": now, "ends_at": now + dt.timedelta(hours=2)},
            "hand_over": {"signer": "王女士", "signature": SIGNATURE},
            "override_cover": {"cover": "free"},
        }
        reason = {"reason": "理由充分"} if step in NEEDS_REASON else {}
        text = {"text": "已说明"} if step in NEEDS_TEXT else {}
        return {**reason, **text, **known.get(step, {})}


def begin(cast: Cast, interface: str, *, unit: Any = "new", **more: Any) -> Story:
    """王女士 calls 李客服: her washing machine, bought 100 days ago ("new") or 500 ("old"), does not drain."""
    today = timezone.localdate()
    for known, days in ((cast.unit, 100), (cast.old_unit, 500)):
        known.purchase_date = more.pop("purchase_date", None) or today - dt.timedelta(days=days)
        known.save()
    chosen = {"new": cast.unit, "old": cast.old_unit}.get(unit)
    story = Story(cast, interface)
    given = {"channel": "phone", "problem": "洗衣机不排水", "phone": "13800138001", "email": "wang@example.com",
             "name": "王女士", "customer_id": cast.wang.pk, **({"unit_id": chosen.pk} if chosen else {}), **more}  # fmt: skip
    Contact.objects.get_or_create(customer=cast.wang, kind="email", value="wang@example.com")
    if interface == "api":
        answer = story._machine("agent", "register").post(
            "/cases", given, Idempotency_Key=f"r{Case.objects.count()}"
        )
        assert answer.status_code == 201, answer.content.decode()
    else:
        client = cast.client("agent")
        html = client.get("/desk/phone/").content.decode()
        form = next(f for f in forms_of(html) if "problem" in f.values)
        answer = client.post("/desk/phone/", {**form.values, **flat(given)})
        assert answer.status_code == 302, answer.content.decode()[-3000:]
    story.number = Case.objects.latest("id").number
    return story


ON_SITE = "triage confirm assign accept appoint set_out check_in"
FREE_REPAIR = "diagnose start_work work pass_test"
CALLS = "follow_up final_follow_up close"
