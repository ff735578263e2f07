"""The tables of scans: what was looked at, and each thing that was found."""

from django.db import models


class Scan(models.Model):
    """One run over the matrix; it holds no value of any cookie or storage item."""

    id = models.UUIDField(primary_key=True)
    started = models.DateTimeField(db_index=True)
    ended = models.DateTimeField()
    urls = models.JSONField()
    """The addresses, without their queries."""
    journey = models.CharField(max_length=120, blank=True)
    """The name of the journey file; empty if none was given."""
    browser = models.CharField(max_length=120)
    steps = models.JSONField()
    """For each step and way of third-party cookies: whether it was driven, why not, pictures."""
    registry_digest = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)
    """SHA-256 (hex) of what was found, without times: equal for equal findings."""
    by = models.CharField(max_length=80)

    def __str__(self) -> str:
        return f"scan {self.id}"


class Finding(models.Model):
    """One technology that was seen, in one step, the first time that it was."""

    scan = models.ForeignKey(Scan, on_delete=models.CASCADE, related_name="findings")
    step = models.CharField(max_length=24)
    third_party_cookies = models.BooleanField()
    """Whether the browser allowed them in this run."""
    decision_state = models.CharField(max_length=24)
    """What had been decided when it was first seen."""
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=300)
    domain = models.CharField(max_length=255)
    path = models.CharField(max_length=300, blank=True)
    page = models.CharField(max_length=500)
    party = models.CharField(max_length=10)
    canonical = models.CharField(max_length=255, blank=True)
    """The host that a subdomain is another name for, if that is somebody else's."""
    setter_script = models.CharField(max_length=500, blank=True)
    setter_stack = models.JSONField(default=list)
    set_by = models.CharField(max_length=20)
    first_seen_ms = models.IntegerField()
    """Milliseconds since the page was asked for."""
    times = models.IntegerField(default=1)
    lifetime_declared = models.CharField(max_length=20, blank=True)
    lifetime_effective = models.CharField(max_length=20, blank=True)
    partition_key = models.CharField(max_length=255, blank=True)
    http_only = models.BooleanField(default=False)
    blocked = models.CharField(max_length=200, blank=True)
    """Why the browser did not keep it; empty if it did."""
    registered = models.BooleanField(default=False)
    category = models.CharField(max_length=20, blank=True)
    """The category in the registry; empty if it is not registered."""
    drift = models.CharField(max_length=120, blank=True)
    """What is wrong with it, words of `privet.consent.scan.shapes.DriftKind` with blanks."""
    suggestion = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"
