"""C4.1: groups of colleagues are told of the steps they asked for. The journal is the queue."""

from __future__ import annotations

import datetime as dt

from baoxiu.cases.models import JournalEntry, Outgoing
from baoxiu.notify import channels
from baoxiu.notify.models import Target
from baoxiu.people.actors import SYSTEM, Actor
from baoxiu.terms import procedures

OVERLAP = dt.timedelta(minutes=10)  # a step that took so long to commit is still seen
MANY = 500


def spread(*, by: Actor = SYSTEM, now: dt.datetime) -> int:
    """Writes one notice per group and step since the last look; a second look at the same steps writes nothing."""
    return sum(_tell(target, now) for target in Target.objects.filter(is_on=True))


def _tell(target: Target, now: dt.datetime) -> int:
    since = max(target.seen_at - OVERLAP, target.since_at)
    news = JournalEntry.objects.filter(step__in=target.steps, at__gte=since, at__lte=now)
    told = Outgoing.objects.filter(channel=channels.CHAT, recipient=f"target:{target.pk}")
    known = set(told.filter(created_at__gte=since).values_list("case_id", "entry_no"))
    rows = [
        _notice(entry, target, now)
        for entry in news.select_related("case").order_by("at", "id")[:MANY]
        if (entry.case_id, entry.no) not in known and not entry.body.get("historic")
    ]
    Outgoing.objects.bulk_create(rows, ignore_conflicts=True)
    Target.objects.filter(pk=target.pk, seen_at=target.seen_at).update(seen_at=now)
    return len(rows)


def _notice(entry: JournalEntry, target: Target, now: dt.datetime) -> Outgoing:
    """Nothing personal: the number, the step's and the stage's names."""
    procedure = procedures.by_hash(entry.case.procedure)
    step, stage = procedure.step.get(entry.step), procedure.stage[entry.to_stage]
    return Outgoing(
        case=entry.case,
        entry_no=entry.no,
        event=entry.step,
        channel=channels.CHAT,
        language=target.language,
        recipient=f"target:{target.pk}",
        context={
            "what": step.title.to(target.language) if step else entry.step,
            "stage": stage.title.to(target.language),
        },
        due_at=now,
        created_at=entry.at,
    )
