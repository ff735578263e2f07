"""The tables of the chain: its records, its head, and its signed checkpoints."""

from django.db import models


class Record(models.Model):
    """One act. What is personal in it can be erased; the chain stays whole without it."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    act = models.CharField(max_length=100)
    by = models.CharField(max_length=200, null=True)  # Null says "erased".
    about = models.JSONField(null=True)
    why = models.TextField(null=True)  # Null says "erased".
    salt = models.BinaryField(null=True)
    commitment = models.BinaryField(max_length=32)
    digest = models.BinaryField(max_length=32)

    class Meta:
        ordering = ("seq",)
        indexes = (models.Index(fields=("act", "at")),)

    def __str__(self) -> str:
        return f"{self.seq} {self.act}"


class Head(models.Model):
    """The last record's number and digest; the one row that all writers queue for."""

    seq = models.BigIntegerField()
    digest = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"head at {self.seq}"


class Checkpoint(models.Model):
    """A signature over the chain up to a record, kept here and in a file outside the database."""

    seq = models.BigIntegerField(unique=True)
    digest = models.BinaryField(max_length=32)
    at = models.DateTimeField()
    signature = models.BinaryField(max_length=64)

    def __str__(self) -> str:
        return f"checkpoint at {self.seq}"
