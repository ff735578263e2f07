"""The web door as a Django app: templates, static files, words."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages for staff and learners."""

    name = "privet.web"
    label = "web"
