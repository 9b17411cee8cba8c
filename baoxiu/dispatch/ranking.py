"""C4.3: gathers what the pure ranking asks for – five or six reads, however many engineers there are."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db.models import Count

from baoxiu.cases.models import Case, WorkOrder
from baoxiu.cases.work_orders import ENDED
from baoxiu.dispatch import loading
from baoxiu.dispatch.models import PartNeed
from baoxiu.lib import zones
from baoxiu.people.models import Absence, Staff, StaffSkill
from baoxiu.sop import dispatch, eligibility
from baoxiu.sop.text import Text


def ranked(case: Case, *, now: dt.datetime, only: int | None = None) -> list[dispatch.Ranked]:
    """Engineers for the case, best first; `only` one of them when asked so."""
    day = zones.local_date(now, settings.TIME_ZONE, settings.TIME_ZONE)
    job = _job(case)
    engineers = Staff.objects.with_role("engineer")
    if only is not None:
        engineers = engineers.filter(pk=only)
    rows = list(engineers.select_related("station").order_by("pk"))
    ids = [e.pk for e in rows]
    skills = (
        {s.staff_id: s for s in StaffSkill.objects.filter(staff__in=ids, skill__code=job.skill)}
        if job.skill
        else {}
    )
    away = set(
        Absence.objects.filter(staff__in=ids, from_date__lte=day, until_date__gt=day).values_list(
            "staff_id", flat=True
        )
    )
    load = dict(
        WorkOrder.objects.filter(engineer__in=ids)
        .exclude(status__in=ENDED)
        .values_list("engineer")
        .annotate(n=Count("pk"))
    )
    parts = _parts(case, rows)
    return dispatch.rank(
        job,
        [
            _candidate(e, skills.get(e.pk), e.pk in away, load.get(e.pk, 0), day, parts.get(e.pk, ()))
            for e in rows
        ],
    )


def _parts(case: Case, engineers: list[Staff]) -> dict[int, tuple[Text, ...]]:
    """Parts of the case that an engineer has neither in the van nor at his station."""
    jobs, vans, rooms = loading.goods(PartNeed.objects.filter(case=case))
    if not jobs:
        return {}
    wanted = tuple(jobs[case.pk])
    return {
        e.pk: tuple(
            bar.text
            for bar in eligibility.part_bars(
                wanted,
                eligibility.Abilities(
                    van=tuple(vans.get(e.pk, ())), has_stockroom=bool(e.station_id),
                    stock=tuple(rooms.get(e.station_id or 0, ())),
                ),
            )
        )
        for e in engineers
    }  # fmt: skip


def _job(case: Case) -> dispatch.Job:
    model = case.unit.model if case.unit else None
    site = case.site
    declined = WorkOrder.objects.filter(case=case, status="declined").values_list("engineer_id", flat=True)
    return dispatch.Job(
        skill=model.skill.code if model and model.skill else "",
        level=model.skill_level if model else 1,
        region=(site.province or site.city) if site else "",
        place=(site.lat, site.lon) if site and site.lat is not None and site.lon is not None else None,
        last_engineer=case.engineer_id,
        declined_by=frozenset(d for d in declined if d),
    )


def _candidate(
    who: Staff, held: StaffSkill | None, absent: bool, load: int, day: dt.date, lacks: tuple[Text, ...]
) -> dispatch.Candidate:
    station = who.station
    place = (who.lat, who.lon) if who.lat is not None and who.lon is not None else None
    if place is None and station and station.lat is not None and station.lon is not None:
        place = (station.lat, station.lon)
    return dispatch.Candidate(
        id=who.pk,
        name=who.name,
        is_active=who.is_active,
        is_absent=absent,
        level=held.level if held else 0,
        skill_expired=bool(held and held.valid_until and held.valid_until < day),
        open_jobs=load,
        region=who.region,
        place=place,
        lacks=lacks,
    )
