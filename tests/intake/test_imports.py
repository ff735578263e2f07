"""What was imported, run by run."""

from datetime import UTC, datetime, timedelta

import pytest

from privet.catalogue.uses import Use
from privet.intake.imports import list_imports
from privet.intake.models import Import, ImportState

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.mark.django_db
def test_imports_are_listed_newest_first() -> None:
    for hours in (3, 1, 2):
        Import.objects.create(
            name=f"{hours} hours ago",
            site="hedgerow",
            uses=int(Use.ANALYTICS | Use.INSTRUCTION),
            by="operator",
            started=NOW - timedelta(hours=hours),
            state=ImportState.FINISHED,
            request=b"x",
            lines=10,
            events=8,
            skipped={"blank": 2},
        )
    found = list_imports(limit=2)
    assert [record.name for record in found] == ["1 hours ago", "2 hours ago"]
    assert found[0].uses == Use.ANALYTICS | Use.INSTRUCTION
    assert found[0].lines == found[0].events + sum(found[0].skipped.values())
