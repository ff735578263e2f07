"""Which parts of a video were seen: the rollup beside a plain count over every part."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from privet.catalogue.uses import Use
from privet.events.lake import Lake
from privet.events.service import withhold
from privet.insight.content_rules import SEGMENTS
from privet.kernel.clock import FixedClock
from tests.events.rows import ALICE, BOB, NOON, make_lake, table
from tests.insight.kit import VIDEO, Row, exact, video

pytestmark = pytest.mark.django_db
ALL = (1 << SEGMENTS) - 1


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return make_lake(tmp_path, FixedClock(NOON))


def _seen(lake: Lake, *rows: Row) -> tuple[int, int]:
    lake.append(table(*rows))
    (found,) = exact("all_video_views", lake=lake)
    return found["mask"], found["again"]


def _after(seconds: float) -> dict[str, object]:
    return {"at": NOON + timedelta(seconds=seconds)}


def test_a_video_played_to_its_end_is_seen_whole(lake: Lake) -> None:
    seen = _seen(lake, video("play_video", 0), video("stop_video", 100, **_after(100)))
    assert seen == (ALL, 0)


def test_what_was_jumped_over_is_not_seen(lake: Lake) -> None:
    mask, _ = _seen(
        lake,
        video("play_video", 0),
        video("seek_video", 10, to=90, **_after(10)),
        video("stop_video", 100, **_after(20)),
    )
    assert mask == (1 << 50) - (1 << 45) + (1 << 5) - 1


def test_a_move_while_paused_plays_nothing(lake: Lake) -> None:
    mask, _ = _seen(
        lake,
        video("play_video", 0),
        video("pause_video", 10, **_after(10)),
        video("seek_video", 10, to=50, **_after(20)),
        video("pause_video", 80, **_after(50)),
    )
    assert mask == (1 << 5) - 1


def test_a_part_seen_twice_is_seen_again_and_a_pause_in_it_is_not(lake: Lake) -> None:
    mask, again = _seen(
        lake,
        video("play_video", 0),
        video("pause_video", 11, **_after(11)),
        video("play_video", 11, **_after(20)),
        video("seek_video", 20, to=16, **_after(29)),
        video("stop_video", 24, **_after(40)),
    )
    assert mask == (1 << 12) - 1
    assert again == (1 << 10) - (1 << 8)


def test_what_played_when_the_page_was_closed_is_not_known(lake: Lake) -> None:
    assert _seen(lake, video("play_video", 30)) == (0, 0)


def test_two_visits_are_kept_apart(lake: Lake) -> None:
    mask, _ = _seen(
        lake,
        video("play_video", 0, session=1),
        video("pause_video", 90, session=2, **_after(90)),
        video("pause_video", 10, session=1, **_after(100)),
    )
    assert mask == (1 << 5) - 1


def test_a_video_of_unknown_length_has_plays_and_no_parts(lake: Lake) -> None:
    lake.append(
        table(video("play_video", 0, length=None), video("stop_video", 9, length=None, **_after(9)))
    )
    (found,) = exact("all_video_views", lake=lake)
    assert (found["plays"], found["mask"], found["duration"]) == (1, 0, None)
    assert found["seconds"] == 9


def test_a_days_views_are_one_row_with_its_unit(lake: Lake) -> None:
    lake.append(table(video("load_video", 0), video("play_video", 0), video("play_video", 0, BOB)))
    rows = exact("all_video_views", lake=lake)
    assert [(row["subject"], row["video"], row["section"]) for row in rows] == [
        (ALICE, VIDEO, "units/2"),
        (BOB, VIDEO, "units/2"),
    ]


def test_who_withdraws_is_in_no_view(lake: Lake) -> None:
    lake.append(table(video("play_video", 0), video("play_video", 0, BOB)))
    withhold(subjects=[ALICE], uses=Use.ANALYTICS, by="test")
    assert [row["subject"] for row in exact("all_video_views", lake=lake)] == [BOB]


@dataclass(frozen=True)
class Step:
    """Something a player told, in quarters of a second so that no sum is rounded."""

    name: str
    left: int
    to: int
    subject: int
    session: int
    day: int


STEPS = st.lists(
    st.builds(
        Step,
        name=st.sampled_from(["play_video", "play_video", "pause_video", "seek_video",
                              "stop_video", "load_video"]),
        left=st.integers(0, 420),
        to=st.integers(0, 420),
        subject=st.sampled_from([ALICE, BOB]),
        session=st.integers(1, 2),
        day=st.integers(0, 1),
    ),
    min_size=1,
    max_size=40,
)  # fmt: skip
LENGTH = 100


def _count(steps: list[Step]) -> dict[tuple[int, int], list[int]]:
    """For each day and learner, how often the middle of each part was played."""
    counts: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0] * SEGMENTS)
    visits: dict[tuple[int, int, int], list[Step]] = defaultdict(list)
    for step in steps:
        visits[step.day, step.subject, step.session].append(step)
        counts[step.day, step.subject]  # A row is there even if nothing was seen.
    for (day, subject, _), told in visits.items():
        began: float | None = None
        plays = False
        for step in told:
            if began is not None and step.name not in ("play_video", "load_video"):
                for part in range(SEGMENTS):
                    middle = (part + 0.5) * LENGTH / SEGMENTS
                    counts[day, subject][part] += began <= middle < step.left / 4
            if step.name != "seek_video":
                plays = step.name == "play_video"
                began = step.left / 4 if plays else None
            else:
                began = step.to / 4 if plays else None
    return counts


def _bits(counts: list[int], least: int) -> int:
    return sum(1 << part for part, number in enumerate(counts) if number >= least)


class Reference(TestCase):
    """The rollup says of every history what counting each part by hand says."""

    @settings(max_examples=40)
    @given(STEPS)
    def test_any_history_is_counted_as_by_hand(self, steps: list[Step]) -> None:
        rows = [
            video(
                step.name, step.left / 4, step.subject, to=step.to / 4, length=LENGTH,
                session=step.session, at=NOON - timedelta(days=step.day, seconds=600 - number),
            )
            for number, step in enumerate(steps)
        ]  # fmt: skip
        with TemporaryDirectory() as directory:
            lake = make_lake(Path(directory), FixedClock(NOON))
            lake.append(table(*rows))
            found = {
                ((NOON.date() - row["day"]).days, row["subject"]): (row["mask"], row["again"])
                for row in exact("all_video_views", lake=lake)
            }
        assert found == {
            key: (_bits(counts, 1), _bits(counts, 2)) for key, counts in _count(steps).items()
        }
