"""Signing in and out, a forgotten and a changed password: allauth's views, one by one, in our frame."""

from __future__ import annotations

from allauth.account import views

from baoxiu.faces.common.audience import PUBLIC, audience

login = audience(PUBLIC)(views.LoginView.as_view())
logout = audience(PUBLIC)(views.LogoutView.as_view())
