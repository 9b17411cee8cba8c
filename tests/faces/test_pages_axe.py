"""Every page there is, looked at by somebody for whom it is: accessible, as wide as the screen, and quiet.

To add a page: add its line to PAGES. A route without a line here, and not named in NO_PAGES, fails the tests.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import URLResolver, get_resolver, reverse
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
from tests.faces.portal import page_of
from tests.rooms import walking
from tests.rooms.test_prices import prices

# route, who looks ("-": nobody signed in), then other parts of the address (a name of the ground set, or itself), `?query`
PAGES = """
common:front                  -
common:mailbox                -
common:style                  manager
common:reach                  agent
common:invitation             -               token=invitation
account_login                 -
account_logout                agent
account_inactive              -
account_change_password       agent
account_set_password          engineer
account_reset_password        -
account_reset_password_done   -
account_reset_password_from_key - uidb36=1 key=x
account_reset_password_from_key_done -

desk:inbox                    manager         ?view=team
desk:inbox                    agent           ?view=mine
desk:cases                    agent
desk:cases                    manager         ?q=排水&stage=triage
desk:search                   agent           ?q=排水
desk:phone                    agent           ?phone=13800138001
desk:case                     agent           number=new
desk:case                     manager         number=rated
desk:messages                 agent           number=quoted
desk:conformance              agent           number=rated
desk:timeline                 agent           number=rated ?before=9
desk:step                     agent           number=new noun=triage
desk:step                     agent           number=new noun=correction
desk:step                     agent           number=new noun=merger
desk:step                     agent           number=triaged noun=confirmation
desk:step                     dispatcher      number=open noun=assignment
desk:step                     agent           number=quoted noun=consent
desk:case                     manager         number=approval
desk:case                     agent           number=paid_for
desk:case                     agent           number=depot
desk:step                     agent           number=paid_for noun=payment
desk:step                     manager         number=approval noun=quote-approval
desk:step                     agent           number=choosing noun=consent
desk:step                     agent           number=paid noun=quote
desk:step                     manager         number=rated noun=final-follow-up

desk:board                    dispatcher
desk:loaners                  agent
desk:alarms                   agent
desk:clocks                   agent           number=visit
desk:follow-ups               agent

field:today                   engineer
field:route                   engineer
field:job                     engineer        number=visit
field:job                     engineer        number=quoted
field:step                    engineer        number=visit noun=check-in
field:consent                 engineer        number=quoted
field:step                    engineer        number=visit noun=appointment
field:step                    engineer        number=paid noun=quote
field:step                    engineer        number=paid noun=diagnosis

bench:queue                   station_head
bench:loaners                 station_head
bench:queue                   stock_keeper
bench:case                    station_head    number=depot
bench:label                   station_head    number=depot
bench:step                    station_head    number=depot noun=diagnosis
bench:step                    station_head    number=depot noun=bench

portal:request                -
portal:warranty               -
portal:unit                   -               qr_token=qr
portal:register               -
portal:unit-register          -               qr_token=qr
portal:registration           -               token=registered
portal:unit-request           -               qr_token=qr
portal:track                  -               token=track-quoted
portal:track                  -               token=track-rated
portal:track                  -               token=track-paid_for
portal:window                 -               token=track-visit
portal:received               -               token=track-new
portal:quote                  -               token=quote-quoted
portal:quote                  -               token=quote-new
portal:quote                  -               token=quote-choosing
portal:unsubscribe            -               token=letter
portal:alarm                  -               token=alarm
portal:rating                 -               token=rate-called
portal:rating                 -               token=rate-rated

