"""Records that are added and then stay as they are."""

from typing import Any, NoReturn

from django.db import models

from privet.kernel.errors import PrivetError


class AppendOnlyError(PrivetError):
    """Somebody tried to change what has been written down for good."""


class AppendOnly(models.Model):
    """A record that is added and then stays as it is."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the record; an existing one is never changed."""
        if not self._state.adding:
            self._refuse()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:  # noqa: ARG002 - Django's signature
        """Refuse: what was recorded stays."""
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise AppendOnlyError(
            f"A record of {type(self).__name__} cannot be changed or removed.",
            remedy="Add a further record that says what is different.",
        )
