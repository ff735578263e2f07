"""The tables of who is hidden: withheld, restricted and erased learners, by pseudonym."""

from django.db import models


class Counter(models.Model):
    """A number that only rises; its row is the queue of those who change what is counted."""

    name = models.CharField(max_length=32, primary_key=True)
    value = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.value}"


class Withholding(models.Model):
    """A use that a learner's rows may no longer serve: a withdrawal or an objection.

    It is open until a new grant ends it. Rows up to that moment stay hidden until the daily pass
    has cleared their bits; the loader goes on clearing those that arrive late.
    """

    subject = models.BigIntegerField()
    use = models.SmallIntegerField()
    until = models.DateTimeField(null=True)
    is_cleared = models.BooleanField(default=False)
    sequence = models.BigIntegerField(db_index=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("subject", "use"), name="one_withholding_a_use"),
        )

    def __str__(self) -> str:
        return f"withholding {self.pk}"


class Restriction(models.Model):
    """A learner whose rows are kept and not used (GDPR Art. 18)."""

    subject = models.BigIntegerField(primary_key=True)
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"restriction since {self.since:%Y-%m-%d}"


class Erasure(models.Model):
    """A learner who is hidden at once and whose rows the next erasure pass removes."""

    subject = models.BigIntegerField(primary_key=True)
    asked = models.DateTimeField()

    def __str__(self) -> str:
        return f"erasure asked {self.asked:%Y-%m-%d}"


class Tombstone(models.Model):
    """A keyed hash of an erased pseudonym or person key: what it did before is not let in again."""

    mark = models.BinaryField(max_length=16, primary_key=True)
    up_to = models.DateTimeField()
    sequence = models.BigIntegerField(db_index=True)

    def __str__(self) -> str:
        return f"tombstone up to {self.up_to:%Y-%m-%d}"


class Lease(models.Model):
    """Who may write to a lake that several machines share, and until when unless renewed."""

    name = models.CharField(max_length=32, primary_key=True)
    holder = models.CharField(max_length=64)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} until {self.until:%H:%M:%S}"


class Pass(models.Model):
    """A run of the daily pass: when, and what it changed, in counts."""

    day = models.DateField(primary_key=True)
    began = models.DateTimeField()
    ended = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"pass of {self.day:%Y-%m-%d}"
