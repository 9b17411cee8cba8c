"""The background: what repeats, what waits, what was given up."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from baoxiu.faces.common.audience import audience
from baoxiu.faces.common.jobs import TITLES, told
from baoxiu.faces.office import records as office
from baoxiu.jobs import operations, queries
from baoxiu.jobs.models import Job


@audience("administrator")
def listing(request: HttpRequest) -> HttpResponse:
    viewer, now = request.actor, timezone.now()  # type: ignore[attr-defined]
    context = {
        "repeating": queries.repeating(viewer),
        "queued": queries.queued(viewer),
        "dead": queries.dead(viewer),
        "stands_still": queries.is_standing_still(viewer, now),
        "title_of": lambda job: _(TITLES[job.name]) if job.name in TITLES else job.name,
        "result_of": lambda job: told(job.result),
        "now": now,
        "late": now - queries.LATE,
    }
    return render(request, "office/jobs.html", context)


@audience("administrator")
@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    job, by = get_object_or_404(Job, pk=pk), request.actor  # type: ignore[attr-defined]
    where = reverse("office:jobs")
    done = _("It is due now; a worker takes it in a moment.")
    return office.act(request, lambda: operations.retry(job, by=by, now=timezone.now()), where, done)
