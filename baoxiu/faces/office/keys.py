"""C9: keys for machines. A token is shown in the one answer that made it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from baoxiu.faces.common.audience import audience
from baoxiu.faces.common.display import say
from baoxiu.faces.common.forms import Form
from baoxiu.faces.office import records as office
from baoxiu.people import operations, queries, records
from baoxiu.people.actors import Actor
from baoxiu.people.models import ApiKey


@audience("administrator")
def listing(request: HttpRequest) -> HttpResponse:
    keys = queries.keys(request.actor)  # type: ignore[attr-defined]
    return render(request, "office/people/keys.html", {"keys": keys, "now": timezone.now()})


@audience("administrator")
def new(request: HttpRequest) -> HttpResponse:
    viewer: Actor = request.actor  # type: ignore[attr-defined]
    choices = {
        "staff": [(s.pk, s.name) for s in queries.staff(viewer)],
        "customer": queries.companies(viewer),
    }
    sent = request.POST if request.method == "POST" else None
    form = Form(records.KeyRecord, sent, choices=choices)
    if sent is not None and (record := form.payload()):
        try:
            key, token = operations.create_key(record, by=viewer, now=timezone.now())  # type: ignore[arg-type]
            return render(request, "office/people/key_made.html", {"key": key, "token": token})
        except operations.Invalid as invalid:
            form.add_error(invalid.field, say(invalid.reason))
    note = _(
        "A key with a colleague's roles may do what he may; a company's key sees that company's cases only."
    )
    context = {"form": form, "title": _("New key"), "back": reverse("office:keys"), "note": note}
    return render(request, "office/record.html", context, status=422 if form.is_bound else 200)


@audience("administrator")
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    key, by = get_object_or_404(ApiKey, pk=pk), request.actor  # type: ignore[attr-defined]
    where = reverse("office:keys")
    return office.act(request, lambda: operations.revoke_key(key, by=by, now=timezone.now()), where)
