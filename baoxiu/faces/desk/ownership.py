"""C4.1: giving cases to somebody else, many at once."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from baoxiu.cases.operations import take_over_many
from baoxiu.faces.common.audience import DESK, audience
from baoxiu.faces.common.display import say

SHOWN = 5


@audience(*DESK)
@require_POST
def give(request: HttpRequest) -> HttpResponse:
    """`number` many times, `owner` once; back to the list it came from."""
    numbers, owner = request.POST.getlist("number"), request.POST.get("owner", "")
    if not numbers:
        messages.error(request, _("Choose at least one case first."))
    elif not (owner.isascii() and owner.isdigit() and len(owner) < 16):
        messages.error(request, _("Choose who is to answer for them."))
    else:
        result = take_over_many(numbers, int(owner), by=request.actor, now=timezone.now())  # type: ignore[attr-defined]
        if count := len(result.done):
            text = ngettext("%(count)s case has a new owner.", "%(count)s cases have a new owner.", count)
            messages.success(request, text % {"count": count})
        for number, why in result.refused[:SHOWN]:
            messages.warning(request, f"{number}: {say(why)}")
        if (rest := len(result.refused) - SHOWN) > 0:
            messages.warning(request, _("and %(count)s more that could not be given away.") % {"count": rest})
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()})
    return HttpResponseRedirect(back if safe else "/desk/", status=303)
