"""Numbers that grow in the order of commits, so that readers can ask for what is new.

Whoever takes a number holds the counter's row until the transaction ends. A greater number is
therefore never visible before a smaller one, on PostgreSQL as on SQLite.
"""

import secrets

from django.db import transaction

from privet.accounts.models import Counter

LINKS = "links"
"""Grows with every link between a person key and a pseudonym."""
FORGOTTEN = "forgotten"
"""Grows when links are deleted: what was remembered of them is void."""
REGISTRY = "registry"
"""Grows when a site or an API key changes."""
_MOST_FOR_BEGINNING = 2**40


def take_number(name: str) -> int:
    """The counter's next number; the caller must be in a transaction and then holds its lock."""
    begin_number(name)
    counter = Counter.objects.select_for_update().get(pk=name)
    counter.number += 1
    counter.save(update_fields=["number"])
    return counter.number


def begin_number(name: str) -> None:
    """Make the counter if it is not there.

    It begins anywhere, so that what was remembered of another database (a restored one, or a
    test's) is not taken for what this one says.
    """
    start = Counter(name=name, number=secrets.randbelow(_MOST_FOR_BEGINNING) + 1)
    Counter.objects.bulk_create([start], ignore_conflicts=True)


def read_number(name: str) -> int:
    """The counter's last committed number, 0 before the first."""
    return Counter.objects.filter(pk=name).values_list("number", flat=True).first() or 0


def grow(name: str) -> int:
    """Take a number in a transaction of one's own (or within the caller's)."""
    with transaction.atomic():
        return take_number(name)
