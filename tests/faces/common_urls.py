"""The smallest face there is: the common pages and one step view, to test what every face stands on."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path

from baoxiu.cases import queries
from baoxiu.cases.models import Case
from baoxiu.faces.common import steps
from baoxiu.faces.common.audience import CASE_STAFF, audience

handler400 = "baoxiu.faces.common.errors.bad_request"
handler403 = "baoxiu.faces.common.errors.denied"
handler404 = "baoxiu.faces.common.errors.not_found"
handler500 = "baoxiu.faces.common.errors.server_error"


@audience(*CASE_STAFF)
def step(request: HttpRequest, number: str, noun: str) -> HttpResponse:
    try:
        case = queries.get(request.actor, number)  # type: ignore[attr-defined]
    except Case.DoesNotExist:
        raise Http404 from None
    return steps.view(request, case, noun, back="/style/")


@audience(*CASE_STAFF)
def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("on purpose")


urlpatterns = [
    path("", include("baoxiu.faces.common.urls")),
    path("test/<str:number>/<slug:noun>/", step),
    path("test/broken/", broken),
]
