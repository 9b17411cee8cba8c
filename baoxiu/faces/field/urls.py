from django.urls import path

from baoxiu.faces.field import jobs, today

app_name = "field"
urlpatterns = [
    path("", today.today, name="today"),
    path("jobs/<str:number>/", jobs.job, name="job"),
    path("jobs/<str:number>/<slug:noun>/", jobs.step, name="step"),
]
