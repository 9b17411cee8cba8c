"""Every page there is, looked at by somebody for whom it is: accessible, as wide as the screen, and quiet.

To add a page: add its line to PAGES in `pages.py`. A route without a line there, and not named in NO_PAGES, fails the tests.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import URLResolver, get_resolver
from django.utils import timezone

from baoxiu.cases import links
from baoxiu.cases.models import Outgoing
from baoxiu.catalogue.models import UnitImport
from baoxiu.charges import operations as charges
from baoxiu.charges.models import PriceList
from baoxiu.charges.records import NewList
from baoxiu.clocks.models import Alarm
from baoxiu.notify import operations, unsubscribing
from baoxiu.notify.records import TargetRecord
from baoxiu.people import operations as people
from baoxiu.people.models import ApiKey, Team
from tests.conftest import Cast
from tests.faces import ground_rules, portal
from tests.faces.browser import assert_fits
from tests.faces.pages import NO_PAGES, REFUSED, Row, rows
from tests.faces.portal import page_of
from tests.rooms import walking
from tests.rooms.test_prices import prices


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[str]:
    """The names of all routes but the API's."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            if entry.namespace != "api":
                yield from routes(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)
        else:
            yield f"{prefix}{entry.name}"


def test_every_route_is_a_page_of_the_table_or_none() -> None:
    shown, none = (
        {row.route for row in rows()},
        {name for names in NO_PAGES.values() for name in names.split()},
    )
    assert set(routes()) - shown - none == set(), "add a line to PAGES in tests/faces/pages.py"
    assert (shown | none) - set(routes()) == set(), "these routes are no more"
    assert shown & none == set()


# -- the ground set ----------------------------------------------------------------------------


def build(cast: Cast) -> dict[str, Any]:
    """Cases in every stage, and one of everything else."""
    now = timezone.now()
    listed = prices(cast, now, minimum="60", tax_rate="13", approval_above="1000")
    PriceList.objects.update(in_force_from=now - dt.timedelta(days=9))
    draft = charges.draft(NewList(), by=cast.actor("manager"), now=now)
    draft.items.filter(code="L-REPL").update(price=150)

    def begin(names: str = "", **more: Any) -> walking.Walk:
        return walking.begin(cast, timezone.now() - dt.timedelta(hours=9), **more).steps(names)

    paid = begin(walking.ON_SITE, unit="old")
    paid.step("diagnose", fault="other", cause="misuse")
    quoted = begin(walking.ON_SITE, unit="old")
    quoted.step("diagnose", fault="other", cause="misuse")
    lines = [
        {"text": "排水泵", "price": "128"},
        {"text": "上门费", "price": "50", "kind": "travel", "free": True},
    ]
    quoted.step("quote", lines=lines)
    choosing = begin(walking.ON_SITE, unit="old").steps("diagnose")
    choosing.step("quote", text="两种泵都可以用。", lines=[
        {"item": "L-REPL"}, {"text": "变速箱总成", "price": "860", "free": True, "reason": "statute"},
        {"text": "原厂排水泵", "price": "200", "option": "A"}, {"text": "翻新排水泵", "price": "90", "option": "B"},
    ])  # fmt: skip
    approval = begin(walking.ON_SITE, unit="old").steps("diagnose submit_quote")
    paid_for = begin(walking.ON_SITE, unit="old").steps("diagnose quote accept_quote")
    paid_for.step("record_payment", amount="50", way="transfer", reference="T-1")
    called = begin(f"{walking.ON_SITE} {walking.FREE_REPAIR} hand_over follow_up")
    rated = begin(f"{walking.ON_SITE} {walking.FREE_REPAIR} hand_over follow_up")
    rated.step("rate", by=rated.link("rate"))
    walks = {
        "new": begin(problem="很长的问题描述，Long words too. " * 12), "triaged": begin("triage"), "open": begin("triage confirm"),
        "visit": begin("triage confirm assign accept appoint"), "paid": paid, "quoted": quoted,
        "choosing": choosing, "approval": approval, "paid_for": paid_for, "called": called, "rated": rated, "depot": walking.to_depot(begin(unit="old")).steps("lend"),
    }  # fmt: skip
    found: dict[str, Any] = {name: walk.case.number for name, walk in walks.items()}
    for purpose, name in (
        ("track", "new"), ("track", "quoted"), ("track", "rated"), ("track", "paid_for"), ("track", "visit"), ("quote", "quoted"), ("quote", "choosing"), ("quote", "new"), ("rate", "called"),
        ("rate", "rated"),
    ):  # fmt: skip
        found[f"{purpose}-{name}"] = page_of(walks[name].case, purpose).strip("/").split("/")[1]
    found |= {
        "terms": ground_rules.terms_of(cast, now),
        "prices": listed.pk,
        "draft": draft.pk,
        "row": draft.items.get(code="L-REPL").pk,
    }
    return found | _records(cast) | ground_rules.levels_of(cast, now)


