"""A rollup says exactly what the events say, whatever happened to them meanwhile."""

import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from privet.catalogue.uses import Use
from privet.events.compaction import compact
from privet.events.erasure import Erasing, run_erasure_pass
from privet.events.lake import Lake
from privet.events.query import Scope
from privet.events.service import erase_subjects, release, restrict, unrestrict, withhold
from privet.events.upkeep import run_daily_pass
from privet.kernel.clock import FixedClock
from privet.kernel.crypto import KeyRing
from tests.events import children
from tests.events.rolling import (
    EVERYBODY,
    acts,
    answers,
    files_of,
    roll_up,
    subjects_rolled_up,
)
from tests.events.rows import ALICE, ANALYTICS, BOB, CAROL, NOON, TODAY, make_lake, row, table

pytestmark = pytest.mark.django_db
ACT = int(Use.INSTRUCTION | Use.SECURITY | Use.ANALYTICS)
PEOPLE = (ALICE, BOB, CAROL, 0, *range(7_100_000_050, 7_100_000_060))
HEDGE = Scope(institutions=frozenset({"hedge"}))
SCOPES = (
    EVERYBODY, HEDGE, Scope(courses=frozenset({"c1", "c2"})), Scope(institutions=frozenset()),
    Scope(institutions=frozenset({"bramble"}), courses=frozenset({"c0"})),
)  # fmt: skip


def test_a_day_that_is_ready_is_read_from_its_file(lake: Lake, clock: FixedClock) -> None:
    lake.append(table(row(ALICE), row(ALICE), row(BOB, at=NOON - timedelta(days=3))))
    assert roll_up(lake, clock) == 4
    before = acts(lake)
    (Path(lake.store.location) / next(f.path for f in lake.files() if f.day == TODAY)).unlink()
    (todays,) = (found for found in before if found[0] == TODAY)
    from privet.events.query import query

    found = query("acts_by_rollup", use=ANALYTICS, scope=Scope(), by="test", lake=lake,
                  start=TODAY, end=TODAY)  # fmt: skip
    assert found.rows == [todays]
    assert todays[5] == 2


def test_a_withdrawal_is_seen_at_once_in_what_is_ready(lake: Lake, clock: FixedClock) -> None:
    lake.append(table(row(ALICE, uses=ACT), row(BOB, uses=ACT)))
    roll_up(lake, clock)
    assert subjects_rolled_up(lake) == {ALICE, BOB}
    withhold(subjects=[ALICE], uses=ANALYTICS, by="test")
    assert subjects_rolled_up(lake) == {BOB}


def test_a_restriction_hides_and_its_end_brings_back(lake: Lake, clock: FixedClock) -> None:
    lake.append(table(row(ALICE), row(BOB)))
    roll_up(lake, clock)
    restrict(subjects=[ALICE], by="test")
    assert subjects_rolled_up(lake) == {BOB}
    unrestrict(subjects=[ALICE], by="test")
    assert subjects_rolled_up(lake) == {ALICE, BOB}


def test_a_day_with_a_new_grant_in_it_shows_what_came_after(lake: Lake, clock: FixedClock) -> None:
    early, late = NOON - timedelta(hours=3), NOON + timedelta(hours=3)
    lake.append(table(row(ALICE, at=early), row(ALICE, at=late), row(BOB), row(ALICE)))
    roll_up(lake, clock)
    withhold(subjects=[ALICE], uses=ANALYTICS, by="test", clock=clock)
    release(subjects=[ALICE], uses=ANALYTICS, by="test", clock=clock)
    assert {(found[1], found[5]) for found in acts(lake)} == {(ALICE, 1), (BOB, 1)}


def test_a_clock_that_ran_ahead_does_not_escape_through_a_rollup(
    lake: Lake, clock: FixedClock
) -> None:
    ahead = NOON + timedelta(days=2)
    lake.append(table(row(ALICE, at=ahead, received=NOON - timedelta(hours=1)), row(BOB, at=ahead)))
    roll_up(lake, clock)
    withhold(subjects=[ALICE], uses=ANALYTICS, by="test", clock=clock)
    release(subjects=[ALICE], uses=ANALYTICS, by="test", clock=clock)
    assert subjects_rolled_up(lake) == {BOB}


