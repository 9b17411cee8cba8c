"""C5.2: service levels, calendars, yearly holidays, contracts. Every save publishes a version."""

from __future__ import annotations

import calendar as months
import datetime as dt
from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from baoxiu.clocks import operations as clocks
from baoxiu.faces.common.audience import audience
from baoxiu.faces.common.display import duty, is_chinese, say, weekday, word
from baoxiu.faces.common.forms import Form
from baoxiu.faces.office import records as form
from baoxiu.service_levels import editing, operations, queries, records
from baoxiu.service_levels.models import Contract
from baoxiu.sop import service_levels as sop

KEEPERS = operations.KEEPERS
HERE = "office:levels"


def _save(request: HttpRequest, change: Callable[[sop.Book], sop.Book], reason: str, field: str = "") -> str:
    """Publishes a changed book; where to go next. Raises Invalid, Denied."""
    try:
        operations.edit(change, reason=reason, by=request.actor, now=timezone.now(), field=field)  # type: ignore[attr-defined]
    except LookupError:
        raise Http404 from None
    return reverse(HERE)


@audience(*KEEPERS)
def listing(request: HttpRequest) -> HttpResponse:
    number, book = queries.in_force()
    viewer, now = request.actor, timezone.now()  # type: ignore[attr-defined]
    context = {
        "number": number, "book": book, "now": now, "missing": sop.missing_years(book, now), "points": sop.POINTS,
        "actions": sop.ACTIONS, "versions": queries.versions(viewer)[:20], "contracts": queries.contracts(viewer),
        "span": _span, "stands": lambda target: say(records.STANDS[editing.stands(target)]), "whom": _whom, "weeks": {c.code: _week(c) for c in book.calendars}, "named": duty, "today": now.date(),
    }  # fmt: skip
    return render(request, "office/levels/page.html", context)


def _whom(level: sop.Level) -> list[str]:
    """The conditions in words: all of them hold, each by one of its values."""
    said = (
        (_("contract %(code)s"), "code", level.contracts),
        (_("tier %(code)s"), "code", level.tiers),
        ("%(name)s", "name", (word("PRODUCT_CLASSES", c) for c in level.classes)),
        (_("priority %(name)s"), "name", (word("PRIORITIES", str(p)) for p in level.priorities)),
        ("%(name)s", "name", (word("KINDS", k) for k in level.kinds)),
    )
    return [form % {name: values} for form, name, many in said if (values := _either(many))]


def _either(values: Iterable[str]) -> str:
    """a, b or c."""
    *first, last = [*values] or [""]
    return _("%(several)s or %(last)s") % {"several": _(", ").join(first), "last": last} if first else last


def _week(hours: sop.Hours) -> list[str]:
    """Mon – Fri 09:00-12:00, 13:00-18:00: days alike that follow each other said once; closed ones left out."""
    said, day = [], 1
    for periods, alike in groupby(hours.week):
        last = day + len(list(alike)) - 1
        if periods:
            days = weekday(day) if last == day else f"{weekday(day)} – {weekday(last)}"
            said.append(f"{days} {', '.join(periods)}")
        day = last + 1
    return said


