"""The table of the outbox."""

from django.db import models


class Mail(models.Model):
    """One mail to one person. What it says is taken away once it is sent or given up."""

    message_id = models.CharField(max_length=100, unique=True)
    kind = models.CharField(max_length=50)
    """What it is about, in the words of who put it here: ``weekly_report``."""
    account_id = models.BigIntegerField(null=True, db_index=True)
    address = models.EmailField(max_length=254)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField()
    put = models.DateTimeField()
    due = models.DateTimeField(null=True, db_index=True)  # Null: nothing more will be tried.
    tries = models.PositiveSmallIntegerField(default=0)
    sent = models.DateTimeField(null=True)
    fault = models.CharField(max_length=100)
    """Why the last try failed: the kind of error, or the server's three digits."""

    def __str__(self) -> str:
        return f"{self.kind} {self.message_id}"