def test_scope_cannot_be_left_through_a_rollup(lake: Lake, clock: FixedClock) -> None:
    lake.append(table(row(ALICE, institution="hedge"), row(BOB, institution="bramble")))
    roll_up(lake, clock)
    lake.append(table(row(CAROL, institution="bramble"), row(CAROL, institution="hedge")))
    assert subjects_rolled_up(lake, HEDGE) == {ALICE, CAROL}
    assert {found[2] for found in acts(lake, HEDGE)} == {"hedge"}


def test_what_arrives_late_is_counted_at_once(lake: Lake, clock: FixedClock) -> None:
    past = NOON - timedelta(days=5)
    lake.append(table(*(row(n, at=past) for n in PEOPLE for _ in range(3))))
    compact(lake, thoroughly=True)
    roll_up(lake, clock)
    made = files_of(lake)
    lake.append(table(row(ALICE, at=past)))
    assert {found[5] for found in acts(lake) if found[1] == ALICE} == {4}
    assert len(acts(lake)) == len(PEOPLE)
    assert roll_up(lake, clock) == 2
    assert files_of(lake) != made
    assert {found[5] for found in acts(lake) if found[1] == ALICE} == {4}


def test_a_few_late_rows_are_read_beside_what_is_ready(lake: Lake, clock: FixedClock) -> None:
    past = NOON - timedelta(days=5)
    lake.append(table(*(row(n, at=past) for n in range(1, 500))))
    compact(lake, thoroughly=True)
    roll_up(lake, clock)
    made = files_of(lake)
    lake.append(table(row(ALICE, at=past)))
    assert roll_up(lake, clock) == 0
    assert files_of(lake) == made
    assert len(acts(lake)) == 500


def test_a_day_whose_rollup_is_empty_fills_when_rows_come(lake: Lake, clock: FixedClock) -> None:
    lake.append(table(row(ALICE, uses=int(Use.SECURITY))))
    assert roll_up(lake, clock) == 2
    assert acts(lake) == []
    lake.append(table(row(BOB)))
    assert subjects_rolled_up(lake) == {BOB}


def test_a_lake_behind_a_url_has_its_rollups_here(tmp_path: Path, clock: FixedClock) -> None:
    (tmp_path / "far").mkdir()
    far = Lake(f"file://{tmp_path}/far", locks=tmp_path / "locks", clock=clock)
    far.append(table(row(ALICE), row(BOB, at=NOON - timedelta(days=3))))
    assert roll_up(far, clock) == 4
    far.append(table(row(CAROL)))
    withhold(subjects=[BOB], uses=ANALYTICS, by="test")
    assert subjects_rolled_up(far) == {ALICE, CAROL}


def test_a_file_whose_bytes_say_otherwise_is_believed(lake: Lake, clock: FixedClock) -> None:
    """So that the other tests are known to read files, and not always the events."""
    lake.append(table(row(ALICE)))
    roll_up(lake, clock)
    (one,) = files_of(lake)
    import pyarrow.parquet as pq

    rows = pq.read_table(one)
    pq.write_table(rows.slice(0, 0), one)
    by_rollup, by_events = answers(lake, "acts")
    assert (len(by_rollup), len(by_events)) == (0, 1)


def test_readers_lose_nothing_while_rollups_come_and_go(tmp_path: Path) -> None:
    lake = make_lake(tmp_path)
    for day in range(6):
        lake.append(table(*(row(n + 1, at=NOON - timedelta(days=day)) for n in range(30))))
    churn = children.start("roll", tmp_path, "3")
    assert churn.stdout is not None
    assert churn.stdout.readline() == "ready\n"
    counts: set[int] = set()
    while churn.poll() is None:
        counts.add(len(answers(lake, "acts")[0]))
    churn.communicate()
    assert churn.returncode == 0
    assert counts == {180}


