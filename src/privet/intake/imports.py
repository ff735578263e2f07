"""What was imported, run by run."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from privet.catalogue.uses import Use
from privet.intake.models import Import, ImportState


@dataclass(frozen=True, kw_only=True)
class ImportRecord:
    """One run of an importer."""

    number: int
    name: str
    site: str
    state: ImportState
    started: datetime
    finished: datetime | None
    uses: Use
    lines: int
    events: int
    stored: int
    duplicates: int
    skipped: Mapping[str, int]
    rejected: Mapping[str, int]
    not_permitted: Mapping[str, int]
    problem: str


def list_imports(*, limit: int) -> tuple[ImportRecord, ...]:
    """The newest imports, newest first."""
    return tuple(_record(row) for row in Import.objects.order_by("-started", "-pk")[:limit])


def _record(row: Import) -> ImportRecord:
    return ImportRecord(
        number=row.pk,
        name=row.name,
        site=row.site,
        state=ImportState(row.state),
        started=row.started,
        finished=row.finished,
        uses=Use(row.uses),
        lines=row.lines,
        events=row.events,
        stored=row.stored,
        duplicates=row.duplicates,
        skipped=row.skipped,
        rejected=row.rejected,
        not_permitted=row.not_permitted,
        problem=row.problem,
    )
