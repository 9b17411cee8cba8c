"""The one place where background work is declared. Everything here may be repeated harmlessly."""

from __future__ import annotations

import datetime as dt
import time

from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from baoxiu.cases.operations import housekeeping
from baoxiu.catalogue import batches
from baoxiu.clocks import chain, telling
from baoxiu.clocks import operations as clocks
from baoxiu.dispatch import operations as dispatch
from baoxiu.jobs import operations as jobs
from baoxiu.jobs.declaring import Declared, table
from baoxiu.jobs.schedules import Daily, Every
from baoxiu.notify import operations as notify
from baoxiu.people import tallies
from baoxiu.people.actors import SYSTEM
from baoxiu.supervision import exporting
from baoxiu.supervision import folding as supervision

TITLES = {
    "clocks": N_("Act on the clocks"),
    "outbox": N_("Send the messages that are due"),
    "figures": N_("Keep the figures up with the journal"),
    "units": N_("Read files of products sold"),
    "event-log": N_("Write event logs for process mining"),
    "plan": N_("Plan a day when a dispatcher asks for it"),
    "chain": N_("Tell the next in line of breaches nobody acknowledges"),
    "contracts": N_("Derive due times anew where a contract began or ended"),
    "housekeeping": N_("Clear away what nobody needs any more"),
}
# what was done, as `told` says it in the reader's language: the words behind each number of a result
DONE = {
    "sent": N_("%(n)s sent"), "put off": N_("%(n)s put off"), "dropped": N_("%(n)s dropped"), "failed": N_("%(n)s failed"),
    "cases": N_("%(n)s cases"), "alarms": N_("%(n)s alarms"), "times derived anew": N_("%(n)s due times derived again"),
    "told": N_("%(n)s colleagues told"), "keys": N_("%(n)s kept answers"), "files": N_("%(n)s files"),
    "sessions": N_("%(n)s sessions"), "jobs": N_("%(n)s finished jobs"), "jobs planned": N_("%(n)s jobs planned"),
    "left out": N_("%(n)s left out"),
}  # fmt: skip
ROUNDS = 50  # of the clocks in one go


def send_messages(*, now: dt.datetime) -> str:
    notify.spread(by=SYSTEM, now=now)
    done = notify.send_due(by=SYSTEM, now=now)
    said = f"{done.sent} sent, {done.waiting} put off, {done.dropped} dropped, {done.failed} failed"
    return said if done.handled else ""


def keep_figures(*, now: dt.datetime) -> str:
    """A long way to catch up is gone in several runs, so that messages wait for none of them long."""
    done, until = 0, time.monotonic() + 10
    while time.monotonic() < until and (folded := supervision.fold(now=now, most=FOLDED_AT_ONCE)):
        done += folded
    return f"{done} cases" if done else ""


def tick(*, now: dt.datetime) -> str:
    """Goes on while there is more, so that a night without workers is made good in one go."""
    fired = retimed = 0
    for _round in range(ROUNDS):
        done = clocks.tick(now=now)
        fired, retimed = fired + done.fired, retimed + done.retimed
        if not done.is_more:
            break
    telling.tell(now=now)
    return f"{fired} alarms, {retimed} times derived anew" if fired or retimed else ""


def follow_contracts(*, now: dt.datetime) -> str:
    changed = clocks.follow_contracts(now=now)
    return f"{changed} times derived anew" if changed else ""


def tell_the_chain(*, now: dt.datetime) -> str:
    told = chain.climb(now=now)
    telling.tell(now=now)
    return f"{told} told" if told else ""


def clear_away(*, now: dt.datetime) -> str:
    keys = housekeeping.forget_keys(by=SYSTEM, now=now)
    files = housekeeping.forget_uploads(by=SYSTEM, now=now)
    tallies.forget(now=now)
    sessions = Session.objects.filter(expire_date__lt=now).delete()[0]
    return f"{keys} keys, {files} files, {sessions} sessions, {jobs.clean(now=now)} jobs"


def plan_day(*, now: dt.datetime, plan: int) -> str:
    return dispatch.solve(plan, by=SYSTEM, now=now)


def import_units(*, now: dt.datetime, batch: int) -> str:
    return batches.work(batch, now=now)


def write_event_log(*, now: dt.datetime, export: int) -> str:
    return exporting.work(export, now=now)


def told(result: str) -> str:
    """`12 sent, 0 failed` in the reader's language, without what is nought; other words as they are."""
    parts = [part.partition(" ") for part in result.split(", ")]
    if not all(number.isdecimal() and what in DONE for number, _space, what in parts):
        return result
    done = [_(DONE[what]) % {"n": number} for number, _space, what in parts if int(number)]
    return " · ".join(done) or _("nothing was left to do")


MINUTE = dt.timedelta(minutes=1)
FOLDED_AT_ONCE = 1000  # cases
JOBS = table(
    Declared("outbox", send_messages, Every(3), lease=5 * MINUTE),
    Declared("figures", keep_figures, Every(10), lease=MINUTE),
    Declared("clocks", tick, Every(60), lease=5 * MINUTE),
    Declared(batches.JOB, import_units, lease=5 * MINUTE),
    Declared(exporting.JOB, write_event_log, lease=10 * MINUTE),
    Declared("plan", plan_day, lease=4 * MINUTE, tries=2),
    Declared("chain", tell_the_chain, Every(30), lease=MINUTE),
    Declared("contracts", follow_contracts, Daily(0, 5, settings.TIME_ZONE), lease=30 * MINUTE),
    Declared("housekeeping", clear_away, Daily(3, 20, settings.TIME_ZONE), lease=30 * MINUTE),
)
