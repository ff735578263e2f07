"""What staff keep of their work with the dashboards, and the record of looks at one learner."""

from django.db import models


class SavedView(models.Model):
    """A page of the console with its filters, under a name, for one account."""

    account_id = models.BigIntegerField(db_index=True)
    name = models.CharField(max_length=100)
    page = models.CharField(max_length=40)
    """The route's name inside the console: ``activity``."""
    query = models.CharField(max_length=2000)
    """The filters as the address has them, without the question mark."""
    language = models.CharField(max_length=10)
    is_weekly = models.BooleanField(default=False)
    created = models.DateTimeField()
    mailed = models.DateField(null=True)
    """The Monday of the last week whose mail was put into the outbox."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account_id", "name"], name="one_view_of_a_name")
        ]

    def __str__(self) -> str:
        return f"view {self.pk} of account {self.account_id}"


class Look(models.Model):
    """A member of staff looked at one learner: a row is there before anything is shown."""

    account_id = models.BigIntegerField(null=True, db_index=True)
    """The learner's account; none for somebody whom only a log knows."""
    subject = models.BigIntegerField(db_index=True)
    """One of the learner's pseudonyms, by which they find the look once they have an account."""
    viewer = models.BigIntegerField(null=True, db_index=True)
    """The account of who looked; none once that account is erased."""
    role = models.CharField(max_length=20)
    institutions = models.TextField(blank=True)
    """The slugs in whose name it was, with spaces between; empty for the whole platform."""
    kind = models.CharField(max_length=10)
    """``one`` for a learner's page, ``list`` for their place on a list of learners at risk."""
    why = models.CharField(max_length=500)
    time = models.DateTimeField()
    act = models.BigIntegerField()
    """The number of the act in the audit chain."""

    def __str__(self) -> str:
        return f"look {self.pk}"


class Experiment(models.Model):
    """A comparison of forms of a page, and what it is hoped to change. It names no person."""

    site = models.CharField(max_length=80, db_index=True)
    key = models.CharField(max_length=40)
    """By which pages ask for the form to show."""
    name = models.CharField(max_length=100)
    hypothesis = models.CharField(max_length=500)
    page = models.CharField(max_length=200)
    """Where the forms are seen, in words of the address: ``/courses/*``."""
    variants = models.JSONField()
    """The forms in their order, the usual one first: a list of ``[name, weight]``."""
    outcome = models.CharField(max_length=80)
    """The event of the catalogue that counts as an outcome."""
    target = models.CharField(max_length=200, blank=True)
    """What the event must be about, with ``*`` for any part of a path; empty for anything."""
    defined = models.DateTimeField()
    began = models.DateTimeField(null=True)
    ended = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "key"], name="one_experiment_a_key")]

    def __str__(self) -> str:
        return f"experiment {self.pk}"


class PageTotal(models.Model):
    """How often a page was opened on a day by people who allowed nothing; it is about nobody."""

    day = models.DateField()
    site = models.CharField(max_length=80)
    page = models.CharField(max_length=200)
    country = models.CharField(max_length=2, blank=True)
    device = models.CharField(max_length=20, blank=True)
    views = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "site", "page", "country", "device"], name="one_total_a_cell"
            )
        ]

    def __str__(self) -> str:
        return f"total of {self.day}"


class FoldedSpool(models.Model):
    """A file of totals that has been added, until the file is gone: so none is added twice."""

    name = models.CharField(max_length=80, primary_key=True)

    def __str__(self) -> str:
        return f"folded {self.name}"
