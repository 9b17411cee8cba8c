"""The root of all addresses; each face has its own. Looked through from the first on: the staff's come first."""

from django.urls import include, path

handler400 = "baoxiu.faces.common.errors.bad_request"
handler403 = "baoxiu.faces.common.errors.denied"
handler404 = "baoxiu.faces.common.errors.not_found"
handler500 = "baoxiu.faces.common.errors.server_error"

urlpatterns = [
    path("desk/", include("baoxiu.faces.desk.urls")),
    path("field/", include("baoxiu.faces.field.urls")),
    path("bench/", include("baoxiu.faces.bench.urls")),
    path("office/", include("baoxiu.faces.office.urls")),
    path("api/", include("baoxiu.faces.api.urls")),
    path("", include("baoxiu.faces.common.urls")),
    path("", include("baoxiu.faces.portal.urls")),
]
