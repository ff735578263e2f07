"""The daily pass: what the view already hides, and what has expired, is made true in the files.

It clears the uses that were withdrawn or objected to and those whose time is over, takes the
columns and fields that no remaining use may see, removes rows with no use left and the rollups that
were made of what was rewritten, destroys the keys
of raw addresses that are old enough, and takes what was sealed under them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction

from privet.catalogue.uses import TERMS
from privet.events.lake import Lake
from privet.events.models import Pass, Withholding
from privet.events.narrowing import clear_expired, clear_uses, earlier_micros, kept_uses, narrow
from privet.events.rewriting import Holds, Rewritten, rewrite
from privet.events.rollup_files import remove_stale, split_days
from privet.events.service import next_sequence
from privet.events.store import LakeFile
from privet.kernel.clock import to_micros
from privet.kernel.crypto import KeyRing

_AT_ONCE = 500


@dataclass
class Uncleared:
    """The withholdings that the files do not know yet, by use."""

    still: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    """Subjects of whom no row may serve the use."""
    until: dict[int, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    """Subjects of whom no row up to a microsecond may serve the use."""
    rows: list[tuple[int, int]] = field(default_factory=list)
    """Number and sequence of each."""

    @property
    def subjects(self) -> set[int]:
        """All whom they concern."""
        groups: list[set[int]] = [*self.still.values(), *(set(u) for u in self.until.values())]
        return set[int]().union(*groups)


def run_daily_pass(
    *,
    lake: Lake,
    keys: KeyRing,
    sealed_days: int,
    finish: Callable[[], object] = lambda: None,
) -> Pass:
    """Do the pass of today; doing it again finds nothing left to do.

    ``finish`` is what belongs to the day besides: the pass has not ended before it is done.
    """
    now = lake.clock.now()
    record, _ = Pass.objects.update_or_create(
        day=now.date(), defaults={"began": now, "ended": None}
    )
    keys_destroyed = keys.destroy_day_keys(now.date() - timedelta(days=sealed_days))
    with lake.turns.rewriting():
        uncleared = read_uncleared()
        done = _rewrite(lake, uncleared, sealed_days)
    with lake.turns.rolling_up():
        remove_stale(lake.rollups, split_days(lake.files()))
    cleared = _note_cleared(uncleared)
    finish()
    record.ended = lake.clock.now()
    record.counts = {
        "day_keys_destroyed": keys_destroyed,
        "files_rewritten": done.files,
        "rows_removed": done.rows_removed,
        "withholdings_made_true": cleared,
    }
    record.save(update_fields=["ended", "counts"])
    return record


def last_pass() -> tuple[date, datetime | None] | None:
    """The day of the last pass and when it ended; none if there never was one."""
    return Pass.objects.order_by("-day").values_list("day", "ended").first()


def read_uncleared() -> Uncleared:
    """All withholdings of which the files may hold rows still."""
    found = Uncleared()
    rows = Withholding.objects.filter(is_cleared=False)
    for number, subject, use, until, sequence in rows.values_list(
        "pk", "subject", "use", "until", "sequence"
    ).iterator():
        found.rows.append((number, sequence))
        if until is None:
            found.still[use].add(subject)
        else:
            found.until[use][subject] = to_micros(until)
    return found


def _rewrite(lake: Lake, uncleared: Uncleared, sealed_days: int) -> Rewritten:
    today = lake.clock.now().date()
    holds = Holds(lake, uncleared.subjects)
    sealed_since = today - timedelta(days=sealed_days)

    def concerns(file: LakeFile) -> bool:
        return (
            holds(file)
            or _has_expired_uses(lake, file, today)
            or (file.day < sealed_since and _has_sealed(lake, file))
        )

    def change(file: LakeFile, rows: pa.Table) -> pa.Table:
        rows = clear_withheld(rows, uncleared)
        rows = clear_expired(rows, today)
        if file.day < sealed_since:
            rows = _without_sealed(rows)
        return narrow(rows)

    return rewrite(lake, concerns=concerns, change=change)


def clear_withheld(rows: pa.Table, uncleared: Uncleared) -> pa.Table:
    """Take from rows the uses that are withheld from them."""
    for use, subjects in uncleared.still.items():
        theirs = pc.is_in(rows["subject"], value_set=pa.array(sorted(subjects), pa.int64()))
        rows = clear_uses(rows, theirs, use)
    for use, limits in uncleared.until.items():
        listed = sorted(limits)
        moments = pa.array([limits[subject] for subject in listed], pa.int64())
        place = pc.index_in(rows["subject"], value_set=pa.array(listed, pa.int64()))
        limit = moments.take(place.combine_chunks())
        is_before = pc.fill_null(pc.less_equal(earlier_micros(rows), limit), fill_value=False)
        rows = clear_uses(rows, is_before, use)
    return rows


def _has_expired_uses(lake: Lake, file: LakeFile, today: date) -> bool:
    if not sum(TERMS) & ~kept_uses(file.day, today):
        return False
    rows = lake.store.read(file.path, ["uses", "time", "received", "source"])
    return not clear_expired(rows, today)["uses"].equals(rows["uses"])


def _has_sealed(lake: Lake, file: LakeFile) -> bool:
    sealed = lake.store.read(file.path, ["sealed"])["sealed"]
    return int(sealed.null_count) < len(sealed)


def _without_sealed(rows: pa.Table) -> pa.Table:
    at = rows.schema.get_field_index("sealed")
    return rows.set_column(at, rows.schema.field(at), pa.nulls(rows.num_rows, pa.binary()))


def _note_cleared(uncleared: Uncleared) -> int:
    """Mark what is now true of the files, unless it changed meanwhile."""
    cleared = 0
    with transaction.atomic():
        sequence = next_sequence()
        for numbers, before in _by_sequence(uncleared.rows):
            cleared += Withholding.objects.filter(pk__in=numbers, sequence=before).update(
                is_cleared=True, sequence=sequence
            )
    return cleared


def _by_sequence(rows: list[tuple[int, int]]) -> Iterator[tuple[list[int], int]]:
    groups: dict[int, list[int]] = defaultdict(list)
    for number, sequence in rows:
        groups[sequence].append(number)
    for sequence, numbers in groups.items():
        for start in range(0, len(numbers), _AT_ONCE):
            yield numbers[start : start + _AT_ONCE], sequence
