"""The verbs of the simulator: make a population, and put what it does into the lake."""

import itertools
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol
from uuid import uuid4

import numpy as np

from privet.accounts.registry import (
    create_institution,
    create_site,
    institution_names,
    read_sites,
)
from privet.events.compaction import WHOLE_DAY, target_rows
from privet.events.lake import Lake
from privet.events.store import LakeFile
from privet.kernel.crypto import KeyRing
from privet.kernel.errors import PrivetError
from privet.simulate.addresses import AddressBook, Atlas, ReadsAddresses
from privet.simulate.block import World, cut_blocks, live
from privet.simulate.devices import ReadsAgents, read_devices
from privet.simulate.lines import LineWriter
from privet.simulate.people import drawn_subjects, link_learners
from privet.simulate.platform import Platform, make_platform
from privet.simulate.population import Period, make_population
from privet.simulate.randomness import Array
from privet.simulate.rows import RowWriter, Setting
from privet.simulate.spill import Spill
from privet.simulate.truth import write_truth

_WRITERS = 2
_LOG_NAME = "tracking.log-"
_EPOCH = date(1970, 1, 1).toordinal()


class SimulationError(PrivetError):
    """A population cannot be made, or is there already."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which population: the same wish gives the same one."""

    learners: int
    seed: int
    platform: Platform
    period: Period
    stories: float = 1.0
    """How many times as many people cheat, share and study together as was found."""


class KnowsNetworks(ReadsAddresses, ReadsAgents, Protocol):
    """What the room network answers."""


@dataclass(frozen=True, kw_only=True)
class Means:
    """What of the installation is used to make it."""

    keys: KeyRing
    network: KnowsNetworks


@dataclass(frozen=True, kw_only=True)
class Reached:
    """How far a run has come."""

    step: str
    done: int
    total: int


@dataclass(frozen=True, kw_only=True)
class Report:
    """What was made."""

    learners: int
    enrolments: int
    acts: int
    """Everything that happened."""
    events: int
    """What of it may be kept and is in the lake."""
    files: int
    first_day: date
    last_day: date


OnProgress = Callable[[Reached], None]


def want(
    *,
    learners: int,
    seed: int,
    days: int = 56,
    courses: int = 20,
    platform: Platform | None = None,
    last_day: date | None = None,
    stories: float = 1.0,
    problems: int | None = None,
) -> Wanted:
    """A wish, with what is usual where nothing is said: the days end yesterday."""
    last = last_day or datetime.now(UTC).date() - timedelta(days=1)
    return Wanted(
        learners=learners, seed=seed,
        platform=platform or make_platform(courses=courses, seed=seed, problems=problems),
        period=Period(first=last - timedelta(days=days - 1), days=days), stories=stories,
    )  # fmt: skip


def make_world(wanted: Wanted, network: KnowsNetworks) -> tuple[World, AddressBook]:
    """Draw the whole population, before anything happens."""
    book = AddressBook(Atlas(network, wanted.seed))
    people = make_population(
        learners=wanted.learners, seed=wanted.seed, platform=wanted.platform,
        period=wanted.period, book=book, stories=wanted.stories,
    )  # fmt: skip
    world = World(seed=wanted.seed, platform=wanted.platform, period=wanted.period, people=people)
    return world, book


