"""Django's view of the room: its label is its name."""

from django.apps import AppConfig


class ConsentConfig(AppConfig):
    """The room consent."""

    name = "privet.consent"
    label = "consent"
    default_auto_field = "django.db.models.BigAutoField"
