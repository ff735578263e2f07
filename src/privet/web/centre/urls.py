"""The addresses of the learner's centre."""

from django.urls import path

from privet.web.centre.choices import choices
from privet.web.centre.data import data

app_name = "centre"
urlpatterns = [
    path("", data, name="data"),
    path("choices", choices, name="choices"),
]
