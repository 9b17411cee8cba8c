"""Every page there is and somebody for whom it is: the table of `test_pages_axe.py`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

# route, who looks ("-": nobody signed in), then other parts of the address (a name of the ground set, or itself), `?query`
PAGES = """
common:front                  -
common:mailbox                -
common:style                  manager
common:manual                 engineer
common:manual-page            agent           name=C4.3
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
portal:terms                  -
portal:terms-version          -               number=0
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
office:start                  administrator
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
office:parts                  stock_keeper
office:holdings               stock_keeper    kind=stockroom pk=station
office:holding                stock_keeper    kind=van pk=engineer
office:stock-move             stock_keeper    kind=stockroom pk=station
field:van                     engineer
desk:reservations             dispatcher      number=open
office:planning               dispatcher
office:travel                 manager
office:crossing               manager
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
office:warranty-withdraw      manager         pk=terms
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
        office:level-remove office:level-up office:policy-use office:roads-use office:roads-remove office:holding-remove field:fetch office:hours-remove office:territory-leave office:wish-remove
        desk:alarm-seen common:reach-test office:channel-test office:target-test desk:board-act desk:board-preview
        office:warranty-new office:warranty-discard office:price-discard office:price-item-remove portal:act portal:answer portal:payment-notice""",
    "a file or a number": """common:manual-picture portal:terms-document common:file common:health common:sheet common:certificate common:certificate-key common:certificate-json office:figures-export office:event-log
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
