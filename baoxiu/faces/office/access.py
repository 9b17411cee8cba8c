"""C9: who was shown a customer's contacts, when and why."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from baoxiu.confidentiality import queries
from baoxiu.confidentiality.models import Reveal
from baoxiu.faces.common.audience import audience
from baoxiu.faces.common.display import when, word
from baoxiu.faces.office import records as form
from baoxiu.lib import csvsafe

PAGE, EXPORT_ROWS = 50, 5000


def _rows(request: HttpRequest, limit: int) -> list[Reveal]:
    return queries.reveals(
        request.actor, staff=form.number(request.GET.get("staff", "")), subject=request.GET.get("case", "").strip(),  # type: ignore[attr-defined]
        before=form.number(request.GET.get("before", "")), limit=limit,
    )  # fmt: skip


@audience("administrator")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    rows, kept = _rows(request, PAGE + 1), request.GET.copy()
    newest = kept.pop("before", None)
    same = "?" + kept.urlencode()
    if len(rows) > PAGE:
        kept["before"] = str(rows[PAGE - 1].pk)
    context = {
        "rows": rows[:PAGE], "case": request.GET.get("case", "")[:40], "same": same, "newest": same if newest else "",
        "older": "?" + kept.urlencode() if len(rows) > PAGE else "",
    }  # fmt: skip
    return render(request, "office/access.html", context)


@audience("administrator")
@require_safe
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The newest 5,000 rows as CSV."""
    head = [_("Time"), _("Who"), _("Case"), _("Customer"), _("Reason")]
    rows = (
        [when(r.at, "%Y-%m-%d %H:%M:%S"), r.staff.name if r.staff else r.actor, r.subject, r.customer.name if r.customer else "", word("REVEAL_REASONS", r.reason)]
        for r in _rows(request, EXPORT_ROWS)
    )  # fmt: skip
    answer = StreamingHttpResponse(csvsafe.lines([head, *rows]), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="access.csv"'
    return answer
