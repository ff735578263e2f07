"""The tables of policies: what was published, who has seen it, whether links lead somewhere."""

from typing import ClassVar

from django.db import models

from privet.consent.append_only import AppendOnly


class PolicyVersion(AppendOnly):
    """A policy as it was published, word for word."""

    kind = models.CharField(max_length=20)
    version = models.PositiveIntegerField()
    published = models.DateTimeField()
    published_by = models.CharField(max_length=80)
    reason = models.CharField(max_length=500)
    """Why it was published, in the officer's words; the public reads it too."""
    texts = models.TextField()
    """Canonical JSON: language → the document; see ``document``."""
    digest = models.CharField(max_length=64)
    """SHA-256 (hex) of ``texts`` in UTF-8."""

    class Meta:
        ordering: ClassVar = ["kind", "-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "version"], name="one_policy_a_version")
        ]

    def __str__(self) -> str:
        return f"{self.kind} policy {self.version}"


class PolicySeen(models.Model):
    """Up to which version an account has seen a policy, so that it is not announced again."""

    account_id = models.BigIntegerField()
    kind = models.CharField(max_length=20)
    version = models.PositiveIntegerField()
    seen = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account_id", "kind"], name="one_seen_a_policy")
        ]

    def __str__(self) -> str:
        return f"{self.kind} policy {self.version} seen"


class LinkCheck(models.Model):
    """What came of asking for a link the last time."""

    link = models.CharField(max_length=500, unique=True)
    checked = models.DateTimeField()
    result = models.CharField(max_length=20)
    status = models.PositiveSmallIntegerField(null=True)
    """The answer's HTTP status; none if there was no answer."""
    moved_to = models.CharField(max_length=500, blank=True)
    """Where redirects led in the end, if that is another address."""

    def __str__(self) -> str:
        return f"{self.link}: {self.result}"
