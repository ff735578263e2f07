"""What became of an import's events is known, whoever loaded them and whatever died meanwhile."""

from pathlib import Path

import pyarrow as pa
import pytest

from privet.catalogue.uses import Use
from privet.events.record_columns import COLUMN_VERSION, Head, encode_columns, log_schema
from privet.events.service import withhold
from privet.intake.loader import Point
from privet.intake.models import LoadOutcome
from privet.intake.outcomes import forget_outcomes, read_outcomes
from privet.kernel.config import Config
from privet.kernel.ids import event_id_from
from tests.intake.loading import ALICE, AT, batch, entry, make_config, make_loader, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return make_config(tmp_path)


def columns(*numbers: int, tally: int) -> bytes:
    """A batch of an import, each event of its own number."""
    said = {
        "event_id": [event_id_from(AT // 1000, number).bytes for number in numbers],
        "time": [AT] * len(numbers), "session": list(numbers), "uses": [8] * len(numbers),
        "actor": [1] * len(numbers),
    }  # fmt: skip
    made = {}
    for field in log_schema():
        values = said.get(field.name, [None if field.nullable else ""] * len(numbers))
        kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
        array = pa.array(values, kind)
        made[field.name] = array.dictionary_encode() if kind != field.type else array
    return encode_columns(
        Head(COLUMN_VERSION, "edx:hedgerow", b"hedgerow", "hedgerow", AT, [ALICE], tally), made
    )


def test_each_import_has_its_own_outcomes(config: Config) -> None:
    write(config, columns(1, 2, tally=7), columns(2, 3, 4, tally=8), prefix="import")
    assert make_loader(config).load_once().events == 4
    assert read_outcomes(7) == {"stored": 2}
    assert read_outcomes(8) == {"stored": 2, "duplicate": 1}
    forget_outcomes(7)
    assert (read_outcomes(7), read_outcomes(8).total()) == ({}, 3)


def test_of_other_batches_nothing_is_noted(config: Config) -> None:
    write(config, batch(entry(1)))
    make_loader(config).load_once()
    assert not LoadOutcome.objects.exists()


def test_what_is_not_let_in_is_noted_with_its_reason(config: Config) -> None:
    from privet.accounts.service import subjects_for

    withhold(subjects=subjects_for([ALICE]), uses=Use.ANALYTICS, by="alice")
    write(config, columns(1, 2, tally=7), prefix="import")
    make_loader(config).load_once()
    assert read_outcomes(7) == {"not_allowed_any_more": 2}


class DiedError(BaseException):
    """The process is gone, as far as the loader can tell."""


@pytest.mark.parametrize("point", list(Point))
def test_whoever_dies_where_the_outcomes_are_noted_once(config: Config, point: Point) -> None:
    write(config, columns(1, tally=6), prefix="import")
    make_loader(config).load_once()
    write(config, columns(1, 2, 3, tally=7), prefix="import")
    write(config, columns(3, 4, tally=7), prefix="import")

    def die(reached: Point) -> None:
        if reached is point:
            raise DiedError

    with pytest.raises(DiedError):
        make_loader(config, reach=die).load_once()
    make_loader(config).load_once()
    assert read_outcomes(7) == {"stored": 3, "duplicate": 2}
