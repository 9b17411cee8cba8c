"""C6.2: what the figures are summed from. Every row can be thrown away and folded again from the journal."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Q

from baoxiu.cases.models import Case
from baoxiu.people.models import Staff

DIMENSIONS = ("all", "product", "symptom", "station", "engineer", "channel", "currency")


State = tuple[int, str, int, dt.datetime | None]  # what two readings of the position are compared by


class Position(models.Model):
    """How far the fold has read the journal. One row, locked while it writes."""

    upto = models.BigIntegerField(default=0)  # journal entries up to this key are folded
    gaps = models.JSONField(
        default=list
    )  # [from, to, seen at]: keys not seen yet; they may still be committed
    rules = models.PositiveSmallIntegerField(default=0)  # `sop.figures.RULES` it was folded by
    looked_at = models.DateTimeField(null=True)  # duties that fell due until then are folded

    @property
    def state(self) -> State:
        return self.upto, repr(self.gaps), self.rules, self.looked_at


class CaseFigures(models.Model):
    """What one case adds. `marks`: measure → [day, values]; `clauses`: clause → outcome."""

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.CASCADE, related_name="figures")
    entries = models.PositiveIntegerField()  # of its journal that are folded
    marks = models.JSONField()
    clauses = models.JSONField()
    lapses = models.CharField(max_length=200, blank=True)  # " C4.2 C4.6 ": broken
    waivers = models.CharField(max_length=200, blank=True)
    product = models.CharField(max_length=200, blank=True)
    symptom = models.CharField(max_length=40, blank=True)
    station = models.CharField(max_length=20, blank=True)
    engineer = models.CharField(max_length=20, blank=True)
    channel = models.CharField(max_length=10)
    currency = models.CharField(max_length=3, blank=True)
    registered_day = models.DateField()
    response_day = models.DateField(null=True)
    closed_day = models.DateField(null=True)
    settled_day = models.DateField(null=True)  # 30 days after the closing
    calls_day = models.DateField(null=True)
    final_day = models.DateField(null=True)
    rated_day = models.DateField(null=True)
    settles_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["registered_day", "case"], name="figures_registered"),
            models.Index(fields=["response_day", "case"], name="figures_response"),
            models.Index(fields=["closed_day", "case"], name="figures_closed"),
            models.Index(fields=["settled_day", "case"], name="figures_settled"),
            models.Index(fields=["calls_day", "case"], name="figures_calls"),
            models.Index(fields=["final_day", "case"], name="figures_final"),
            models.Index(fields=["rated_day", "case"], name="figures_rated"),
            models.Index(
                fields=["settles_at"], name="figures_settles", condition=Q(settles_at__isnull=False)
            ),
            models.Index(fields=["registered_day", "case"], name="figures_lapsed", condition=~Q(lapses="")),
            models.Index(fields=["registered_day", "case"], name="figures_waived", condition=~Q(waivers="")),
        ]


def _counter() -> Any:
    return models.BigIntegerField(default=0)


class Sums(models.Model):
    """For one value of one dimension ("all" has the value ""). Columns: `sop.figures.COLUMNS`."""

    day = models.DateField()
    dimension = models.CharField(max_length=10)
    value = models.CharField(max_length=200, blank=True)
    registered_n = _counter()
    response_n, response_hit = _counter(), _counter()
    answered_n, answered_minutes = _counter(), _counter()
    resolved_n, resolved_hit, resolved_minutes = _counter(), _counter(), _counter()
    fixed_n, fixed_hit = _counter(), _counter()
    repeat_n, repeat_hit = _counter(), _counter()
    calls_n, calls_hit, calls_waived = _counter(), _counter(), _counter()
    final_n, final_hit, final_waived = _counter(), _counter(), _counter()
    csat_n, csat_hit, csat_stars = _counter(), _counter(), _counter()
    nps_n, nps_hit, nps_down = _counter(), _counter(), _counter()
    paid_n, paid_hit, paid_cents = _counter(), _counter(), _counter()
    free_n, free_hit, free_cents = _counter(), _counter(), _counter()

    class Meta:
        abstract = True


class DayFigures(Sums):
    """The sums of one day."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dimension", "day", "value"], name="one_sum_per_day_and_value")
        ]


class MonthFigures(Sums):
    """The sums of a month, `day` its first: a year by engineer is read from hundreds of rows, not from twenty thousand."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dimension", "day", "value"], name="one_sum_per_month_and_value")
        ]


class DaySpread(models.Model):
    """How long the cases of a day's sums took: bucket (`sop.figures.bucket`) → cases, for each of `sop.figures.SPREADS`.

    Once by day and once by month, so that a year is read from few rows.
    """

    is_month = models.BooleanField()
    day = models.DateField()  # of a month its first
    dimension = models.CharField(max_length=10)
    value = models.CharField(max_length=200, blank=True)
    answered = models.JSONField(default=dict)
    resolved = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dimension", "is_month", "day", "value"], name="one_spread_per_span_and_value"
            )
        ]


class ClauseDay(models.Model):
    """How many of the cases registered on a day kept, waived, broke or still owe a clause."""

    day = models.DateField()
    clause = models.CharField(max_length=10)
    kept, waived, broken, owed = _counter(), _counter(), _counter(), _counter()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "clause"], name="one_sum_per_day_and_clause")]


class LogExport(models.Model):
    """An event log a manager asked for: the cases registered on these days, both included."""

    form = models.CharField(max_length=4)  # xes | ocel
    first = models.DateField()
    last = models.DateField()
    staff = models.ForeignKey(Staff, null=True, on_delete=models.SET_NULL, related_name="+")
    status = models.CharField(max_length=10, default="waiting")  # waiting | running | done
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    last_case = models.BigIntegerField(default=0)  # the last one written
    sizes = models.JSONField(default=dict)  # part → octets that count; more is of a writer that was killed
    created_at = models.DateTimeField()
    touched_at = models.DateTimeField()
