from django.urls import path

from baoxiu.faces.bench import cases, queue

app_name = "bench"
urlpatterns = [
    path("", queue.queue, name="queue"),
    path("loaners/", queue.loaners, name="loaners"),
    path("cases/<str:number>/", cases.case_page, name="case"),
    path("cases/<str:number>/label/", cases.label, name="label"),
    path("cases/<str:number>/<slug:noun>/", cases.step, name="step"),
]
