"""Signing in and out, a forgotten and a changed password: allauth's views one by one, in our frame; invitations."""

from __future__ import annotations

from allauth.account import views
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login as sign_in
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from baoxiu.faces.common.audience import PUBLIC, STAFF, audience
from baoxiu.people import operations as people

BACKEND = "baoxiu.people.sessions.Backend"

login = audience(PUBLIC)(views.LoginView.as_view())
logout = audience(PUBLIC)(views.LogoutView.as_view())
inactive = audience(PUBLIC)(views.AccountInactiveView.as_view())
password = audience(*STAFF)(views.PasswordChangeView.as_view())
first_password = audience(*STAFF)(views.PasswordSetView.as_view())
forgotten = audience(PUBLIC)(views.PasswordResetView.as_view())
forgotten_sent = audience(PUBLIC)(views.PasswordResetDoneView.as_view())
renew = audience(PUBLIC)(views.PasswordResetFromKeyView.as_view())
renewed = audience(PUBLIC)(views.PasswordResetFromKeyDoneView.as_view())


@audience(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """C9: a new colleague sets the first password; the link works once."""
    try:
        staff = people.invited(token, now=timezone.now())
    except people.InvitationUnusable:
        return render(request, "account/invitation_over.html", status=404)
    errors: list[str] = []
    if request.method == "POST":
        first, again = request.POST.get("password1", ""), request.POST.get("password2", "")
        if first != again:
            errors = [_("The two passwords are not the same.")]
        else:
            errors = _accept(request, token, first)
            if not errors:
                return redirect(settings.LOGIN_REDIRECT_URL)
    page = {"staff": staff, "errors": errors, "minimum": 10}
    return render(request, "account/invitation.html", page, status=422 if errors else 200)


def _accept(request: HttpRequest, token: str, password: str) -> list[str]:
    """Sets the password and signs in; what is wrong with it otherwise."""
    try:
        staff = people.accept_invitation(token, password, now=timezone.now())
    except ValidationError as error:
        return list(error.messages)
    except people.InvitationUnusable:
        raise Http404 from None
    sign_in(request, staff, backend=BACKEND)
    messages.success(request, _("Welcome, %(name)s. Your password is set.") % {"name": staff.name})
    return []
