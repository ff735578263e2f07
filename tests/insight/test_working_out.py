"""An answer that is brought up to date is the answer worked out anew, for every query."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from math import isclose
from typing import Any

import pytest

from privet.catalogue.uses import Use
from privet.events.compaction import compact
from privet.events.erasure import run_erasure_pass
from privet.events.lake import default_lake
from privet.events.query import Result, Scope, query
from privet.events.rewriting import rewrite
from privet.events.rollup_build import refresh_rollups
from privet.events.rollups import find_rollup
from privet.events.service import erase_subjects, release, restrict, unrestrict, withhold
from privet.events.shares import Shares
from privet.events.standing import standing_of
from privet.events.statements import find_statement
from privet.events.sweeping import Sweeper
from privet.events.withheld import NOBODY_HIDDEN
from privet.insight.answers import Answer
from privet.insight.asking import installed_noise
from privet.insight.protection import read_text
from privet.insight.working_out import MOST_CHANGED, Asked
from privet.kernel.clock import FixedClock
from privet.kernel.config import Config
from privet.kernel.crypto import KeyRing
from privet.network.service import open_network
from privet.simulate.service import Means, simulate_into_lake, want
from tests.events.rows import NOON
from tests.insight.kit import event, keep

LAST = date(2026, 9, 14)
FIRST = LAST - timedelta(days=9)
NOW = datetime(2026, 9, 15, 12, tzinfo=UTC)
GIVEN: dict[str, Any] = {
    "start": FIRST, "end": LAST, "grain": "week", "days_away": 7, "pass_share": 0.5,
    "began": NOW - timedelta(days=20), "ended": NOW, "experiment": "next-unit-link",
    "outcome": "link_click", "target": ".*", "search": "search", "social": "social",
}  # fmt: skip
NAMES = sorted(
    path.name.removesuffix(".sql")
    for path in files("privet.insight.sql").iterdir()
    if path.name.endswith(".sql")
)
NEVER = {"span"}
"""It has no numbers, so nothing can be taken out of it."""


def asked(name: str) -> Asked:
    statement = find_statement(name)
    uses = {find_rollup(table).use for table in statement.reads - {"events"}} or {Use.ANALYTICS}
    params = {key: GIVEN.get(key, "") for key in statement.parameters}
    return Asked(
        statement=statement, use=min(uses), scope=Scope(), by="test", params=params,
        noise=installed_noise(),
    )  # fmt: skip


def worked_out(one: Asked) -> Answer:
    return one.work_out(standing_of(one.params), NOW)


def brought_up_to_date(one: Asked, answer: Answer) -> Answer | None:
    return one.bring_up_to_date(answer, standing_of(one.params))


def same(one: Any, other: Any) -> bool:
    """Equal, but for the last digits of sums of fractions."""
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, float) and isinstance(other, float):
        return isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
    return bool(one == other)


pytestmark = pytest.mark.usefixtures("on_a_page")


@pytest.fixture
def people(empty_home: Config) -> list[int]:
    """The pseudonyms of a population whose fortnight is in the lake, in order of their acts."""
    config = empty_home
    means = Means(keys=KeyRing(config.keys), network=open_network(config))
    wanted = want(learners=90, seed=11, days=10, courses=2, last_day=LAST)
    lake = default_lake()
    simulate_into_lake(wanted, lake=lake, means=means, by="test", is_linked=False)
    listed = [lake.store.read(file.path, ["subject"])["subject"] for file in lake.files()]
    found = {subject for column in listed for subject in column.unique().to_pylist()}
    return sorted(found - {0})


def changes(people: list[int]) -> list[Callable[[], None]]:
    """What happens to some, one after the other."""
    every = Use.ANALYTICS | Use.MARKETING | Use.INSTRUCTION
    middle = FixedClock(datetime(2026, 9, 8, 9, tzinfo=UTC))
    some, others = people[:3], people[3:6]
    return [
        lambda: withhold(subjects=some, uses=every, by="test"),
        lambda: release(subjects=some[:2], uses=every, by="test", clock=middle),
        lambda: withhold(subjects=some[:1], uses=every, by="test"),
        lambda: restrict(subjects=others, by="test"),
        lambda: unrestrict(subjects=others[:2], by="test"),
        lambda: erase_subjects(subjects=people[6:8], person_keys=[], by="test"),
    ]


def test_after_each_change_of_who_is_hidden_it_is_the_same_as_worked_out_anew(
    people: list[int],
) -> None:
    # Worked out from rollups; what somebody has in it is always read from the events.
    default_lake().clock = FixedClock(NOW + timedelta(days=1))
    while refresh_rollups(default_lake()):
        pass
    answers = {name: worked_out(asked(name)) for name in NAMES}
    updated, tried = 0, 0
    for change in changes(people):
        change()
        for name in NAMES:
            found = brought_up_to_date(asked(name), answers[name])
            anew = worked_out(asked(name))
            tried, updated = tried + 1, updated + (found is not None)
            if found:
                assert len(found.rows) == len(anew.rows), name
                assert all(map(same, found.rows, anew.rows)), name
            answers[name] = found or anew
    # In so small a population somebody is the first in some figure quite often.
    assert updated > tried * 0.7


def people_of(number: int, *, first: int = 8_100_000_001) -> list[int]:
    return list(range(first, first + number))


def active(subjects: list[int]) -> None:
    keep(*(event("page_view", subject, at=NOON) for subject in subjects))


@pytest.fixture
def coverage(empty_home: Config) -> Asked:
    """A question about the day of `NOON`, on which nothing has happened yet."""
    one = asked("options")
    return replace(one, params={"start": NOON.date(), "end": NOON.date()})


def test_whom_nothing_changed_for_is_not_looked_for(coverage: Asked) -> None:
    active(people_of(20))
    before = worked_out(coverage)
    withhold(subjects=people_of(5), uses=Use.SHARING, by="test")
    found = brought_up_to_date(coverage, before)
    assert found
    assert found.rows is before.rows


def test_when_many_were_hidden_it_is_worked_out_anew(coverage: Asked) -> None:
    active(people_of(20))
    before = worked_out(coverage)
    withhold(subjects=people_of(MOST_CHANGED), uses=Use.ANALYTICS, by="test")
    assert brought_up_to_date(coverage, before)
    withhold(subjects=people_of(MOST_CHANGED + 1), uses=Use.ANALYTICS, by="test")
    assert brought_up_to_date(coverage, before) is None


def test_what_came_meanwhile_is_not_taken_for_what_was_there(coverage: Asked) -> None:
    active(people_of(20))
    before = worked_out(coverage)
    withhold(subjects=people_of(1), uses=Use.ANALYTICS, by="test")
    expected = worked_out(coverage)
    active([*people_of(1), *people_of(1, first=8_200_000_000)])
    found = brought_up_to_date(coverage, before)
    assert found
    assert (found.rows, found.at) == (expected.rows, before.at)
    assert found.standing == expected.standing
    assert found.sums != worked_out(coverage).sums


def test_when_files_are_gone_it_is_worked_out_anew(coverage: Asked) -> None:
    active(people_of(20))
    before = worked_out(coverage)
    gone = before.standing.files | {"gone.parquet"}
    before = replace(before, standing=replace(before.standing, files=gone))
    withhold(subjects=people_of(1), uses=Use.ANALYTICS, by="test")
    assert brought_up_to_date(coverage, before) is None


def share_of_one(coverage: Asked) -> Callable[[], Result | None]:
    """What a learner has in a question's files as they are now; to be asked later, too."""
    files = standing_of(coverage.params).files
    shares = Shares(people_of(1))
    return lambda: shares.find(
        coverage.statement.name, use=coverage.use, scope=coverage.scope, hidden=NOBODY_HIDDEN,
        files=files, **coverage.params,
    )  # fmt: skip