def _records(cast: Cast) -> dict[str, Any]:
    by, now = cast.actor("administrator"), timezone.now()
    engineer, agent = cast.staff["engineer"], cast.staff["agent"]
    agent.set_password("a password to change")
    agent.save()
    engineer.absences.create(from_date=now.date(), until_date=now.date() + dt.timedelta(days=3))
    cast.liu.people.create(name="采购")
    ApiKey.objects.create(name="刘总的系统", token_hash="0" * 64, customer=cast.liu, created_at=now)
    sent = portal.registered(cast)
    group = TargetRecord(name="派单群", address="wecombot://x")
    case = Outgoing.objects.exclude(case=None).earliest("pk").case
    alarm = Alarm.objects.create(case=case, kind="triage", point="breach", at=now, fired_at=now, due_at=now, to="chain:1", staff=cast.staff["agent"])  # fmt: skip
    return {
        "batch": UnitImport.objects.create(name="出厂 1 月.xlsx", key="k", rows=9000, done=4000, created_at=now, touched_at=now).pk,
        "alarm": links.alarm_token(alarm.pk, cast.staff["agent"].pk), "registration": sent.pk, "registered": links.token_of(sent),
        "target": operations.keep_target(None, group, by=cast.actor("manager"), now=now).pk,
        "letter": unsubscribing.token_of(Outgoing.objects.earliest("pk").pk), "customer": cast.liu.pk, "site": cast.liu.sites.get().pk, "engineer": engineer.pk, "station": cast.station.pk,
        "team": Team.objects.create(name="一组").pk, "skill": engineer.skills.get().skill_id, "model": cast.unit.model_id,
        "unit": cast.unit.pk, "qr": cast.unit.qr_token, "invitation": people.invite(cast.staff["engineer2"], by=by, now=now),
    }  # fmt: skip


# -- the walk ----------------------------------------------------------------------------------


@dataclass
class Walk:
    open_page: Any
    axe: Any
    screen: dict[str, Any]
    pages: dict[str, Any] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def page(self, who: str) -> Any:
        if who not in self.pages:
            page = self.open_page("about:blank", "" if who == "-" else who, **self.screen)
            page.on("console", lambda said: self._hear(page, said))
            self.pages[who] = page
        return self.pages[who]

    def _hear(self, page: Any, said: Any) -> None:
        if said.type == "error" and "the server responded with a status of" not in said.text:
            self.wrong.append(f"{page.url}: console: {said.text}")

    def look(self, row: Row, path: str) -> None:
        page = self.page(row.who)
        answer = page.goto(path)
        if answer.status != 200 and row.route not in REFUSED:
            self.wrong.append(f"{path} as {row.who}: {answer.status}")
        if answer.request.redirected_from and row.route not in REFUSED:
            self.wrong.append(f"{path} as {row.who}: led to {page.url}")
        self.wrong += [f"{path} as {row.who}: {finding}" for finding in self.axe(page)]
        try:
            assert_fits(page)
        except AssertionError as error:
            self.wrong.append(str(error))
        page.emulate_media(color_scheme="dark")
        self.wrong += [
            f"{path} as {row.who}, dark: {finding}" for finding in self.axe(page, "color-contrast")
        ]
        page.emulate_media(color_scheme="light")


@pytest.mark.browser
@pytest.mark.parametrize(
    "screen",
    [{"phone": False, "language": "zh-CN"}, {"phone": True, "language": "en-US"}],
    ids=["desk-zh", "phone-en"],
)
def test_every_page_is_accessible_fits_and_complains_of_nothing(
    open_page: Any, cast: Cast, axe: Any, settings: Any, tmp_path: Any, screen: dict[str, Any]
) -> None:
    settings.ATTACHMENTS, settings.DEMO = tmp_path, True
    cache.clear()
    ground, walk = build(cast), Walk(open_page, axe, screen)
    for row in rows():
        walk.look(row, row.path(ground))
    assert not walk.wrong, "\n" + "\n".join(walk.wrong)