class History:
    """A lake to which random things happen."""

    def __init__(self, lake: Lake, clock: FixedClock, directory: Path, seed: int) -> None:
        self.lake, self.clock = lake, clock
        self.draw = random.Random(seed)  # noqa: S311 - the same history for the same seed
        self.places = Erasing(
            lake=lake, log=directory / "log", quarantine=directory / "quarantine",
            keys=KeyRing(directory / "keys"),
        )  # fmt: skip

    def people(self) -> list[int]:
        return [n for n in self.draw.sample(PEOPLE, self.draw.randint(1, 4)) if n]

    def insert(self) -> None:
        self.lake.append(table(*(self.some_row() for _ in range(self.draw.randint(1, 60)))))

    def some_row(self) -> dict[str, object]:
        draw = self.draw
        at = self.clock.now() - timedelta(days=draw.choice([0, 0, 1, 2, 5, 40]),
                                          seconds=draw.randint(-40_000, 40_000))  # fmt: skip
        return row(
            draw.choice(PEOPLE), at=at,
            received=at + timedelta(seconds=draw.choice([1, 2, 3600, -90_000])),
            institution=draw.choice(["hedge", "bramble"]), course=draw.choice(["c0", "c1", "c2"]),
            name=draw.choice(["page_view", "login"]), session=draw.randint(1, 3),
            country=draw.choice(["ES", "PT"]), page_path=f"/courses/{draw.randint(1, 3)}",
            uses=draw.choice([8, 9, 255, 7]),
        )  # fmt: skip

    def merge(self) -> None:
        compact(self.lake, thoroughly=True)

    def roll(self) -> None:
        roll_up(self.lake, self.clock)

    def take_back(self) -> None:
        uses = self.draw.choice([ANALYTICS, Use.SECURITY, Use.ANALYTICS | Use.RESEARCH])
        withhold(subjects=self.people(), uses=uses, by="test", clock=self.clock)

    def grant(self) -> None:
        release(subjects=PEOPLE[:8], uses=ANALYTICS, by="test", clock=self.clock)

    def restrain(self) -> None:
        restrict(subjects=self.people(), by="test", clock=self.clock)

    def let_go(self) -> None:
        unrestrict(subjects=self.people(), by="test", clock=self.clock)

    def erase(self) -> None:
        gone = self.people()
        erase_subjects(subjects=gone, person_keys=[], by="test", clock=self.clock,
                       keys=self.places.keys)  # fmt: skip
        if self.draw.random() < 0.6:
            done = run_erasure_pass(by="test", places=self.places)
            assert done is None or done.proof.holds

    def pass_day(self) -> None:
        run_daily_pass(lake=self.lake, keys=self.places.keys, sealed_days=30)

    def wait(self) -> None:
        self.clock.advance(timedelta(hours=self.draw.randint(1, 15)))

    def expire(self) -> None:
        self.clock.advance(timedelta(days=self.draw.choice([2, 400])))
        self.pass_day()


STEPS: tuple[tuple[Callable[[History], None], int], ...] = (
    (History.insert, 8), (History.roll, 8), (History.merge, 3), (History.take_back, 3),
    (History.grant, 3), (History.restrain, 1), (History.let_go, 1), (History.erase, 2),
    (History.pass_day, 1), (History.wait, 3), (History.expire, 1),
)  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_after_any_history_the_rollup_and_the_events_agree(
    lake: Lake, clock: FixedClock, tmp_path: Path, seed: int
) -> None:
    history = History(lake, clock, tmp_path, seed)
    history.insert()
    for _ in range(20):
        (step,) = history.draw.choices([s for s, _ in STEPS], [weight for _, weight in STEPS])
        step(history)
        today = clock.now().date()
        start = today - timedelta(days=history.draw.choice([0, 3, 1000]))
        for what in ("acts", "steps"):
            by_rollup, by_events = answers(
                lake, what, scope=history.draw.choice(SCOPES), start=start,
                end=today + timedelta(days=2),
            )  # fmt: skip
            assert by_rollup == by_events, step.__name__
