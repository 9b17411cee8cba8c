from django.urls import path

app_name = "bench"
urlpatterns: list = []
