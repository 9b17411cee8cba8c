"""C4.1: what is said to customers, over which channels, and which groups of colleagues hear of what."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages as flash
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from baoxiu.faces.common.audience import audience
from baoxiu.faces.common.display import say
from baoxiu.faces.common.forms import Form
from baoxiu.faces.common.reach import tried
from baoxiu.faces.office import records as office
from baoxiu.faces.office.titles import CHANNELS, MESSAGES
from baoxiu.notify import checking, messages, operations, queries, records
from baoxiu.notify.models import Target, Template
from baoxiu.people.rules import Invalid

KEEPERS = ("manager", "administrator")


@audience(*KEEPERS)
def listing(request: HttpRequest) -> HttpResponse:
    viewer = request.actor  # type: ignore[attr-defined]
    context = {
        "wordings": _rows(queries.wordings(viewer)),
        "rules": queries.rules_of_channels(viewer),
        "targets": queries.targets(viewer),
        "channel_name": lambda name: _(CHANNELS[name]),
    }
    return render(request, "office/messages/list.html", context)


def _rows(found: list[queries.Wording]) -> list[tuple[queries.Wording, str, str]]:
    """Each with the name of what happened and how it begins with made-up values; those of one event together."""
    order = list(MESSAGES)
    found = sorted(found, key=lambda w: order.index(w.event))
    return [
        (
            w,
            _(MESSAGES[w.event]),
            next(part for part in _sample(w, {"subject": w.subject, "body": w.body}) if part),
        )
        for w in found
    ]


@audience(*KEEPERS)
def wording(request: HttpRequest, channel: str, event: str, language: str) -> HttpResponse:
    """The words in a form; `preview` shows them filled in, anything else saves them."""
    viewer = request.actor  # type: ignore[attr-defined]
    found = queries.current(viewer, event, channel, language)
    if found is None:
        raise Http404
    initial = {"subject": found.subject, "body": found.body, "code": found.code, "is_on": found.is_on}
    form = Form(records.TextRecord, request.POST if request.method == "POST" else None, initial=initial)
    shown = _sample(found, initial)
    if form.is_bound and (text := form.payload()):
        record = records.TemplateRecord(event=event, channel=channel, language=language, **text.model_dump())  # type: ignore[arg-type]
        try:
            if "preview" not in request.POST:
                operations.keep_template(record, by=viewer, now=timezone.now())
                flash.success(request, _("Saved."))
                return redirect("office:messages")
            checking.check_template(record)
            shown = _sample(found, record.model_dump())
        except Invalid as invalid:
            form.add_error(invalid.field, say(invalid.reason))
    context = {
        "form": form,
        "wording": found,
        "shown": shown,
        "channel_title": _(CHANNELS[channel]),
        "title": _(MESSAGES[event]),
    }
    failed = form.is_bound and "preview" not in request.POST
    return render(request, "office/messages/wording.html", context, status=422 if failed else 200)


def _sample(found: queries.Wording, words: dict[str, Any]) -> tuple[str, str]:
    made = Template(
        event=found.event,
        channel=found.channel,
        language=found.language,
        subject=words["subject"],
        body=words["body"],
    )
    return messages.sample(made, what="报修" if found.language == "zh" else "New request", stage="…")


@audience(*KEEPERS)
def channel(request: HttpRequest, name: str) -> HttpResponse:
    viewer = request.actor  # type: ignore[attr-defined]
    rule = next((r for r in queries.rules_of_channels(viewer) if r.name == name), None)
    if rule is None:
        raise Http404
    initial = {
        "is_on": rule.is_on,
        "quiet_from": f"{rule.quiet_from:%H:%M}" if rule.quiet_from else "",
        "quiet_until": f"{rule.quiet_until:%H:%M}" if rule.quiet_until else "",
        "per_hour": rule.per_hour,
        "per_day": rule.per_day,
    }

    def do(payload: Any) -> str:
        record = records.ChannelRecord(name=name, **payload.model_dump())  # type: ignore[arg-type]
        operations.keep_channel(record, by=viewer, now=timezone.now())
        return reverse("office:messages")

    note = _(
        "Quiet hours are those of the place where the customer lives. What somebody waits for goes out all the same."
    )
    return office.page(
        request,
        records.RuleRecord,
        do,
        title=_(CHANNELS[name]),
        back=reverse("office:messages"),
        initial=initial,
        note=note,
    )


@audience(*KEEPERS)
def target(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    viewer = request.actor  # type: ignore[attr-defined]
    found = get_object_or_404(Target, pk=pk) if pk else None
    initial = (
        {"name": found.name, "language": found.language, "is_on": found.is_on}
        | {name: name.removeprefix("on_") in found.steps for name in records.STEPS}
        if found
        else None
    )

    def do(payload: Any) -> str:
        operations.keep_target(found, payload, by=viewer, now=timezone.now())
        return reverse("office:messages")

    note = _(
        "The group is told the number and what happened, never a name or an address. The address holds a secret and is not shown again; empty keeps it."
    )
    title = found.name if found else _("New group")
    return office.page(
        request, records.TargetRecord, do, title=title, back=reverse("office:messages"), initial=initial, note=note,
        choices={"language": [("zh", "中文"), ("en", "English")]},
    )  # fmt: skip


@audience(*KEEPERS)
@require_POST
def remove_target(request: HttpRequest, pk: int) -> HttpResponse:
    found, by = get_object_or_404(Target, pk=pk), request.actor  # type: ignore[attr-defined]
    where = reverse("office:messages")
    return office.act(request, lambda: operations.remove_target(found, by=by, now=timezone.now()), where)


@audience(*KEEPERS)
@require_POST
def test_channel(request: HttpRequest, name: str) -> HttpResponse:
    return tried(request, partial(operations.try_channel, name), reverse("office:messages"))


@audience(*KEEPERS)
@require_POST
def test_target(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Target, pk=pk)
    return tried(request, partial(operations.try_target, found), reverse("office:messages"))
