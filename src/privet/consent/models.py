"""The tables of consent: what was asked in which words, what was answered, what is in force."""

from django.db import models

from privet.consent.append_only import AppendOnly, AppendOnlyError
from privet.consent.members.models import InstitutionEntry, Unregistered
from privet.consent.occasions.models import OccasionText
from privet.consent.policies.models import LinkCheck, PolicySeen, PolicyVersion
from privet.consent.scan.models import Finding, Scan

# Django looks for a room's tables here; those of its parts stand beside their verbs.
__all__ = [
    "AppendOnly", "AppendOnlyError", "Decision", "Finding", "Head", "InstitutionEntry", "LinkCheck",
    "Notice", "NoticeText", "OccasionText", "PolicySeen", "PolicyVersion", "Scan", "Served",
    "Standing", "Unregistered",
]  # fmt: skip


class Notice(AppendOnly):
    """A version of what learners are told before they decide."""

    version = models.PositiveIntegerField(primary_key=True)
    published = models.DateTimeField()
    published_by = models.CharField(max_length=80)
    material = models.TextField(blank=True, default="")
    """Canonical JSON of what people must be asked anew about when it grows; see ``material``."""

    def __str__(self) -> str:
        return f"notice {self.version}"


class NoticeText(AppendOnly):
    """The words of a notice in one language, exactly as they are shown."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="texts")
    language = models.CharField(max_length=35)
    words = models.TextField()
    """Canonical JSON: title, body, buttons, and for each choice a name and an explanation."""
    digest = models.CharField(max_length=64, db_index=True)
    """SHA-256 (hex) of ``words`` in UTF-8."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "language"], name="one_text_a_language")
        ]

    def __str__(self) -> str:
        return f"notice {self.notice_id} in {self.language}"


class Head(models.Model):
    """Where the ledger ends; who adds to it holds this row, so its order is that of commits."""

    id = models.PositiveSmallIntegerField(primary_key=True)
    sequence = models.BigIntegerField(default=0)
    """The last number given to a record or a standing."""
    digest = models.BinaryField(max_length=32)
    """The digest of the ledger's last record."""
    generation = models.BigIntegerField(default=0)
    """Grows when standings are removed: snapshots then read everything anew."""
    followed = models.BigIntegerField(default=0)
    """Up to which link of keys to people the standings have followed."""

    def __str__(self) -> str:
        return f"ledger at {self.sequence}"


class Decision(AppendOnly):
    """A record of the ledger: somebody, or nobody in particular, decided something.

    ``who`` is not part of what is chained, only ``commitment`` is: a salted hash of it. Erasing
    a person empties ``person_key``, ``account_id`` and ``salt`` and leaves the chain whole.
    """

    sequence = models.BigIntegerField(primary_key=True)
    record_id = models.UUIDField(unique=True)
    request_id = models.UUIDField(null=True, unique=True)
    """What the client chose, so that a repeated request adds nothing."""
    time = models.DateTimeField()
    kind = models.CharField(max_length=20)
    site = models.CharField(max_length=80)
    institution = models.CharField(max_length=80, blank=True)
    person_key = models.BinaryField(null=True, max_length=16, db_index=True)
    account_id = models.BigIntegerField(null=True, db_index=True)
    salt = models.BinaryField(null=True, max_length=16)
    commitment = models.BinaryField(max_length=32)
    asked = models.PositiveSmallIntegerField()
    granted = models.PositiveSmallIntegerField()
    in_force = models.PositiveSmallIntegerField()
    """The choices in force after table, age and GPC."""
    in_force_before = models.PositiveSmallIntegerField(null=True)
    """None if nothing had been decided before."""
    objected = models.PositiveSmallIntegerField(default=0)
    restricted = models.BooleanField(default=False)
    notice_version = models.PositiveIntegerField(null=True)
    notice_digest = models.CharField(max_length=64, blank=True)
    language = models.CharField(max_length=35, blank=True)
    notice_served = models.UUIDField(null=True)
    """The record of the notice that the person had before them; none if none was served."""
    course = models.CharField(max_length=160, blank=True, default="")
    registry = models.CharField(max_length=64, blank=True, default="")
    """Which version of the registry of cookies the notice listed."""
    gpc = models.BooleanField()
    confirmed = models.BooleanField(default=False)
    """Said yes against Global Privacy Control, and confirmed it when the conflict was shown."""
    regime = models.CharField(max_length=10)
    age = models.CharField(max_length=10)
    control = models.CharField(max_length=20)
    layer = models.CharField(max_length=20)
    by = models.CharField(max_length=80)
    before = models.BinaryField(max_length=32)
    """The digest of the record before this one."""
    digest = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"decision {self.record_id}"


class Served(AppendOnly):
    """A record of the ledger: a notice was put before somebody. It stands in the same chain.

    As with decisions, ``who`` is chained as a salted commitment only.
    """

    sequence = models.BigIntegerField(primary_key=True)
    record_id = models.UUIDField(unique=True)
    time = models.DateTimeField()
    """When the record was written."""
    served = models.DateTimeField(db_index=True)
    """When the notice was shown, which may be minutes before."""
    site = models.CharField(max_length=80)
    institution = models.CharField(max_length=80, blank=True)
    course = models.CharField(max_length=160, blank=True)
    place = models.CharField(max_length=20)
    layer = models.CharField(max_length=20)
    notice_version = models.PositiveIntegerField()
    notice_digest = models.CharField(max_length=64)
    language = models.CharField(max_length=35)
    registry = models.CharField(max_length=64, blank=True, default="")
    person_key = models.BinaryField(null=True, max_length=16, db_index=True)
    account_id = models.BigIntegerField(null=True, db_index=True)
    salt = models.BinaryField(null=True, max_length=16)
    commitment = models.BinaryField(max_length=32)
    before = models.BinaryField(max_length=32)
    digest = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"notice served {self.record_id}"


class Standing(models.Model):
    """What is in force for one person key now; snapshots read it by ``sequence``."""

    person_key = models.BinaryField(unique=True, max_length=16)
    sequence = models.BigIntegerField(db_index=True)
    asked = models.PositiveSmallIntegerField(default=0)
    granted = models.PositiveSmallIntegerField(default=0)
    decided = models.DateTimeField(null=True)
    """When, or none if the person has only objected or is restricted."""
    expires = models.DateField(null=True, db_index=True)
    """The first day on which the decision is void."""
    gpc = models.BooleanField(default=False)
    confirmed = models.BooleanField(default=False)
    """The person confirmed a yes against Global Privacy Control: it narrows nothing."""
    regime = models.CharField(max_length=10)
    birth_year = models.PositiveSmallIntegerField(null=True)
    country = models.CharField(max_length=2, blank=True)
    age = models.CharField(max_length=10)
    objected = models.PositiveSmallIntegerField(default=0)
    restricted = models.BooleanField(default=False)
    notice_version = models.PositiveIntegerField(null=True)
    uses = models.PositiveSmallIntegerField()
    """In force, worked out from the rest; as is ``choices``."""
    choices = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return "standing"
