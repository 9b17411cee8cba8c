"""C5.2: the link in a colleague's message that acknowledges one alarm, from wherever it is read."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from baoxiu.cases import links
from baoxiu.clocks import telling
from baoxiu.faces.common.audience import LINK, audience
from baoxiu.people.rules import Denied


@audience(LINK)
@require_http_methods(["GET", "POST"])
def acknowledge(request: HttpRequest, token: str) -> HttpResponse:
    """Looking changes nothing – machines follow links too –, a POST acknowledges. Nothing personal is shown."""
    now, meant = timezone.now(), links.of_alarm(token)
    found = telling.behind(*meant, now=now) if meant else None
    if found is None:
        raise Http404
    alarm, staff = found
    if request.method == "POST":
        try:
            telling.acknowledge(alarm, staff, now=now)
        except Denied:
            raise Http404 from None
        alarm.refresh_from_db()
    answer = render(request, "portal/alarm.html", {"alarm": alarm, "now": now})
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer
