"""What the detectors found, and how far each course has been looked at."""

from django.db import models


class FindingRow(models.Model):
    """One finding about a group of accounts in a course; `privet.integrity.findings` reads it."""

    key = models.CharField(max_length=500, unique=True)
    """Preset, detector, course and pseudonyms: a run that finds it again renews this row."""
    preset = models.CharField(max_length=40)
    kind = models.CharField(max_length=30)
    institution = models.CharField(max_length=100, blank=True)
    course = models.CharField(max_length=255, blank=True)
    subjects = models.JSONField()
    """Pseudonyms: harvesters first and the master last, or the one shared account."""
    n = models.PositiveIntegerField()
    x = models.PositiveIntegerField()
    p = models.FloatField()
    q = models.FloatField()
    lag_p90_seconds = models.FloatField(null=True)
    shared_network = models.BooleanField()
    ip_degree = models.PositiveIntegerField()
    network_kinds = models.JSONField(default=list)
    items = models.JSONField(default=list)
    """The timeline, item by item, as `privet.integrity.findings.Item`."""
    confidence = models.FloatField()
    country = models.CharField(max_length=2, blank=True)
    day = models.DateField()
    detector_version = models.PositiveIntegerField()
    found = models.DateTimeField()
    renewed = models.DateTimeField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["preset", "course", "kind"], name="integrity_by_course")]

    def __str__(self) -> str:
        return f"finding {self.pk}"


class FindingSubject(models.Model):
    """One account that a finding is about, so that it is found for its rights."""

    finding = models.ForeignKey(FindingRow, on_delete=models.CASCADE, related_name="people")
    subject = models.BigIntegerField(db_index=True)
    place = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["finding", "subject"], name="one_part_in_a_finding")
        ]

    def __str__(self) -> str:
        return f"part {self.place} of finding {self.finding_id}"


class LookedAt(models.Model):
    """A day of a course that the detectors have been over; it is about nobody."""

    preset = models.CharField(max_length=40)
    course = models.CharField(max_length=255)
    day = models.DateField()
    detector_version = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["preset", "course", "day", "detector_version"], name="one_look_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.course} on {self.day}"
