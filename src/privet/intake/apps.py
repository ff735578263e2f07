"""Django's view of the room: its label is its name."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """The room intake."""

    name = "privet.intake"
    label = "intake"
    default_auto_field = "django.db.models.BigAutoField"
