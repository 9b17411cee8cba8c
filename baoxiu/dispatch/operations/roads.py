"""C4.3: what is known of the roads: minutes more between territories, measured legs from a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from django.conf import settings
from django.db import transaction
from pydantic import ValidationError

from baoxiu.dispatch.models import Crossing, Policy, Roads
from baoxiu.dispatch.operations.policies import POLICY_KEEPERS
from baoxiu.dispatch.plan import travel
from baoxiu.dispatch.records import CrossingRecord, LegRecord, PolicyRecord
from baoxiu.people.actors import Actor
from baoxiu.people.models import Territory
from baoxiu.people.rules import Invalid, need
from baoxiu.sop.text import Text

COLUMNS = tuple(LegRecord.model_fields)
MOST = 100_000  # legs of a file
ASKED = 300  # places of a day up to which a road server is asked
KEPT = 5  # files kept that are not in use


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that cannot stand, by its number under the header."""

    row: int
    column: str
    reason: Text


class BadLegs(ValueError):
    """Rows are wrong; nothing was kept."""

    def __init__(self, refused: list[Refused]) -> None:
        super().__init__(f"{len(refused)} rows are wrong")
        self.refused = refused


def save_crossing(record: CrossingRecord, *, by: Actor, now: dt.datetime) -> Crossing | None:
    """Replaces what was said of the two territories; None when it is taken away. Raises Denied, Invalid."""
    need(by, *POLICY_KEEPERS)
    if record.one == record.other:
        raise Invalid("other", "Other territory: choose another one.", "另一区域：请选择不同的区域。")
    ends = sorted((record.one, record.other))
    known = set(Territory.objects.filter(pk__in=ends).values_list("pk", flat=True))
    for field, pk in (("one", record.one), ("other", record.other)):
        if pk not in known:
            raise Invalid(field, "Territory: there is none with this id.", "区域：没有这个区域。")
    if record.minutes == 0:
        Crossing.objects.filter(one=ends[0], other=ends[1]).delete()
        return None
    minutes = {"minutes": record.minutes}
    return Crossing.objects.update_or_create(one_id=ends[0], other_id=ends[1], defaults=minutes)[0]


@transaction.atomic
def load_roads(
    name: str, rows: Iterable[tuple[int, dict[str, str]]], *, by: Actor, now: dt.datetime
) -> Roads:
    """A file of measured legs, kept beside the one in use until `use_roads`. Raises Denied, Invalid, BadLegs."""
    need(by, *POLICY_KEEPERS)
    legs, refused = dict[tuple[travel.Point, travel.Point], int](), list[Refused]()
    at: dict[tuple[int, int], int] = {}
    for number, row in rows:
        if number == 1 and (missing := [c for c in COLUMNS if c not in row]):
            names = ", ".join(missing)
            raise Invalid("", f"The header line lacks the columns: {names}.", f"表头缺少列：{names}。")
        if number > MOST:
            raise Invalid("", f"More than {MOST:,} rows.", f"超过{MOST:,}行。")
        leg = _read(number, row, refused)
        if leg is None:
            continue
        ends = (leg.from_lat, leg.from_lon), (leg.to_lat, leg.to_lon)
        a, b = (int(c) for c in travel.places(np.array(ends)))
        if first := at.get((a, b)):
            text = Text(f"the same way stands in row {first}", f"与第{first}行为同一路段")
            refused.append(Refused(number, "", text))
        at.setdefault((a, b), number)
        legs[ends] = leg.seconds
    if refused:
        raise BadLegs(refused)
    if not legs:
        raise Invalid("", "There is no row in it.", "没有数据行。")
    coded = travel.coded(legs)
    made = Roads.objects.create(
        name=name[:200], rows=len(legs), legs=coded.tobytes(), told=_compared(legs), by_id=by.staff_id, at=now
    )
    old = Roads.objects.filter(is_in_use=False, date=None).order_by("-pk").values_list("pk", flat=True)[KEPT:]
    Roads.objects.filter(pk__in=list(old)).delete()
    return made


def _read(number: int, row: dict[str, str], refused: list[Refused]) -> LegRecord | None:
    try:
        return LegRecord.model_validate({name: row[name] for name in COLUMNS if row.get(name)})
    except ValidationError as error:
        for detail in error.errors(include_url=False, include_input=False)[:3]:
            column = str(detail["loc"][0]) if detail["loc"] else ""
            text = Text(f"not readable: {detail['msg']}"[:200], "无法识别，请检查格式和范围。")
            refused.append(Refused(number, column, text))
        return None


def _compared(legs: dict[tuple[travel.Point, travel.Point], int]) -> dict[str, int]:
    """With the way worked out by the policy in use: shorter and longer legs, median and greatest difference in minutes."""
    policy = Policy.objects.filter(is_in_use=True).first()
    p = policy.record if policy else PolicyRecord(name="-")
    base = travel.GreatCircle(p.road_percent / 100, float(p.kmh), p.entry_minutes * 60)
    ends = np.array(list(legs), np.float64)
    more = np.array(list(legs.values()), np.int64) - base.between(ends[:, 0], ends[:, 1])
    return {
        "longer": int((more > 0).sum()), "shorter": int((more < 0).sum()),
        "median": round(float(np.median(more)) / 60), "most": round(float(more[np.abs(more).argmax()]) / 60),
    }  # fmt: skip


@transaction.atomic
def use_roads(roads: Roads, *, by: Actor, now: dt.datetime) -> Roads:
    """From now on days are planned with it. Raises Denied."""
    need(by, *POLICY_KEEPERS)
    Roads.objects.filter(is_in_use=True).exclude(pk=roads.pk).update(is_in_use=False)
    Roads.objects.filter(pk=roads.pk).update(is_in_use=True)
    roads.is_in_use = True
    return roads


def remove_roads(roads: Roads, *, by: Actor, now: dt.datetime) -> None:
    """Ways are worked out again where it was in use. Raises Denied."""
    need(by, *POLICY_KEEPERS)
    roads.delete()


def ask_server(
    date: dt.date, points: travel.Points, base: travel.Travel, entry: int, *, by: Actor, now: dt.datetime
) -> int:
    """The road server's legs between the places of a day, kept for it in place of those asked before; how many. 0
    where there is no server, it does not answer, or the day is too large: then the ways are worked out."""
    if not settings.OSRM_URL or not 1 < len(points) <= ASKED:
        return 0
    port = travel.Osrm(settings.OSRM_URL, base, entry_seconds=entry)
    found = port.seconds(points, points)
    if (found == base.seconds(points, points)).all():
        return 0
    codes = travel.places(points)
    n = len(codes)
    legs = np.column_stack([np.repeat(codes, n), np.tile(codes, n), found.reshape(-1)])
    _, first = np.unique(legs[:, :2], axis=0, return_index=True)
    with transaction.atomic():
        Roads.objects.filter(date__lte=date).delete()
        Roads.objects.create(
            name="OSRM", date=date, rows=len(first), legs=legs[first].tobytes(), by_id=by.staff_id, at=now
        )
    return len(first)
