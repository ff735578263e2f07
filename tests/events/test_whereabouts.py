"""In which files a learner can be."""

import pyarrow.parquet as pq
import pytest

from privet.catalogue.uses import Use
from privet.events.compaction import WHOLE_DAY
from privet.events.lake import Lake
from privet.events.query import Scope, query, reader_of, register_queries
from privet.events.store import LakeFile
from privet.events.whereabouts import Whereabouts
from tests.events.rows import ALICE, BOB, CAROL, TODAY, row, table

pytestmark = pytest.mark.django_db


def write(lake: Lake, *subjects: int) -> LakeFile:
    rows = table(*(row(subject, uses=int(Use.INSTRUCTION)) for subject in subjects))
    file = lake.store.write(rows, day=TODAY, level=WHOLE_DAY)
    with lake.turn() as turn:
        turn.commit(add=[file])
    return file


def test_only_files_are_named_whose_range_has_one_of_the_learners(lake: Lake) -> None:
    first, second = write(lake, ALICE), write(lake, BOB, CAROL)
    known = Whereabouts(lake.store)
    assert known.holding([first, second], [ALICE]) == [first]
    assert known.holding([first, second], [CAROL]) == [second]
    assert known.holding([first, second], [ALICE, BOB]) == [first, second]
    assert known.holding([first, second], [CAROL + 1]) == []


def test_a_file_that_does_not_say_may_hold_anybody(lake: Lake) -> None:
    file = write(lake, ALICE)
    assert lake.store.local
    path = lake.store.local / file.path
    pq.write_table(pq.read_table(path, partitioning=None), path, write_statistics=False)
    assert Whereabouts(lake.store).holding([file], [CAROL]) == [file]


def test_what_is_known_of_a_file_goes_with_it(lake: Lake) -> None:
    files = [write(lake, ALICE), write(lake, BOB), write(lake, CAROL)]
    known = Whereabouts(lake.store)
    known.holding(files, [ALICE])
    lake.store.remove(file.path for file in files)
    known.forget_others(files)
    assert known.holding(files, [ALICE]) == files[:1]
    known.forget_others(files[:1])
    with pytest.raises(FileNotFoundError):
        known.holding(files[1:], [ALICE])


def test_a_question_about_a_learner_opens_no_file_that_cannot_hold_them(lake: Lake) -> None:
    register_queries("tests.events.sql")
    write(lake, ALICE)
    other = write(lake, BOB)
    reader_of(lake).whereabouts.holding(lake.files(), [ALICE])
    lake.store.remove([other.path])
    found = query(
        "of_learners", use=Use.INSTRUCTION, scope=Scope(), by="test", lake=lake, subjects=[ALICE]
    )
    assert found.rows == [(1,)]
