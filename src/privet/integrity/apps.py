"""Django's view of the room: its label is its name."""

from django.apps import AppConfig


class IntegrityConfig(AppConfig):
    """The room integrity."""

    name = "privet.integrity"
    label = "integrity"
    default_auto_field = "django.db.models.BigAutoField"