def test_rows_that_were_read_are_of_no_use_once_their_files_are_gone(coverage: Asked) -> None:
    active(people_of(20))
    active(people_of(20))
    find = share_of_one(coverage)
    assert find()
    assert compact(default_lake(), thoroughly=True) == 2
    Sweeper(default_lake()).sweep(grace=timedelta(0))
    assert find() is None


def test_files_that_were_merged_are_read_as_long_as_they_lie_there(coverage: Asked) -> None:
    active(people_of(20))
    active(people_of(20))
    find = share_of_one(coverage)
    assert compact(default_lake(), thoroughly=True) == 2
    found = find()
    assert found
    assert [row[-2] for row in found.rows] == [1]


def test_files_whose_rows_were_changed_are_not_read_though_they_lie_there(coverage: Asked) -> None:
    active(people_of(20))
    find = share_of_one(coverage)
    lake = default_lake()
    rewrite(lake, concerns=lambda _: True, change=lambda _, rows: rows)
    assert find() is None


def test_nor_are_files_whose_rows_were_changed_after_they_were_merged(coverage: Asked) -> None:
    active(people_of(20))
    active(people_of(20))
    find = share_of_one(coverage)
    lake = default_lake()
    assert compact(lake, thoroughly=True)
    assert find()
    rewrite(lake, concerns=lambda _: True, change=lambda _, rows: rows)
    assert find() is None


def test_who_was_erased_meanwhile_is_not_in_what_is_brought_up_to_date(coverage: Asked) -> None:
    active(people_of(20))
    before = worked_out(coverage)
    erase_subjects(subjects=people_of(1), person_keys=[], by="test")
    assert run_erasure_pass(by="test")
    assert brought_up_to_date(coverage, before) is None


def test_an_answer_of_which_files_came_meanwhile_is_not_brought_up_to_date(
    coverage: Asked,
) -> None:
    then = standing_of(coverage.params)
    active(people_of(20))
    assert coverage.work_out(then, NOW).sums is None
    assert worked_out(coverage).sums


def test_somebody_who_is_shown_again_as_the_only_one_in_a_row_is_looked_for_anew(
    coverage: Asked,
) -> None:
    active(people_of(20))
    alone = people_of(1, first=8_200_000_000)
    keep(event("page_view", alone[0], at=NOON, course="course-v1:Hedge+Alone+2026"))
    restrict(subjects=alone, by="test")
    before = worked_out(coverage)
    unrestrict(subjects=alone, by="test")
    assert brought_up_to_date(coverage, before) is None


def test_an_amount_is_never_below_the_number_that_its_query_names(people: list[int]) -> None:
    """Before any noise: what a page makes of it would be false otherwise."""
    held = 0
    for name in NAMES:
        one = asked(name)
        found = query(name, use=one.use, scope=one.scope, by=one.by, **one.params)
        for floor in read_text(one.statement.text).floors:
            for row in (dict(zip(found.columns, row, strict=True)) for row in found.rows):
                if row[floor.amount] and (not floor.dimension or row[floor.dimension] is not None):
                    assert row[floor.amount] >= row[floor.count], (name, floor)
                    held += 1
    assert held
