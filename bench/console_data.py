"""Events of a simulated platform, written straight into a lake through its public writer.

100,000 learners in 200 courses of 12 institutions; a few do much and many do little. Each visit is
a session of some 16 events on one day, in one course, from one country and device. Learners differ
in what they allow, so rows differ in their uses, and refusers leave only what servers record.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from privet.events.schema import lake_schema

LEARNERS = 100_000
COURSES = 200
INSTITUTIONS = 12
EVENTS_A_SESSION = 16
FIRST_DAY = date(2026, 8, 1)
_SERVER = 7
"""Instruction, security and integrity: what acts on the server serve without consent."""
_NAMES: tuple[tuple[str, float, bool], ...] = (
    ("page_view", 26, False),
    ("page_leave", 20, False),
    ("link_click", 10, False),
    ("control_use", 8, False),
    ("play_video", 8, False),
    ("pause_video", 7, False),
    ("seek_video", 3, False),
    ("stop_video", 2, False),
    ("load_video", 4, False),
    ("page_timing", 4, False),
    ("problem_check", 6, True),
    ("showanswer", 1, True),
    ("edx.forum.thread.created", 0.5, True),
    ("login", 0.5, True),
)


@dataclass(frozen=True)
class Population:
    """Everything about the learners that stays the same."""

    subject: np.ndarray
    weight: np.ndarray
    allows: np.ndarray
    courses: np.ndarray
    country: np.ndarray
    device: np.ndarray
    system: np.ndarray
    browser: np.ndarray
    network: np.ndarray


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """For each event: its session, its learner, its name and its uses, as numbers."""

    visit: np.ndarray
    learner: np.ndarray
    names: np.ndarray
    uses: np.ndarray


def make_population(random: np.random.Generator) -> Population:
    """Learners with their habits."""
    weight = random.pareto(1.8, LEARNERS) + 0.2
    countries = random.zipf(1.6, LEARNERS) % 80
    return Population(
        subject=random.integers(1, 2**63 - 1, LEARNERS),
        weight=weight / weight.sum(),
        allows=random.choice([88, 8, 24, 0], LEARNERS, p=[0.4, 0.2, 0.2, 0.2]),
        courses=random.integers(0, COURSES, (LEARNERS, 4)),
        country=countries,
        device=random.choice(3, LEARNERS, p=[0.6, 0.35, 0.05]),
        system=random.integers(0, 5, LEARNERS),
        browser=random.integers(0, 40, LEARNERS),
        network=random.integers(0, 500, LEARNERS),
    )


def make_days(random: np.random.Generator, *, rows: int, days: int) -> Iterator[pa.Table]:
    """About ``rows`` events, one table a day."""
    people = make_population(random)
    made = 0
    for number in range(days):
        wanted = (rows - made) // (days - number)
        day = make_day(random, people, FIRST_DAY + timedelta(days=number), wanted)
        made += day.num_rows
        yield day


def make_day(random: np.random.Generator, people: Population, day: date, rows: int) -> pa.Table:
    """One day's events in the order of the sessions."""
    tries = rows * 10 // 8  # Refusers' clicks are not stored.
    sessions = max(1, tries // EVENTS_A_SESSION)
    who = random.choice(LEARNERS, sessions, p=people.weight)
    length = np.maximum(1, random.geometric(1 / EVENTS_A_SESSION, sessions))
    visit = np.repeat(np.arange(sessions), length)
    learner = who[visit]
    names = random.choice(len(_NAMES), len(visit), p=_shares())
    is_act = np.array([act for _, _, act in _NAMES])[names]
    uses = people.allows[learner] | np.where(is_act, _SERVER, 0)
    kept = np.flatnonzero(uses)[:rows]
    drawn = Drawn(visit=visit[kept], learner=learner[kept], names=names[kept], uses=uses[kept])
    return _table(random, people, day, drawn)


def _shares() -> np.ndarray:
    shares = np.array([share for _, share, _ in _NAMES])
    return shares / shares.sum()


def _table(random: np.random.Generator, people: Population, day: date, drawn: Drawn) -> pa.Table:
    visit, learner, names, uses = drawn.visit, drawn.learner, drawn.names, drawn.uses
    count = len(visit)
    midnight = np.datetime64(day, "us").astype("int64")
    begins = random.integers(0, 80_000, visit.max() + 1)
    time = midnight + (begins[visit] * 1_000_000) + random.integers(0, 3_000_000_000, count)
    time = np.minimum(time, midnight + 86_399_999_999)
    course = people.courses[learner, visit % 4]
    network = people.network[learner]
    columns = {
        "event_id": _random_ids(random, count),
        "day": pa.repeat(pa.scalar(day, pa.date32()), count),
        "time": pa.array(time, pa.timestamp("us", tz="UTC")),
        "received": pa.array(time + 300_000, pa.timestamp("us", tz="UTC")),
        "source": _pick(["web:hedgerow", "api:hedgerow"], (uses & 1).astype("int32")),
        "site": pa.repeat("hedgerow", count),
        "institution": _pick([f"uni{n}" for n in range(INSTITUTIONS)], course % INSTITUTIONS),
        "course": _pick([f"course-v1:Uni+C{n:03d}+2026" for n in range(COURSES)], course),
        "name": _pick([name for name, _, _ in _NAMES], names),
        "object": _pick(
            [f"block-v1:Uni+type@problem+block@{n:05d}" for n in range(3000)],
            random.integers(0, 3000, count),
        ),
        "page_path": _pick(
            [f"/courses/unit/{n}" for n in range(5000)], random.integers(0, 5000, count)
        ),
        "referrer_host": _pick(["", "search.example", "mail.example"], visit % 3),
        "campaign": pa.repeat("", count),
        "subject": pa.array(people.subject[learner]),
        "session": pa.array((people.subject[learner] ^ (visit + day.toordinal() * 2**20)) + 1),
        "uses": pa.array(uses.astype("int32")),
        "address_token": pa.array(people.subject[learner] ^ 77),
        "network_token": pa.array(people.subject[learner] ^ 78),
        "key_id": pa.repeat(pa.scalar(day.year, pa.int32()), count),
        "country": _pick([f"{chr(65 + n % 26)}{chr(65 + n // 26)}" for n in range(80)],
                         people.country[learner]),
        "region": pa.nulls(count, pa.string()),
        "network_kind": _pick(["residential", "mobile", "hosting", "vpn"], network % 4),
        "network_evidence": pa.repeat("asn", count),
        "asn": pa.array(network.astype("int64")),
        "organisation": _pick([f"Network {n}" for n in range(500)], network),
        "browser": _pick([f"Browser {n}" for n in range(40)], people.browser[learner]),
        "os": _pick(["Windows", "macOS", "Android", "iOS", "Linux"], people.system[learner]),
        "device": _pick(["desktop", "mobile", "tablet"], people.device[learner]),
        "detail": _pick(
            [f'{{"title":"Unit {n}","order":{n % 20}}}' for n in range(5000)],
            random.integers(0, 5000, count),
        ),
        "sealed": pa.nulls(count, pa.binary()),
    }  # fmt: skip
    return pa.table([columns[field.name] for field in lake_schema()], schema=lake_schema())


def _pick(values: list[str], index: np.ndarray) -> pa.Array:
    return pa.array(values, pa.string()).take(pa.array(index))


def _random_ids(random: np.random.Generator, count: int) -> pa.Array:
    data = pa.py_buffer(random.bytes(16 * count))
    return pa.FixedSizeBinaryArray.from_buffers(pa.binary(16), count, [None, data]).cast(
        pa.binary()
    )
