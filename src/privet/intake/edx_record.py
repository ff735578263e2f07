"""Keeps the record of one import while it runs, and writes it with each checkpoint."""

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import transaction

from privet.audit.service import record_act
from privet.intake.edx_tally import Rejected, Tally
from privet.intake.loader_gate import STORED, LoadDrop
from privet.intake.models import Import, ImportFile, ImportState, Reject
from privet.intake.outcomes import forget_outcomes, read_outcomes
from privet.kernel.clock import Clock
from privet.kernel.errors import PrivetError

if TYPE_CHECKING:
    from privet.intake.edx_import import ImportRequest

__all__ = ["Import", "ImportRecord", "NoSuchImportError", "find_import", "list_imports"]

_COUNTS = ("skipped", "rejected", "not_permitted", "fields_dropped")


class ImportRecord:
    """The rows of one import; what was noted is in the database after `save`."""

    def __init__(self, row: Import, clock: Clock) -> None:
        self.row = row
        self._clock = clock
        self._files: dict[tuple[str, bytes], ImportFile] = {
            (file.path, bytes(file.identity)): file for file in row.files.all()
        }
        self._changed: dict[int, ImportFile] = {}
        self._rejects: list[Reject] = []
        self._tally = Tally(lines=row.lines, events=row.events, kept=row.kept)
        for name in _COUNTS:
            getattr(self._tally, name).update(getattr(row, name))
        for outcome in LoadDrop:  # These are read anew from what loaders note.
            self._tally.not_permitted.pop(outcome.value, None)
        self._seconds_before = row.seconds
        self._began = time.monotonic()

    @classmethod
    def begin(cls, request: "ImportRequest", *, by: str, clock: Clock) -> "ImportRecord":
        """Take up the stopped import of the same request, or open a new one."""
        digest = request.digest()
        with transaction.atomic():
            stopped = Import.objects.filter(request=digest).exclude(state=ImportState.FINISHED)
            row = stopped.order_by("-pk").first() if request.can_resume else None
            is_new = row is None
            if row is None:
                row = Import.objects.create(
                    name=request.name,
                    site=request.site,
                    uses=int(request.uses),
                    by=by,
                    started=clock.now(),
                    request=digest,
                    paths=list(request.paths),
                )
            row.state, row.problem = ImportState.RUNNING, ""
            row.save(update_fields=["state", "problem"])
            record_act(
                act="import.started" if is_new else "import.resumed",
                by=by,
                about={"import": row.pk, "site": row.site, "uses": row.uses},
                clock=clock,
            )
        return cls(row, clock)

    @property
    def lines(self) -> int:
        """Lines accounted for so far, by earlier runs too."""
        return self._tally.lines

    def file(self, *, path: str, identity: bytes) -> ImportFile:
        """The row of a file; a file that was renamed since is known by its identity."""
        known = self._files.get((path, identity)) or next(
            (f for (_, own), f in self._files.items() if own == identity and identity), None
        )
        if known is None:
            known = ImportFile(import_record=self.row, path=path, identity=identity)
            known.save()
        self._files[path, identity] = known
        return known

    def note(self, file: ImportFile, tally: Tally, rejects: Sequence[Rejected]) -> None:
        """Add what became of a part of a file."""
        self._tally.add(tally)
        file.lines += tally.lines
        self._rejects += [
            Reject(
                file=file, offset=r.offset, size_bytes=r.size_bytes, hash=r.hash, reason=r.reason
            )
            for r in rejects
        ]

    def touch(self, file: ImportFile) -> None:
        """Write this file's row with the next checkpoint."""
        if file.pk is not None:
            self._changed[file.pk] = file

    def save(self) -> None:
        """Write counts, offsets and rejects in one transaction."""
        with transaction.atomic():
            self._save_row()
            for file in self._changed.values():
                file.save(update_fields=["path", "offset", "lines", "is_complete"])
            Reject.objects.bulk_create(self._rejects, batch_size=500, ignore_conflicts=True)
        self._changed, self._rejects = {}, []

    def finish(self, *, by: str) -> Import:
        """Close the record; the import is whole."""
        self._end(ImportState.FINISHED, "", by=by)
        forget_outcomes(self.row.pk)
        return self.row

    def fail(self, error: BaseException, *, by: str) -> None:
        """Note why it stopped, in words that hold nothing of what was read."""
        if isinstance(error, PrivetError):
            problem = error.what
        else:
            problem = f"It was stopped ({type(error).__name__})."
        self._end(ImportState.FAILED, problem, by=by)

    def _end(self, state: ImportState, problem: str, *, by: str) -> None:
        row = self.row
        row.state, row.problem, row.finished = state, problem, self._clock.now()
        with transaction.atomic():
            row.seconds = self._seconds_before + time.monotonic() - self._began
            row.save(update_fields=["state", "problem", "finished", "seconds"])
            record_act(
                act=f"import.{state}",
                by=by,
                about={"import": row.pk, "lines": row.lines, "events": row.events},
                clock=self._clock,
            )

    def _save_row(self) -> None:
        row, tally = self.row, self._tally
        row.lines, row.events, row.kept = tally.lines, tally.events, tally.kept
        for name in _COUNTS:
            setattr(row, name, {str(k): v for k, v in getattr(tally, name).items()})
        self._count_loaded(row)
        row.seconds = self._seconds_before + time.monotonic() - self._began
        row.save(
            update_fields=["lines", "events", "kept", "stored", "duplicates", "seconds", *_COUNTS]
        )

    def _count_loaded(self, row: Import) -> None:
        """Take over what loaders, here or elsewhere, have said.

        Lines that were read again after a kill come to the loader twice, and count as one event.
        """
        outcomes = read_outcomes(row.pk)
        row.stored, duplicates = outcomes.pop(STORED, 0), outcomes.pop(LoadDrop.DUPLICATE, 0)
        row.not_permitted |= {str(reason): count for reason, count in outcomes.items()}
        left = row.events - row.stored - sum(row.not_permitted.values())
        row.duplicates = max(0, min(duplicates, left))


class NoSuchImportError(PrivetError):
    """No import has this number."""


def list_imports() -> list[Import]:
    """All imports, the last one first."""
    return list(Import.objects.order_by("-pk"))


def find_import(number: int) -> Import:
    """The import of a number; raises `NoSuchImportError`."""
    found = Import.objects.filter(pk=number).first()
    if found is None:
        raise NoSuchImportError(
            "There is no import of that number.", remedy="See them with: privet import list"
        )
    return found