def _span(minutes: int) -> str:
    """Hours or minutes: how many working hours a day has is the calendar's business."""
    if minutes % 60:
        return _("%(n)s min") % {"n": minutes}
    return _("%(n)s h") % {"n": minutes // 60}


@audience(*KEEPERS)
def level(request: HttpRequest, code: str = "") -> HttpResponse:
    _number, book = queries.in_force()
    known = next((x for x in book.levels if x.code == code), None)
    if code and known is None:
        raise Http404

    def do(record: Any) -> str:
        return _save(
            request, lambda now: editing.with_level(now, code, record), f"{_('Level')} {record.code}"
        )

    codes = [(sop.ALWAYS, _("round the clock")), *((c.code, _name(c)) for c in book.calendars)]
    note = _("The first level in the list that fits a case and names the duty counts. A condition with several values asks for one of them; left empty, it asks nothing. As usual every clock stands while a case is on hold, that of the resolution also while it waits for the customer or for parts.")  # fmt: skip
    initial = editing.level_shown(known) if known else None
    title = _name(known) if known else _("New level")
    return form.page(
        request, records.LevelRecord, do, title=title, back=reverse(HERE), initial=initial, note=note,
        choices={"level_calendar": codes, "target_calendar": [("", _("the level's")), *codes]},
    )  # fmt: skip


def _name(thing: sop.Level | sop.Hours) -> str:
    return thing.name_zh if is_chinese() else thing.name_en


@audience(*KEEPERS)
@require_POST
def remove(request: HttpRequest, code: str) -> HttpResponse:
    reason = f"{_('Level removed:')} {code}"
    return form.act(
        request, lambda: _done(request, lambda b: editing.without_level(b, code), reason), reverse(HERE)
    )


@audience(*KEEPERS)
@require_POST
def up(request: HttpRequest, code: str) -> HttpResponse:
    reason = f"{_('Level asked earlier:')} {code}"
    return form.act(
        request, lambda: _done(request, lambda b: editing.with_level_first(b, code), reason), reverse(HERE)
    )


def _done(request: HttpRequest, change: Callable[[sop.Book], sop.Book], reason: str) -> None:
    _save(request, change, reason)


@audience(*KEEPERS)
def calendar(request: HttpRequest, code: str = "") -> HttpResponse:
    _number, book = queries.in_force()
    known = next((c for c in book.calendars if c.code == code), None)
    if code and known is None:
        raise Http404

    def do(record: Any) -> str:
        return _save(
            request, lambda b: editing.with_calendar(b, code, record), f"{_('Calendar')} {record.code}"
        )

    note = _("Periods of a day: 09:00-12:00, 13:00-18:00. 22:00-06:00 goes over midnight; 00:00-24:00 is the whole day; nothing means closed.")  # fmt: skip
    initial = editing.calendar_shown(known) if known else {"table": "CN"}
    title = _name(known) if known else _("New calendar")
    return form.page(
        request, records.CalendarRecord, do, title=title, back=reverse(HERE), initial=initial, note=note
    )


@audience(*KEEPERS)
def year(request: HttpRequest, table: str, year: int) -> HttpResponse:
    """The year at a glance, and its form. A year that is not published starts empty."""
    _number, book = queries.in_force()
    if table not in book.tables or not 2000 <= year <= 2099:
        raise Http404

    def do(record: Any) -> str:
        change = f"{_('Holidays')} {table} {year}"
        _save(request, lambda b: editing.with_year(b, table, year, record), change, field="holidays")
        return reverse("office:holidays", args=[table, year])

    filled = Form(
        records.YearRecord, request.POST if request.method == "POST" else None,
        initial=editing.year_shown(book, table, year),
    )  # fmt: skip
    if request.method == "POST" and (answer := form.save(request, filled, do)):
        return answer
    context = {
        "form": filled, "table": table, "year": year, "months": _months(book, table, year), "is_known": year in book.tables[table],
        "years": sorted({*book.tables[table], timezone.now().year + 1}), "back": reverse(HERE),
    }  # fmt: skip
    return render(request, "office/levels/year.html", context, status=422 if filled.is_bound else 200)


def _months(book: sop.Book, table: str, year: int) -> list[tuple[str, list[list[tuple[int, str]]]]]:
    """(month, weeks of (day or 0, holiday | makeup | weekend | workday)) for the twelve months."""
    days = book.table(table).years.get(year)

    def kind(day: dt.date) -> str:
        if days and day in days.holidays:
            return "holiday"
        if days and day in days.workdays:
            return "makeup"
        return "weekend" if day.weekday() > 4 else "workday"

    return [
        (
            f"{year}-{month:02}",
            [
                [(day, kind(dt.date(year, month, day)) if day else "") for day in week]
                for week in months.monthcalendar(year, month)
            ],
        )
        for month in range(1, 13)
    ]


@audience(*KEEPERS)
def contract(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    known = get_object_or_404(Contract, pk=pk) if pk else None

    def do(record: Any) -> str:
        clocks.save_contract(known, record, by=request.actor, now=timezone.now())  # type: ignore[attr-defined]
        return reverse(HERE)

    initial = {"customer": known.customer_id, "code": known.code, "tier": known.tier, "from_date": known.from_date,
               "until_date": known.until_date} if known else {"customer": request.GET.get("customer", "")[:16]}  # fmt: skip
    title = known.code if known else _("New contract")
    return form.page(request, records.ContractRecord, do, title=title, back=reverse(HERE), initial=initial)
