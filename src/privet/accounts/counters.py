"""Numbers that grow in the order of commits, so that readers can ask for what is new.

Whoever takes a number holds the counter's row until the transaction ends. A greater number is
therefore never visible before a smaller one, on PostgreSQL as on SQLite.
"""

from django.db import transaction

from privet.accounts.models import Counter

LINKS = "links"
"""Grows with every link between a person key and a pseudonym."""
FORGOTTEN = "forgotten"
"""Grows when links are deleted: what was remembered of them is void."""
REGISTRY = "registry"
"""Grows when a site or an API key changes."""


def take_number(name: str) -> int:
    """The counter's next number; the caller must be in a transaction and then holds its lock."""
    Counter.objects.bulk_create([Counter(name=name)], ignore_conflicts=True)
    counter = Counter.objects.select_for_update().get(pk=name)
    counter.number += 1
    counter.save(update_fields=["number"])
    return counter.number


def read_number(name: str) -> int:
    """The counter's last committed number, 0 before the first."""
    return Counter.objects.filter(pk=name).values_list("number", flat=True).first() or 0


def grow(name: str) -> int:
    """Take a number in a transaction of one's own (or within the caller's)."""
    with transaction.atomic():
        return take_number(name)
