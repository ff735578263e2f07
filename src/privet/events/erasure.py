"""The erasure pass: removes all rows of the learners who wait for it, and proves it.

Rows are taken out day by day, only from the files that hold them. Then, with the loader held back
for a moment, what no commit names any more is removed without grace, the log is written anew as a
checkpoint and its older entries are removed, and segments and quarantined parts that still name the
learners are cleansed, and rollups of what was rewritten removed. The proof decodes everything that
is left.
"""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction

from privet.audit.service import record_act
from privet.events.erased import ErasedMarks
from privet.events.lake import Lake, Turn, default_lake
from privet.events.models import Erasure, Restriction, Withholding
from privet.events.proof import Proof, prove
from privet.events.remnants import cleanse_quarantine, cleanse_segments
from privet.events.rewriting import Holds, Rewritten, rewrite
from privet.events.rollup_files import remove_stale, split_days
from privet.events.service import next_sequence
from privet.events.store import LakeFile
from privet.events.sweeping import Sweeper, shorten_log
from privet.events.third_persons import names_third_persons, without_third_persons
from privet.kernel.config import read_config
from privet.kernel.crypto import KeyRing

_NO_GRACE = timedelta(0)
_AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class Erasing:
    """Where personal data of events lies."""

    lake: Lake
    log: Path
    quarantine: Path
    keys: KeyRing


@dataclass(frozen=True, kw_only=True)
class PassDone:
    """What an erasure pass did, in counts, and its proof."""

    subjects: int
    rows: int
    files: int
    segments: int
    parts: int
    proof: Proof


def default_erasing() -> Erasing:
    """The places of this installation."""
    config = read_config()
    return Erasing(
        lake=default_lake(), log=config.log, quarantine=config.quarantine,
        keys=KeyRing(config.keys),
    )  # fmt: skip


def run_erasure_pass(*, by: str, places: Erasing | None = None) -> PassDone | None:
    """Erase all who wait; none if nobody does. Repeating it after a crash goes on where it was."""
    places = places or default_erasing()
    lake = places.lake
    with lake.turns.rewriting():
        subjects = frozenset(Erasure.objects.values_list("subject", flat=True))
        if not subjects:
            return None
        marks = ErasedMarks(places.keys)
        rewritten = _remove_rows(lake, subjects, marks)
        with lake.turns.rolling_up(), lake.turn() as turn:
            # The loader may have brought more since the rewrite began; now it waits.
            late = _remove_rows(lake, subjects, marks, turn)
            Sweeper(lake).sweep(grace=_NO_GRACE)
            turn.checkpoint()
            shorten_log(lake, grace=_NO_GRACE)
            segments = cleanse_segments(places.log, marks)
            parts = cleanse_quarantine(places.quarantine, marks)
            remove_stale(lake.rollups, split_days(turn.files()))
            proof = prove(lake, subjects=subjects, marks=marks, log=places.log,
                          quarantine=places.quarantine)  # fmt: skip
    done = PassDone(
        subjects=len(subjects), rows=rewritten.rows_removed + late.rows_removed,
        files=rewritten.files + late.files,
        segments=segments, parts=parts, proof=proof,
    )  # fmt: skip
    if proof.holds:
        _forget(subjects, done, by)
    return done


def _remove_rows(
    lake: Lake, subjects: Collection[int], marks: ErasedMarks, turn: Turn | None = None
) -> Rewritten:
    holds = Holds(lake, subjects)
    gone = pa.array(sorted(subjects), pa.int64())

    def concerns(file: LakeFile) -> bool:
        return holds(file) or names_third_persons(lake.store, file.path, marks)

    def change(_: LakeFile, rows: pa.Table) -> pa.Table:
        left = rows.filter(pc.invert(pc.is_in(rows["subject"], value_set=gone)))
        return without_third_persons(left, marks)

    return rewrite(lake, concerns=concerns, change=change, turn=turn)


def _forget(subjects: Collection[int], done: PassDone, by: str) -> None:
    """The pseudonyms themselves go last; only tombstones stay."""
    listed = sorted(subjects)
    with transaction.atomic():
        next_sequence()
        for start in range(0, len(listed), _AT_ONCE):
            some = listed[start : start + _AT_ONCE]
            for table in (Withholding, Restriction, Erasure):
                table.objects.filter(subject__in=some).delete()
        counts = {name: value for name, value in asdict(done).items() if name != "proof"}
        record_act(act="events.erase", by=by, about=counts | asdict(done.proof))
