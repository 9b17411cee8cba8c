"""C4: the duties a step opens, ends and moves."""

from __future__ import annotations

import datetime as dt

from baoxiu.cases import insertion
from baoxiu.cases.models import Duty, Pause
from baoxiu.cases.taking import Taking
from baoxiu.lib.calendars import ROUND_THE_CLOCK


def plan(taking: Taking) -> tuple[dict[str, dt.datetime], dict[str, str], dict[str, dt.datetime]]:
    """(opened: kind → due, ended: kind → outcome, moved: kind → new due after a pause)."""
    step = taking.step
    opened = {
        kind: taking.due.get(kind)
        or ROUND_THE_CLOCK.add(taking.clock_from or taking.now, taking.procedure.duty[kind].due_minutes)
        for kind in step.opens
        if not _asked_again(taking, kind)
    }
    ended = {kind: "done" for kind in step.discharges if kind in taking.open_duties}
    if step.cancels:
        ended = dict.fromkeys(taking.open_duties, "cancelled")
    ended.update({kind: "replaced" for kind in opened if kind in taking.open_duties and kind not in ended})
    return opened, ended, _moved(taking, ended)


def _asked_again(taking: Taking, kind: str) -> bool:
    """Whether this is owed already and the step only asks for it once more: it stays due when it was.

    A step that moves the case, counts an attempt or names another time begins it anew.
    """
    step = taking.step
    is_new = step.to_stage or step.counts or kind in step.discharges or kind in taking.due
    return kind in taking.open_duties and not is_new


def _moved(taking: Taking, ended: dict[str, str]) -> dict[str, dt.datetime]:
    """Leaving a hold: the clocks that stood still go on from where they were."""
    if dict(taking.step.sets).get("on_hold") != "no" or taking.case.facts.get("on_hold") != "yes":
        return {}
    pause = Pause.objects.get(case=taking.case, until_at=None)
    pause.until_at = taking.now
    pause.save(update_fields=["until_at"])
    return {
        kind: duty.due_at + (taking.now - max(pause.from_at, duty.opened_at))
        for kind, duty in taking.open_duties.items()
        if kind not in ended
    }


def write(
    taking: Taking, opened: dict[str, dt.datetime], ended: dict[str, str], moved: dict[str, dt.datetime]
) -> None:
    """Writes what `plan` planned."""
    now, left = taking.now, dict(taking.open_duties)
    for outcome in set(ended.values()):
        kinds = [k for k, o in ended.items() if o == outcome]
        Duty.objects.filter(pk__in=[left.pop(k).pk for k in kinds]).update(
            outcome=outcome, ended_at=now, ended_by_no=taking.entry_no
        )
    for kind, due in moved.items():
        duty = left[kind]
        duty.warn_at, duty.due_at = duty.warn_at + (due - duty.due_at), due
        duty.save(update_fields=["due_at", "warn_at"])
    for kind, staff_id in taking.reassign.items():
        left[kind].owner_id = staff_id
        left[kind].save(update_fields=["owner"])
    case = taking.case
    for kind, due in opened.items():
        made = Duty(
            case=case,
            kind=kind,
            clause=(d := taking.procedure.duty[kind]).clause,
            party=d.party,
            owner_id=taking.owners.get(kind) or owner(taking, kind),
            station_id=case.station_id,
            opened_at=now,
            due_at=due,
            warn_at=due - (due - (taking.clock_from or now)) * (1 - d.warn_share),
            opened_by_no=taking.entry_no,
        )
        insertion.insert(made)


def nearest(
    taking: Taking, opened: dict[str, dt.datetime], ended: dict[str, str], moved: dict[str, dt.datetime]
) -> tuple[dt.datetime | None, str]:
    """(due time, kind) of what is owed first after the step; (None, "") when nothing is."""
    left = {kind: d.due_at for kind, d in taking.open_duties.items() if kind not in ended}
    return min(((due, kind) for kind, due in {**left, **moved, **opened}.items()), default=(None, ""))


def owner(taking: Taking, kind: str) -> int | None:
    """Whose a new duty is: the case's engineer, agent or account manager, else the whole team's."""
    party = taking.procedure.duty[kind].party
    column = {"engineer": "engineer_id", "agent": "owner_id"}.get(party)
    value: int | None = taking.changes.get(column, getattr(taking.case, column)) if column else None
    return value
