"""The verbs by which other rooms hide learners' rows, and bring them back.

Each takes effect with the caller's transaction: the view of the next query knows it. None writes
to the audit chain, since the caller knows the reason and records it.
"""

from collections.abc import Collection, Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import F

from privet.catalogue.uses import Use
from privet.events.models import Counter, Erasure, Restriction, Tombstone, Withholding
from privet.events.tombstones import mark_of_person, mark_of_subject
from privet.kernel.clock import Clock, SystemClock, to_micros
from privet.kernel.config import read_config
from privet.kernel.crypto import KeyRing

WITHHELD = "withheld"
_AT_ONCE = 500


def withhold(*, subjects: Collection[int], uses: Use, by: str, clock: Clock | None = None) -> None:
    """Hide the subjects' rows, past and coming, from these uses (withdrawal, objection).

    The next daily pass clears the uses from the rows that are there.
    """
    del by, clock  # Part of every verb; who and when stand with the caller's decision.
    with transaction.atomic():
        sequence = next_sequence()
        for some in _in_parts(subjects):
            rows = [
                Withholding(subject=subject, use=use.value, sequence=sequence)
                for subject in some
                for use in uses
            ]
            ours = Withholding.objects.filter(subject__in=some, use__in=[u.value for u in uses])
            ours.filter(until__isnull=False).update(until=None, is_cleared=False, sequence=sequence)
            Withholding.objects.bulk_create(rows, ignore_conflicts=True)


def release(*, subjects: Collection[int], uses: Use, by: str, clock: Clock | None = None) -> None:
    """A new grant: rows from now on may serve these uses; what was withheld never does again."""
    del by
    now = _now(clock)
    with transaction.atomic():
        sequence = next_sequence()
        for some in _in_parts(subjects):
            Withholding.objects.filter(
                subject__in=some, use__in=[use.value for use in uses], until__isnull=True
            ).update(until=now, sequence=sequence)


def restrict(*, subjects: Collection[int], by: str, clock: Clock | None = None) -> None:
    """Keep the subjects' rows and use them for nothing (GDPR Art. 18)."""
    del by
    now = _now(clock)
    with transaction.atomic():
        next_sequence()
        rows = [Restriction(subject=subject, since=now) for subject in subjects]
        Restriction.objects.bulk_create(rows, ignore_conflicts=True, batch_size=_AT_ONCE)


def unrestrict(*, subjects: Collection[int], by: str, clock: Clock | None = None) -> None:
    """Let the subjects' rows be used again as far as their uses go."""
    del by, clock
    with transaction.atomic():
        next_sequence()
        for some in _in_parts(subjects):
            Restriction.objects.filter(subject__in=some).delete()


def erase_subjects(
    *,
    subjects: Collection[int],
    person_keys: Collection[bytes],
    by: str,
    clock: Clock | None = None,
    keys: KeyRing | None = None,
) -> None:
    """Hide the subjects at once, and let nothing they did until now be loaded again.

    The rows themselves go with the next erasure pass (`privet.events.erasure`).
    """
    del by
    now = _now(clock)
    keys = keys or KeyRing(read_config().keys)
    marks = [*(mark_of_subject(keys, subject) for subject in subjects)]
    marks += [mark_of_person(keys, key) for key in person_keys]
    with transaction.atomic():
        sequence = next_sequence()
        Erasure.objects.bulk_create(
            [Erasure(subject=subject, asked=now) for subject in subjects],
            ignore_conflicts=True, batch_size=_AT_ONCE,
        )  # fmt: skip
        Tombstone.objects.bulk_create(
            [Tombstone(mark=mark, up_to=now, sequence=sequence) for mark in marks],
            update_conflicts=True, unique_fields=["mark"], update_fields=["up_to", "sequence"],
            batch_size=_AT_ONCE,
        )  # fmt: skip


def next_sequence() -> int:
    """The next number of a change of who is hidden; writers queue here until they commit.

    So the numbers come to be seen in their order, and a reader that has seen one has seen all
    before it.
    """
    # It begins at the clock: a database made anew or restored never repeats a number.
    start = to_micros(SystemClock().now())
    Counter.objects.get_or_create(name=WITHHELD, defaults={"value": start})
    Counter.objects.filter(name=WITHHELD).update(value=F("value") + 1)
    return Counter.objects.values_list("value", flat=True).get(name=WITHHELD)


def _in_parts(subjects: Collection[int]) -> Iterator[list[int]]:
    listed = sorted(subjects)
    for start in range(0, len(listed), _AT_ONCE):
        yield listed[start : start + _AT_ONCE]


def _now(clock: Clock | None) -> datetime:
    return (clock or SystemClock()).now()
