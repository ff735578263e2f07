"""Django's view of the room: its label is its name."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The room audit."""

    name = "privet.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"
