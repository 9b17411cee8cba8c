from django.urls import path

from baoxiu.faces.field import jobs, route, today, van

app_name = "field"
urlpatterns = [
    path("", today.today, name="today"),
    path("route/", route.page, name="route"),
    path("van/", van.page, name="van"),
    path("route/parts/", route.fetch, name="fetch"),
    path("jobs/<str:number>/", jobs.job, name="job"),
    path("jobs/<str:number>/consent/", jobs.consent, name="consent"),
    path("jobs/<str:number>/<slug:noun>/", jobs.step, name="step"),
]
