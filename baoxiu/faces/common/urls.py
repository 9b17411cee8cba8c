"""Addresses every face shares. allauth's views keep their own names: its flows look them up."""

from django.urls import include, path

from baoxiu.faces.common import files, pages, signin, style

common = (
    [
        path("files/", files.upload, name="files"),
        path("files/<int:number>/", files.show, name="file"),
        path("language/", pages.language, name="language"),
        path("health/", pages.health, name="health"),
        path("style/", style.page, name="style"),
    ],
    "common",
)
urlpatterns = [
    path("", include(common)),
    path("accounts/login/", signin.login, name="account_login"),
    path("accounts/logout/", signin.logout, name="account_logout"),
]
