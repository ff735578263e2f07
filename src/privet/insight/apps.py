"""Django's view of the room: its label is its name."""

from django.apps import AppConfig


class InsightConfig(AppConfig):
    """The room insight."""

    name = "privet.insight"
    label = "insight"
    default_auto_field = "django.db.models.BigAutoField"
