"""Django's view of the room: its label is its name."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """The room events."""

    name = "privet.events"
    label = "events"
    default_auto_field = "django.db.models.BigAutoField"
