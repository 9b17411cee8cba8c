from django.urls import path

from baoxiu.faces.portal import (
    alarms,
    cases,
    catalogue,
    charges,
    followups,
    intake,
    notify,
    payments,
    registrations,
    terms,
    warranty,
    windows,
)

app_name = "portal"
urlpatterns = [
    path("request/", intake.request_form, name="request"),
    path("warranty/", warranty.page, name="warranty"),
    path("terms/", terms.page, name="terms"),
    path("terms/<int:number>/", terms.version, name="terms-version"),
    path("terms/<int:number>.json", terms.document, name="terms-document"),
    path("u/<str:qr_token>/", catalogue.unit, name="unit"),
    path("register/", registrations.form, name="register"),
    path("u/<str:qr_token>/register/", registrations.labelled, name="unit-register"),
    path("o/<str:token>/", registrations.result, name="registration"),
    path("u/<str:qr_token>/request/", catalogue.report, name="unit-request"),
    path("t/<str:token>/", cases.track, name="track"),
    path("t/<str:token>/received/", intake.received, name="received"),
    path("t/<str:token>/service-sheet.pdf", cases.sheet, name="sheet"),
    path("t/<str:token>/window/", windows.page, name="window"),
    path("t/<str:token>/pay/", payments.pay, name="pay"),
    path("t/<str:token>/receipt/<int:pk>.pdf", payments.receipt, name="receipt"),
    path("pay/notice/", payments.notice, name="payment-notice"),
    path("t/<str:token>/<slug:noun>/", cases.act, name="act"),
    path("q/<str:token>/", charges.quote, name="quote"),
    path("q/<str:token>/<slug:noun>/", charges.answer, name="answer"),
    path("a/<str:token>/", alarms.acknowledge, name="alarm"),
    path("n/<str:token>/", notify.unsubscribe, name="unsubscribe"),
    path("r/<str:token>/", followups.rating, name="rating"),
]
