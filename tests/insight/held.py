"""A warmer whose thread goes on only when a test lets it, so that nothing is left to chance."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from queue import Queue

from privet.catalogue.uses import Use
from privet.events.lake import default_lake
from privet.events.query import Scope
from privet.events.statements import find_statement
from privet.insight.answering import Answerer, AnswerPoint
from privet.insight.asking import installed_noise
from privet.insight.warming import Warmer, WarmPoint
from privet.insight.working_out import Asked
from privet.kernel.clock import FixedClock
from tests.events.rows import NOON
from tests.insight.kit import event, keep

PATIENCE_SECONDS = 120
"""For a machine with much else to do; what is waited for happens at once."""
Point = AnswerPoint | WarmPoint


class Held:
    """Answers whose helper is held at each of its points; every answer may lag."""

    def __init__(self, home: Path, clock: FixedClock) -> None:
        self.clock = clock
        self.passed: list[Point] = []
        """The points at which the thread was."""
        self.answerer = Answerer(clock=clock, quick=timedelta(0), reach=self._reach)
        self.warmer = Warmer(
            self.answerer, file=home / "lately.json", looks_every_seconds=0.001, reach=self._reach
        )
        self._at: Queue[Point] = Queue()
        self._go: Queue[None] = Queue()
        self._is_open = False

    def until(self, point: Point) -> None:
        """Let the thread go on until it is at a point; there it stays."""
        while self._at.get(timeout=PATIENCE_SECONDS) is not point:
            self._go.put(None)

    def go_on_until(self, point: Point) -> None:
        """The same from where it is held."""
        self._go.put(None)
        self.until(point)

    def do_a_round(self) -> list[Point]:
        """Let it do all it finds to do; returns where it was."""
        self.passed.clear()
        self.go_on_until(WarmPoint.DONE)
        return list(self.passed)

    def stop(self) -> None:
        """End the thread wherever it is."""
        self._is_open = True
        self._go.put(None)
        self.warmer.stop()

    def _reach(self, point: Point) -> None:
        if self._is_open or threading.current_thread().name != "privet-warming":
            return
        self.passed.append(point)
        self._at.put(point)
        self._go.get(timeout=PATIENCE_SECONDS)


@contextmanager
def helped(home: Path, clock: FixedClock) -> Iterator[Held]:
    """Answers with a helper that has looked once and is held there."""
    held = Held(home, clock)
    held.warmer.start()
    try:
        held.until(WarmPoint.DONE)
        yield held
    finally:
        held.stop()


def question(*, days: int = 0) -> Asked:
    """Who was active in which course on a day so many after that of `NOON`."""
    day = NOON.date() + timedelta(days=days)
    return Asked(
        statement=find_statement("options"), use=Use.ANALYTICS, scope=Scope(), by="test",
        params={"start": day, "end": day}, noise=installed_noise(),
    )  # fmt: skip


def anew(asked: Asked, clock: FixedClock) -> list[dict[str, object]]:
    """The answer of somebody who has kept nothing."""
    return Answerer(clock=clock).answer(asked)


def people_of(number: int, *, first: int = 8_100_000_001) -> list[int]:
    return list(range(first, first + number))


def active(subjects: list[int], **values: object) -> None:
    """Let each open a page on the day of `NOON`."""
    keep(*(event("page_view", subject, **({"at": NOON} | values)) for subject in subjects))


@contextmanager
def without_rows() -> Iterator[None]:
    """For a while the rows are away behind the table's back: only a kept answer knows them."""
    root = default_lake().store.local
    assert root
    away = [path.rename(path.with_suffix(".away")) for path in root.glob("day=*/*.parquet")]
    try:
        yield
    finally:
        for path in away:
            path.rename(path.with_suffix(".parquet"))