office:dashboard              manager
office:dashboard              manager         ?days=365&table=engineer
office:behind                 manager         name=response part=all
office:conformance            manager
office:in-clause              manager         clause=C4.1 outcome=kept
office:board                  manager
office:event-logs             manager
office:board-behind           manager         by=all key=all state=late
office:chain                  manager
office:procedure              manager
office:mailbox                manager
office:levels                 manager
office:level-new              manager
office:level                  manager         code=gold
office:calendar-new           manager
office:calendar               manager         code=office
office:holidays               manager         table=CN year=2026
office:contract-new           manager
office:contract               manager         pk=contract
office:planning               dispatcher
office:policy-new             manager
office:policy                 manager         pk=policy
office:territory-new          manager
office:territory              manager         pk=territory
office:customer-wish          manager         pk=customer
office:colleague-hours        administrator   pk=engineer
office:colleague-territory    administrator   pk=engineer
office:customers              manager
office:customer-new           manager
office:customer               manager         pk=customer
office:customer-edit          manager         pk=customer
office:customer-manager       manager         pk=customer
office:customer-contact       manager         pk=customer
office:customer-person        manager         pk=customer
office:customer-site          manager         pk=customer
office:site-edit              manager         pk=customer part=site
office:staff                  administrator
office:staff-new              administrator
office:absences               dispatcher
office:colleague              administrator   pk=engineer
office:colleague-edit         administrator   pk=engineer
office:colleague-absence      administrator   pk=engineer
office:colleague-skill        administrator   pk=engineer
office:stations               administrator
office:station-new            administrator
office:station                administrator   pk=station
office:team-new               administrator
office:team                   administrator   pk=team
office:skill-new              administrator
office:skill                  administrator   pk=skill
office:keys                   administrator
office:key-new                administrator
office:access                 administrator
office:jobs                   administrator
office:messages               manager
office:channel                manager         name=sms
office:target-new             manager
office:target                 manager         pk=target
office:wording                manager         channel=email event=quote language=zh
office:models                 manager
office:model-new              manager
office:model                  manager         pk=model
office:model-edit             manager         pk=model
office:money                  manager         ?days=90
office:prices                 manager
office:price-new              manager
office:price-list             manager         pk=draft
office:price-list             agent           pk=prices
office:price-head             manager         pk=draft
office:price-publish          manager         pk=draft
office:price-upload           manager         pk=draft
office:price-item-new         manager         pk=draft
office:price-item             manager         pk=draft part=row
office:warranty               agent
office:warranty-terms         manager         pk=terms
office:warranty-edit          manager         pk=terms
office:warranty-publish       administrator   pk=terms
office:rules                  manager
office:rule-switch            manager         ?rule=row/electric_fan
office:units                  manager
office:unit-import            manager
office:unit-new               manager
office:unit                   manager         pk=unit
office:unit-edit              manager         pk=unit
office:labels                 manager
office:unit-batch             manager         pk=batch
office:registrations          agent
office:registration           manager         pk=registration
"""
NO_PAGES = {
    "only takes what a page sends": """
        common:demo-sign-in common:files common:language desk:ownership desk:duplicates desk:contacts desk:links
        office:contact-remove office:person-remove office:colleague-invite office:colleague-activity office:absence-remove
        office:skill-remove office:key-revoke office:job-retry office:label-new office:target-remove desk:message-retry office:acknowledge
        office:level-remove office:level-up office:policy-use office:hours-remove office:territory-leave office:wish-remove
        desk:alarm-seen common:reach-test office:channel-test office:target-test desk:board-act desk:board-preview
        office:warranty-new office:warranty-discard office:price-discard office:price-item-remove portal:act portal:answer portal:payment-notice""",
    "a file or a number": """common:file common:health common:sheet common:certificate common:certificate-key common:certificate-json office:figures-export office:event-log
        desk:inbox-export desk:cases-export portal:sheet office:price-sheet
        common:receipt portal:receipt office:access-export office:labels-pdf office:unit-batch-refused""",
    "part of a page": "desk:board-day desk:board-why desk:inbox-rows desk:caller desk:glance desk:entitlement",
    "leads elsewhere": "office:home portal:pay",
}  # fmt: skip
REFUSED = {"account_reset_password_from_key"}  # shown, but not with 200


@dataclass(frozen=True)
class Row:
    route: str
    who: str
    parts: tuple[tuple[str, str], ...]
    query: str

    def path(self, ground: dict[str, Any]) -> str:
        return reverse(self.route, kwargs={n: ground.get(v, v) for n, v in self.parts}) + self.query


def rows() -> Iterator[Row]:
    for line in filter(None, PAGES.splitlines()):
        route, who, *more = line.split()
        query = next((m for m in more if m.startswith("?")), "")
        yield Row(route, who, tuple(tuple(m.split("=", 1)) for m in more if m != query), query)  # type: ignore[misc]


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
    assert set(routes()) - shown - none == set(), "add a line to PAGES in tests/faces/test_pages_axe.py"
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
