"""Addresses of the desk. Steps are nouns below their case."""

from django.urls import path

from baoxiu.faces.desk import (
    board,
    case,
    cases,
    clocks,
    conformance,
    followups,
    inbox,
    intake,
    loaners,
    messages,
    ownership,
    search,
    triage,
)

app_name = "desk"
urlpatterns = [
    path("", inbox.page, name="inbox"),
    path("rows/", inbox.rows, name="inbox-rows"),
    path("export/", inbox.export, name="inbox-export"),
    path("ownership/", ownership.give, name="ownership"),
    path("search/", search.page, name="search"),
    path("dispatch/", board.page, name="board"),
    path("dispatch/day/", board.day, name="board-day"),
    path("dispatch/preview/", board.preview, name="board-preview"),
    path("dispatch/why/<str:number>/", board.why, name="board-why"),
    path("dispatch/act/<slug:verb>/", board.act, name="board-act"),
    path("phone/", intake.page, name="phone"),
    path("phone/caller/", intake.caller, name="caller"),
    path("phone/duplicates/", intake.duplicates, name="duplicates"),
    path("cases/", cases.page, name="cases"),
    path("cases/export/", cases.export, name="cases-export"),
    path("cases/<str:number>/", case.page, name="case"),
    path("cases/<str:number>/glance/", case.glance, name="glance"),
    path("follow-ups/", followups.page, name="follow-ups"),
    path("loaners/", loaners.page, name="loaners"),
    path("alarms/", clocks.alarms, name="alarms"),
    path("alarms/<int:pk>/seen/", clocks.acknowledge, name="alarm-seen"),
    path("cases/<str:number>/clocks/", clocks.ledger, name="clocks"),
    path("cases/<str:number>/timeline/", case.timeline, name="timeline"),
    path("cases/<str:number>/conformance/", conformance.page, name="conformance"),
    path("cases/<str:number>/entitlement/", triage.entitlement, name="entitlement"),
    path("cases/<str:number>/contacts/", intake.contacts, name="contacts"),
    path("cases/<str:number>/messages/", messages.page, name="messages"),
    path("cases/<str:number>/messages/<int:pk>/retry/", messages.retry, name="message-retry"),
    path("cases/<str:number>/links/", messages.links_, name="links"),
    path("cases/<str:number>/<slug:noun>/", case.step, name="step"),
]
