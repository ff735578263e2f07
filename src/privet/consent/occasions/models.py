"""The table of notices of an occasion: each text as it was served, found again by its hash."""

from typing import ClassVar

from django.db import models

from privet.consent.append_only import AppendOnly


class OccasionText(AppendOnly):
    """The exact words of a notice at sign-up or enrolment; a change of one is a further text."""

    version = models.PositiveIntegerField(primary_key=True)
    """Counts all such texts in the order in which they came about."""
    place = models.CharField(max_length=20)
    language = models.CharField(max_length=35)
    words = models.TextField()
    """Canonical JSON: title, lead, and sections of lines."""
    digest = models.CharField(max_length=64, unique=True)
    """SHA-256 (hex) of ``words`` in UTF-8."""
    made = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["version"]

    def __str__(self) -> str:
        return f"{self.place} notice {self.version}"
