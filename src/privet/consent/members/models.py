"""The tables of members: what they register, and what was found in their courses unregistered."""

from typing import ClassVar

from django.db import models


class InstitutionEntry(models.Model):
    """A member's cookie or similar technology, as proposed; a change is a new proposal."""

    institution = models.CharField(max_length=80, db_index=True)
    """The member's slug."""
    courses = models.JSONField(default=list)
    """The ids of the courses; an empty list stands for all of them."""
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    host = models.CharField(max_length=253, blank=True)
    setter = models.CharField(max_length=500)
    party = models.CharField(max_length=10)
    lifetime = models.CharField(max_length=40)
    category = models.CharField(max_length=20)
    purpose = models.JSONField()
    """What it is for, by language."""
    vendor = models.CharField(max_length=500)
    data = models.JSONField(default=list)
    state = models.CharField(max_length=10, db_index=True)
    proposed = models.DateTimeField()
    proposed_by = models.CharField(max_length=80)
    reviewed = models.DateTimeField(null=True)
    reviewed_by = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    """Why it was refused or withdrawn."""

    class Meta:
        ordering: ClassVar = ["-proposed", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["institution", "kind", "name", "host"],
                condition=models.Q(state="proposed"),
                name="one_proposal_waits",
            )
        ]

    def __str__(self) -> str:
        return f"{self.institution}: {self.kind} {self.name}"


class Unregistered(models.Model):
    """Something that was found in a course and stands in no registry: its name, and no person."""

    institution = models.CharField(max_length=80)
    course = models.CharField(max_length=160)
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    """With ``*`` where a number or an address stood that could be somebody's."""
    host = models.CharField(max_length=253, blank=True)
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    by_pages = models.PositiveIntegerField(default=0)
    """How often pages of the course reported it."""
    by_scans = models.PositiveIntegerField(default=0)
    setter = models.CharField(max_length=253, blank=True, default="")
    """The host of the script that wanted it last; empty where that is not known."""
    page = models.CharField(max_length=200, blank=True, default="")
    """The path on which that was, with ``*`` as in the name."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["institution", "course", "kind", "name", "host"],
                name="one_unregistered_a_course",
            )
        ]

    def __str__(self) -> str:
        return f"unregistered {self.kind} {self.name}"