def simulate_into_lake(
    wanted: Wanted,
    *,
    lake: Lake,
    means: Means,
    by: str,
    is_linked: bool = True,
    truth: Path | None = None,
    on_progress: OnProgress = lambda _: None,
) -> Report:
    """Put what a population does straight into the lake, in one commit.

    ``is_linked`` gives the learners pseudonyms in the installation's tables, so that every right
    works on them; without it they exist in the lake alone, which a bench of reading may want.
    ``truth`` is the directory for the files of the truth; none are written without it. Raises
    `SimulationError` if this population is in the lake already.
    """
    mark = _mark_of(wanted)
    with lake.turn() as turn:
        _check_new(turn.last_loaded(mark))
    world, book = make_world(wanted, means.network)
    if is_linked:
        register(wanted.platform, keys=means.keys, by=by)
        subjects = link_learners(
            site=wanted.platform.site, seed=wanted.seed, learners=wanted.learners, keys=means.keys
        )
    else:
        subjects = drawn_subjects(wanted.seed, wanted.learners)
    with TemporaryDirectory(prefix="privet-simulate-") as directory:
        spill = _live_through(world, Path(directory), on_progress)
        if truth is not None:
            write_truth(world, book, truth)
        writer = RowWriter(_setting(world, book, subjects, means))
        with _written(lake, writer, spill, on_progress) as files, lake.turn() as turn:
            _check_new(turn.last_loaded(mark))
            turn.commit(add=files, loaded={mark: 0})
    return Report(
        learners=wanted.learners, enrolments=len(world.people.enrolments.learner),
        acts=spill.count, events=sum(file.rows for file in files), files=len(files),
        first_day=wanted.period.first, last_day=wanted.period.last,
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class LogReport:
    """What was written as log files."""

    learners: int
    enrolments: int
    acts: int
    lines: int
    files: int
    by_name: dict[str, int]
    """Lines by the name under which an import counts them."""
    first_day: date
    last_day: date


def simulate_into_logs(
    wanted: Wanted,
    *,
    directory: Path,
    means: Means,
    truth: Path,
    on_progress: OnProgress = lambda _: None,
) -> LogReport:
    """Write what a population does as Open edX tracking logs, one file a day.

    Raises `SimulationError` if the directory holds such files already.
    """
    directory.mkdir(parents=True, exist_ok=True)
    if any(directory.glob(f"{_LOG_NAME}*")):
        raise SimulationError(
            "The directory holds tracking logs already.", remedy="Name another directory."
        )
    world, book = make_world(wanted, means.network)
    subjects = drawn_subjects(wanted.seed, wanted.learners)
    writer = LineWriter(_setting(world, book, subjects, means))
    with TemporaryDirectory(prefix="privet-simulate-") as temporary:
        spill = _live_through(world, Path(temporary), on_progress)
        write_truth(world, book, truth)
        days = spill.days()
        for done, day in enumerate(days):
            on_progress(Reached(step="Writing", done=done, total=len(days)))
            name = f"{_LOG_NAME}{date.fromordinal(_EPOCH + day):%Y%m%d}"
            lines = writer.write(spill.read(day))
            (directory / name).write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return LogReport(
        learners=wanted.learners, enrolments=len(world.people.enrolments.learner),
        acts=spill.count, lines=writer.counts.total(), files=len(days),
        by_name=dict(sorted(writer.counts.items())),
        first_day=wanted.period.first, last_day=wanted.period.last,
    )  # fmt: skip


def _setting(world: World, book: AddressBook, subjects: Array, means: Means) -> Setting:
    return Setting(
        seed=world.seed, platform=world.platform, people=world.people, subjects=subjects,
        book=book, devices=read_devices(means.network), keys=means.keys,
    )  # fmt: skip


def register(platform: Platform, *, keys: KeyRing, by: str) -> None:
    """Make the platform's site and institutions known, if they are not."""
    known = institution_names()
    for slug, name in platform.institutions.items():
        if slug not in known:
            create_institution(slug=slug, name=name, by=by)
    if platform.site not in read_sites(keys):
        create_site(slug=platform.site, name=platform.name, origins=[], by=by)


def _mark_of(wanted: Wanted) -> str:
    """Names a population in the table's log, so that it is not put there twice."""
    keys = [course.key for course in wanted.platform.courses]
    said = repr((wanted.learners, wanted.period, wanted.stories, keys))
    return f"simulate-{wanted.seed}-{sha256(said.encode()).hexdigest()[:12]}"


def _check_new(last_loaded: int) -> None:
    if last_loaded >= 0:
        raise SimulationError(
            "This population is in the lake already.",
            remedy="Choose another seed, or another installation by PRIVET_HOME.",
        )


def _live_through(world: World, directory: Path, on_progress: OnProgress) -> Spill:
    """All acts of all blocks, put away by day."""
    spill = Spill(directory)
    blocks = list(cut_blocks(world))
    for done, block in enumerate(blocks):
        on_progress(Reached(step="Living", done=done, total=len(blocks)))
        spill.add(live(world, block))
    return spill


@contextmanager
def _written(
    lake: Lake, writer: RowWriter, spill: Spill, on_progress: OnProgress
) -> Iterator[list[LakeFile]]:
    """The files of all days; they are removed again if they do not come to be committed."""
    files: list[LakeFile] = []
    try:
        days = spill.days()
        for done, day in enumerate(days):
            on_progress(Reached(step="Writing", done=done, total=len(days)))
            files += _write_day(lake, writer, spill.read(day), day)
        yield files
    except BaseException:
        lake.store.remove(file.path for file in files)
        raise


def _write_day(lake: Lake, writer: RowWriter, acts: Array, day: int) -> list[LakeFile]:
    """One sorted run, cut between learners into files of the size that compaction makes."""
    acts, uses = writer.keep(acts)
    order = np.lexsort((acts["id"], acts["time"], writer.subjects_of(acts)))
    acts, uses = acts[order], uses[order]
    run, date_of_day = uuid4().hex[:12], date.fromordinal(_EPOCH + day)

    def write(part: slice) -> LakeFile:
        rows = writer.write(acts[part], uses[part], day)
        return lake.store.write(rows, day=date_of_day, level=WHOLE_DAY, run=run)

    parts = _cut(acts["learner"], target_rows(len(acts)))
    with ThreadPoolExecutor(_WRITERS) as pool:
        return list(pool.map(write, parts))


def _cut(learner: Array, rows: int) -> list[slice]:
    """Slices of about so many rows, cut where the learner changes."""
    changes = np.flatnonzero(learner[1:] != learner[:-1]) + 1
    wanted = np.arange(rows, len(learner) - rows // 2, rows)
    at = np.searchsorted(changes, wanted)
    edges = np.unique(np.r_[0, changes[at[at < len(changes)]], len(learner)]).tolist()
    return [slice(low, high) for low, high in itertools.pairwise(edges)]
