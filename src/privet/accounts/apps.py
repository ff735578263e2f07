"""Django's view of the room: its label is its name."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The room accounts."""

    name = "privet.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
