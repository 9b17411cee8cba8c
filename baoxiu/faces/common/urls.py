"""Addresses every face shares. allauth's views keep their own names: its flows look them up."""

from django.urls import include, path, re_path

from baoxiu.faces.common import certificates, files, front, manual, pages, reach, receipts, signin, style

common = (
    [
        path("", front.page, name="front"),
        path("demo/sign-in/", front.demo_sign_in, name="demo-sign-in"),
        path("demo/mailbox/", front.mailbox, name="mailbox"),
        path("files/", files.upload, name="files"),
        path("files/<int:number>/", files.show, name="file"),
        path("cases/<str:number>/service-sheet.pdf", files.sheet, name="sheet"),
        path("certificate-key.json", certificates.key, name="certificate-key"),
        path("cases/<str:number>/certificate.pdf", certificates.pdf, name="certificate"),
        path("cases/<str:number>/certificate.json", certificates.as_json, name="certificate-json"),
        path("cases/<str:number>/receipts/<int:pk>.pdf", receipts.receipt, name="receipt"),
        path("language/", pages.language, name="language"),
        path("health/", pages.health, name="health"),
        path("alarms/", reach.page, name="reach"),
        path("alarms/test/", reach.test, name="reach-test"),
        path("style/", style.page, name="style"),
        path("manual/", manual.page, name="manual"),
        path("manual/img/<str:name>", manual.picture, name="manual-picture"),
        path("manual/<str:name>/", manual.page, name="manual-page"),
        path("invite/<str:token>/", signin.invitation, name="invitation"),
    ],
    "common",
)
urlpatterns = [
    path("", include(common)),
    path("accounts/login/", signin.login, name="account_login"),
    path("accounts/logout/", signin.logout, name="account_logout"),
    path("accounts/inactive/", signin.inactive, name="account_inactive"),
    path("accounts/password/change/", signin.password, name="account_change_password"),
    path("accounts/password/set/", signin.first_password, name="account_set_password"),
    path("accounts/password/reset/", signin.forgotten, name="account_reset_password"),
    path("accounts/password/reset/done/", signin.forgotten_sent, name="account_reset_password_done"),
    path("accounts/password/reset/key/done/", signin.renewed, name="account_reset_password_from_key_done"),
    re_path(
        r"^accounts/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$", signin.renew,
        name="account_reset_password_from_key",
    ),
]  # fmt: skip
