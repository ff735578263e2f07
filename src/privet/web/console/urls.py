"""The addresses of the console."""

from django.urls import path

from privet.web.console.activity import activity
from privet.web.console.intake import intake
from privet.web.console.live import live
from privet.web.console.places import places
from privet.web.console.technique import technique

app_name = "console"
urlpatterns = [
    path("activity", activity, name="activity"),
    path("places", places, name="places"),
    path("technique", technique, name="technique"),
    path("live", live, name="live"),
    path("intake", intake, name="intake"),
]
