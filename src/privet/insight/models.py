"""What staff keep of their work with the dashboards."""

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
