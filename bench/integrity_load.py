"""The load of one large course, as rows of the lake: 300 problems, 140 acts a learner, some copies.

Made for the bench alone and faster than by the simulation, which makes a whole platform: 84 days,
the learners of a day in the evening, each on the problems of that day, one address a learner. One
learner in a hundred copies all of it from an account at the same address.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import uuid4

import numpy as np
import pyarrow as pa

from privet.catalogue.uses import Use
from privet.events.compaction import WHOLE_DAY
from privet.events.lake import Lake
from privet.events.schema import lake_schema

DAYS, PROBLEMS, ACTS_A_SITTING = 84, 300, 12
ROWS_A_LEARNER = 140
COURSE = "course-v1:Bench+B101+2026"
_DAY_MICROS = 86_400_000_000
_EPOCH = date(1970, 1, 1)
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
"""Odd, so that no two products agree in their lower bits; near 2^64 over the golden ratio."""
_USES = int(Use.INSTRUCTION | Use.SECURITY | Use.INTEGRITY | Use.ANALYTICS)


def learners_of(rows: int) -> int:
    """How many learners a course of so many rows has."""
    return max(200, rows // ROWS_A_LEARNER)


def load_course(lake: Lake, *, rows: int, first: date, seed: int = 1) -> int:
    """Put about so many rows of 84 days into the lake; returns how many learners there are."""
    learners = learners_of(rows)
    random = np.random.default_rng(seed)
    for number in range(DAYS):
        load_day(
            lake, random, rows=rows // DAYS, day=first + timedelta(days=number), number=number,
            learners=learners,
        )  # fmt: skip
    return learners


def load_day(
    lake: Lake, random: np.random.Generator, *, rows: int, day: date, number: int, learners: int
) -> None:
    """One day of it, as one file that is sorted as compaction sorts."""
    table = pa.concat_tables(_sittings(random, rows // ACTS_A_SITTING, day, number, learners))
    table = table.sort_by([("subject", "ascending"), ("time", "ascending")])
    file = lake.store.write(table, day=day, level=WHOLE_DAY, run=uuid4().hex[:12])
    with lake.turn() as turn:
        turn.commit(add=[file])


def _sittings(
    random: np.random.Generator, count: int, day: date, number: int, learners: int
) -> Iterator[pa.Table]:
    who = random.permutation(learners)[: min(count, learners)]
    many = len(who)
    start = (day - _EPOCH).days * _DAY_MICROS + random.normal(20, 3, many).clip(1, 22) * 3.6e9
    gaps = 75e6 * np.exp(0.9 * random.standard_normal((many, ACTS_A_SITTING)))
    time = start[:, None] + np.cumsum(gaps.clip(0, 6e8), axis=1)
    problem = (number * PROBLEMS // DAYS + np.arange(ACTS_A_SITTING)) % PROBLEMS
    subject = np.repeat(who + 1, ACTS_A_SITTING)
    problems = np.tile(problem, many)
    right = random.random(many * ACTS_A_SITTING) < 0.65
    shows = (~right) & (random.random(len(right)) < 0.4)
    moments = time.ravel().astype(np.int64)
    yield _rows(day, subject, problems, moments, is_right=right)
    yield _rows(day, subject[shows], problems[shows], moments[shows] + 9_000_000)
    copies = (subject % 100 == 0) & right
    feeds = subject[copies] + 50_000_000
    yield _rows(day, feeds, problems[copies], moments[copies] - 20_000_000, address=subject[copies])


def _rows(
    day: date, subject: np.ndarray, problem: np.ndarray, time: np.ndarray, *,
    is_right: np.ndarray | None = None, address: np.ndarray | None = None,
) -> pa.Table:  # fmt: skip
    count = len(subject)
    time = np.clip(time, 0, ((day - _EPOCH).days + 1) * _DAY_MICROS - 1)
    name = "showanswer" if is_right is None else "problem_check"
    outcome = np.full(count, 2) if is_right is None else 1 - is_right.astype(int)
    texts = pa.array(
        [
            f'{{"attempts":1,"problem_id":"p{number}","success":"{word}"}}'
            for number in range(PROBLEMS)
            for word in ("correct", "incorrect", "")
        ]
    )
    where = subject if address is None else address
    given = {
        "event_id": _ids(count),
        "day": pa.array(np.full(count, (day - _EPOCH).days), pa.int32()).cast(pa.date32()),
        "time": pa.array(time, pa.timestamp("us", tz="UTC")),
        "received": pa.array(time + 400_000, pa.timestamp("us", tz="UTC")),
        "subject": pa.array(_pseudonyms(subject)),
        "session": pa.array(np.zeros(count, np.int64)),
        "uses": pa.array(np.full(count, _USES, np.int32)),
        "address_token": pa.array(where.astype(np.int64)),
        "network_token": pa.array(where.astype(np.int64)),
        "key_id": pa.array(np.ones(count, np.int32)), "asn": pa.array(where % 40),
        "detail": texts.take(pa.array(problem * 3 + outcome)),
    }  # fmt: skip
    words = {
        "source": "api:bench", "site": "bench", "institution": "bench", "course": COURSE,
        "name": name, "object": "", "page_path": "", "country": "GB", "network_kind": "residential",
        "browser": "Firefox 128", "os": "Linux", "device": "desktop",
    }  # fmt: skip
    columns = []
    for field in lake_schema():
        if field.name in words:
            columns.append(pa.repeat(pa.scalar(words[field.name], field.type), count))
        elif field.name in given:
            columns.append(given[field.name].cast(field.type))
        else:
            columns.append(pa.nulls(count, field.type))
    return pa.table(columns, schema=lake_schema())


def _pseudonyms(numbers: np.ndarray) -> np.ndarray:
    """Numbers of 63 bits without order, one for each account, as real pseudonyms are."""
    return ((numbers.astype(np.uint64) * _SPREAD) & np.uint64(2**63 - 1)).astype(np.int64)


def _ids(count: int) -> pa.Array:
    data = pa.py_buffer(np.random.default_rng().bytes(16 * count))
    fixed = pa.FixedSizeBinaryArray.from_buffers(pa.binary(16), count, [None, data])
    return fixed.cast(pa.binary())
