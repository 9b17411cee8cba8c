"""C4.1: the link that ends invitations to rate, for people and for mail programs (RFC 8058: one POST)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from baoxiu.faces.common.audience import LINK, audience
from baoxiu.notify import channels, operations, queries
from baoxiu.people.actors import ANONYMOUS


@csrf_exempt  # a mail program has no cookie; the token is the right to do it
@audience(LINK)
@require_http_methods(["GET", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Looking changes nothing; a POST ends it, one with `again` begins it anew."""
    row = queries.behind(ANONYMOUS, token)
    if row is None:
        raise Http404
    if request.method == "POST":
        do = operations.subscribe if "again" in request.POST else operations.unsubscribe
        do(row, by=ANONYMOUS, now=timezone.now())
    ended = channels.is_unsubscribed(row.channel, row.recipient)
    answer = render(request, "portal/notify/unsubscribe.html", {"ended": ended})
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer
