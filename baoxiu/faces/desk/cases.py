"""C4: cases in a list, narrowed, paged, taken away as CSV."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from pydantic import ValidationError

from baoxiu.cases.queries import lists
from baoxiu.faces.common import display
from baoxiu.faces.common.audience import DESK, audience
from baoxiu.faces.common.invalid import invalid
from baoxiu.faces.desk import cursors
from baoxiu.faces.desk.registering import may_register
from baoxiu.lib import csvsafe
from baoxiu.sop import codes
from baoxiu.sop.confidentiality import mask_phone
from baoxiu.sop.standard import STANDARD

PAGE = 25
EXPORT_ROWS = 50_000
RENAMED = {"from": "from_date", "to": "to_date"}
ABOUT_THE_PAGE = ("after",)


def wanted(query: QueryDict) -> tuple[lists.Filter, dict[str, list[str]]]:
    """(filter, what is wrong by field). A filter that is wrong narrows nothing: the page says so instead."""
    given = {RENAMED.get(k, k): v for k, v in query.items() if v != "" and k not in ABOUT_THE_PAGE}
    try:
        return lists.Filter.model_validate(given), {}
    except ValidationError as error:
        errors: dict[str, list[str]] = {}
        for wrong in invalid(error, lists.Filter):
            errors.setdefault(str(wrong.path[0]) if wrong.path else "", []).append(wrong.text)
        return lists.Filter(), errors


def _given(query: QueryDict) -> dict[str, str]:
    """What the filter bar shows as chosen, under the short names of its fields."""
    short = {long: name for name, long in RENAMED.items()}
    return {short.get(k, k): v for k, v in query.items() if v and k not in ABOUT_THE_PAGE}


def _without(query: QueryDict, **changed: str) -> str:
    """The address of the same list elsewhere."""
    kept = query.copy()
    for name in ABOUT_THE_PAGE:
        kept.pop(name, None)
    for name, value in changed.items():
        kept[name] = value
    return "?" + kept.urlencode()


def _choices(people: dict[str, list[tuple[int, str]]]) -> dict[str, list[tuple[Any, str]]]:
    """What the filter bar offers, in the order it is read."""

    def words(table: Mapping[str, Any]) -> list[tuple[Any, str]]:
        return [(code, display.say(text)) for code, text in table.items()]

    return {
        "stage": [(s.name, display.say(s.title)) for s in STANDARD.stages],
        "owner": [("none", _("nobody")), *people["owner"]],
        "engineer": [*people["engineer"]],
        "station": [*people["station"]],
        "channel": words(codes.CHANNELS),
        "kind": words(codes.KINDS),
        "product_class": words(codes.PRODUCT_CLASSES),
        "priority": words(codes.PRIORITIES),
        "duty": [(d.name, display.say(d.title)) for d in STANDARD.duties],
        "clause": [(c, c) for c in sorted(lists.CLAUSES)],
    }


@audience(*DESK)
def page(request: HttpRequest) -> HttpResponse:
    now, viewer = timezone.now(), request.actor  # type: ignore[attr-defined]
    narrowed, errors = wanted(request.GET)
    zone, after = timezone.get_current_timezone(), cursors.read(request.GET.get("after", ""))
    none = lists.Page([], None)
    found = none if errors else lists.page(viewer, narrowed, now=now, zone=zone, after=after, limit=PAGE)
    older = _without(request.GET, after=cursors.write(*found.after)) if found.after else ""
    people = lists.people(viewer)
    context = {
        "rows": found.rows, "searched_to": found.searched_to, "now": now, "older": older, "newest": _without(request.GET) if after else "",
        "wanted": narrowed, "errors": errors, "choices": _choices(people), "query": _without(request.GET),
        "owners": sorted(people["owner"], key=lambda p: p[0] != viewer.staff_id), "given": _given(request.GET), "may_register": may_register(viewer),
    }  # fmt: skip
    return render(request, "desk/cases/page.html", context, status=400 if errors else 200)


@audience(*DESK)
def export(request: HttpRequest) -> HttpResponse:
    """The list as CSV, written while it is read; cells that look like formulas are made plain text."""
    now, zone = timezone.now(), timezone.get_current_timezone()
    narrowed, errors = wanted(request.GET)
    if errors:
        return page(request)
    found = lists.every(request.actor, narrowed, now=now, zone=zone, limit=EXPORT_ROWS + 1)  # type: ignore[attr-defined]
    lines = spoken(get_language(), csvsafe.lines(_table(found)))
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="cases-{timezone.localtime(now):%Y%m%d-%H%M}.csv"'
    return answer


def spoken(language: str, lines: Iterator[str]) -> Iterator[str]:
    """Lines made while they are sent, after the request is over: still in the reader's language."""
    while True:
        with translation.override(language):
            line = next(lines, None)
        if line is None:
            return
        yield line


def _table(rows: Iterator[dict[str, Any]]) -> Iterator[list[Any]]:
    yield [
        _("Number"), _("Subject"), _("Stage"), _("Status"), _("Customer"), _("Phone"), _("Brand"), _("Product"),
        _("Serial number"), _("Channel"), _("Kind of request"), _("Priority"), _("Owner"), _("Engineer"), _("Station"),
        _("Owed next"), _("Due"), _("Created"), _("Closed"), _("Last words"),
    ]  # fmt: skip
    for count, row in enumerate(rows):
        if count == EXPORT_ROWS:
            yield [
                _("Only the first %(count)s rows: narrow the list to see the others.")
                % {"count": EXPORT_ROWS}
            ]
            return
        yield [
            row["number"], row["subject"], display.stage(row["stage"]), _("open") if row["is_open"] else _("closed"),
            row["customer__name"], mask_phone(row["contact_phone"]), row["unit__brand"], row["unit__product"],
            row["unit__serial"], display.word("CHANNELS", row["channel"]), display.word("KINDS", row["kind"]),
            display.word("PRIORITIES", row["priority"]), row["owner__name"], row["engineer__name"], row["station__name"],
            display.duty(row["next_duty"]), *_times(row["next_due_at"], row["created_at"], row["closed_at"]),
            row["last_line"],
        ]  # fmt: skip


def _times(*moments: dt.datetime | None) -> list[str]:
    return [display.when(moment) for moment in moments]
