"""The record of imports: what an operator brought in, on whose word, and what became of it."""

from django.db import models


class ImportState(models.TextChoices):
    """Where an import stands."""

    RUNNING = "running", "running"
    """It is at work, or was killed; running it again takes it up where it stopped."""
    FINISHED = "finished", "finished"
    FAILED = "failed", "failed"
    """It stopped with an error that it told; running it again takes it up."""


class Import(models.Model):
    """One run of an importer, with the operator's word on what its events may be used for."""

    name = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=20, default="edx")
    site = models.CharField(max_length=100)
    uses = models.PositiveIntegerField()
    """Bits of `privet.catalogue.uses.Use` that the operator permits."""
    by = models.CharField(max_length=200)
    """Who gave the command."""
    started = models.DateTimeField()
    finished = models.DateTimeField(null=True)
    state = models.CharField(
        max_length=20, choices=ImportState.choices, default=ImportState.RUNNING
    )
    request = models.BinaryField(max_length=16)
    """A hash of the paths, site, uses and name: the same request takes up a stopped import."""
    paths = models.JSONField(default=list)
    """What was named on the command line."""
    lines = models.BigIntegerField(default=0)
    events = models.BigIntegerField(default=0)
    kept = models.BigIntegerField(default=0)
    """Events that were handed to the log."""
    stored = models.BigIntegerField(default=0)
    """Events that became new rows of the lake."""
    duplicates = models.BigIntegerField(default=0)
    """Events that the lake had already."""
    skipped = models.JSONField(default=dict)
    rejected = models.JSONField(default=dict)
    not_permitted = models.JSONField(default=dict)
    fields_dropped = models.JSONField(default=dict)
    seconds = models.FloatField(default=0.0)
    problem = models.TextField(blank=True)

    @property
    def loaded_elsewhere(self) -> int:
        """Events of which no loader said what became of them (yet)."""
        barred = sum(self.not_permitted.values())
        left: int = self.events - self.stored - self.duplicates - barred
        return max(0, left)

    class Meta:
        indexes = [models.Index(fields=["state", "request"], name="intake_import_request")]

    def __str__(self) -> str:
        return f"import {self.pk}"


class LoadOutcome(models.Model):
    """What became of events of one import in one load, until the import is finished."""

    import_number = models.BigIntegerField()
    load = models.TextField()
    """The last segment of each log of imports in it."""
    outcome = models.CharField(max_length=40)
    events = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["import_number", "load", "outcome"], name="intake_outcome_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.events} {self.outcome}"


class ImportFile(models.Model):
    """One file of an import, and how far it has been read."""

    import_record = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="files")
    path = models.TextField()
    identity = models.BinaryField(max_length=16)
    """A keyed hash of the file's number on its disk and of its first bytes."""
    offset = models.BigIntegerField(default=0)
    """Bytes (unpacked) whose events are durable."""
    lines = models.BigIntegerField(default=0)
    is_complete = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["import_record", "identity"], name="intake_file_identity")]

    def __str__(self) -> str:
        return f"file {self.pk} of import {self.import_record_id}"


class Reject(models.Model):
    """A line that could not be read: where it stands and why, never what it says."""

    file = models.ForeignKey(ImportFile, on_delete=models.CASCADE, related_name="rejects")
    offset = models.BigIntegerField()
    size_bytes = models.BigIntegerField()
    hash = models.BinaryField(max_length=16)
    """A keyed hash of the line."""
    reason = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "offset"], name="intake_reject_once")
        ]

    def __str__(self) -> str:
        return f"{self.reason} at {self.offset}"
