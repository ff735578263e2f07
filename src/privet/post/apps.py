"""Django's view of the room: its label is its name."""

from django.apps import AppConfig


class PostConfig(AppConfig):
    """The room post."""

    name = "privet.post"
    label = "post"
    default_auto_field = "django.db.models.BigAutoField"
