"""What learners do in courses: enrolling, answering, earning a certificate."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from demo.content import Course, Unit
from demo.grading import Problem, Progress, grade
from demo.ids import Randomness, make_name

PASS_PERCENT = 60


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How a learner stands in a course."""

    earned: float
    points: float
    done: frozenset[int]
    """The numbers of the units whose problems are all answered for good."""

    @property
    def percent(self) -> int:
        """Points earned, in whole percent, rounded down."""
        return int(100 * self.earned / self.points) if self.points else 0

    @property
    def passed(self) -> bool:
        """Whether it is enough for a certificate."""
        return self.percent >= PASS_PERCENT


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """Proof that a learner passed a course."""

    id: str
    learner: str
    course: str
    percent: int
    issued: int
    shared: bool


def enrol(store: sqlite3.Connection, learner: str, course: Course, *, now: int) -> bool:
    """Enrol; false if the learner was enrolled already."""
    done = store.execute(
        "insert or ignore into enrolment values (?, ?, ?)", (learner, course.key, now)
    )
    return done.rowcount == 1


def leave(store: sqlite3.Connection, learner: str, course: Course) -> bool:
    """End an enrolment; false if there was none. Answers and certificates stay."""
    done = store.execute(
        "delete from enrolment where learner = ? and course = ?", (learner, course.key)
    )
    return done.rowcount == 1


def is_enrolled(store: sqlite3.Connection, learner: str, course: Course) -> bool:
    """Whether the learner is enrolled now."""
    found = store.execute(
        "select 1 from enrolment where learner = ? and course = ?", (learner, course.key)
    )
    return found.fetchone() is not None


def enrolled_keys(store: sqlite3.Connection, learner: str) -> set[str]:
    """The keys of all courses that the learner is enrolled in."""
    rows = store.execute("select course from enrolment where learner = ?", (learner,))
    return {row["course"] for row in rows}


def find_progress(store: sqlite3.Connection, learner: str, course: Course) -> dict[str, Progress]:
    """How the learner stands with each problem they touched, by its id."""
    rows = store.execute(
        "select * from answer where learner = ? and course = ?", (learner, course.key)
    )
    return {row["problem"]: _as_progress(row) for row in rows}


def submit(
    store: sqlite3.Connection,
    learner: str,
    course: Course,
    problem: Problem,
    given: Sequence[str],
) -> Progress:
    """Grade an answer and keep it; the best points so far stand. Within a transaction."""
    earned = grade(problem, given)
    store.execute(
        "insert into answer (learner, course, problem, attempts, given, earned)"
        " values (?, ?, ?, 1, ?, ?) on conflict do update set"
        " attempts = attempts + 1, given = excluded.given,"
        " earned = max(earned, excluded.earned)",
        (learner, course.key, problem.id, json.dumps(list(given)), earned),
    )
    return find_progress(store, learner, course)[problem.id]


def mark_shown(store: sqlite3.Connection, learner: str, course: Course, problem: Problem) -> None:
    """Note that the learner saw the answer; no further attempt is taken."""
    store.execute(
        "update answer set shown = 1 where learner = ? and course = ? and problem = ?",
        (learner, course.key, problem.id),
    )


def find_standing(store: sqlite3.Connection, learner: str, course: Course) -> Standing:
    """Points and finished units of the learner in the course."""
    progress = find_progress(store, learner, course)
    return Standing(
        earned=sum(one.earned for one in progress.values()),
        points=course.points,
        done=frozenset(u.number for u in course.units if _is_done(u, progress)),
    )


def issue_certificate(
    store: sqlite3.Connection,
    learner: str,
    course: Course,
    percent: int,
    *,
    now: int,
    randomness: Randomness,
) -> bool:
    """Issue the learner's certificate; false if there was one already, which stays as it is."""
    done = store.execute(
        "insert or ignore into certificate (id, learner, course, percent, issued)"
        " values (?, ?, ?, ?, ?)",
        (make_name(randomness, 10), learner, course.key, percent, now),
    )
    return done.rowcount == 1


def find_certificates(store: sqlite3.Connection, learner: str) -> dict[str, Certificate]:
    """The learner's certificates by the course's key."""
    rows = store.execute("select * from certificate where learner = ?", (learner,))
    return {row["course"]: _as_certificate(row) for row in rows}


def find_certificate(store: sqlite3.Connection, certificate_id: str) -> Certificate | None:
    """The certificate of that id, or none."""
    row = store.execute("select * from certificate where id = ?", (certificate_id,)).fetchone()
    return None if row is None else _as_certificate(row)


def share_certificate(store: sqlite3.Connection, certificate: Certificate, *, shared: bool) -> None:
    """Let everybody who has its address see the certificate, or nobody but its learner."""
    store.execute("update certificate set shared = ? where id = ?", (shared, certificate.id))


def _is_done(unit: Unit, progress: dict[str, Progress]) -> bool:
    return bool(unit.problems) and all(
        (one := progress.get(problem.id)) is not None
        and (one.earned >= problem.points or one.shown or one.attempts >= problem.attempts)
        for problem in unit.problems
    )


def _as_progress(row: sqlite3.Row) -> Progress:
    return Progress(
        attempts=row["attempts"],
        given=tuple(json.loads(row["given"])),
        earned=row["earned"],
        shown=bool(row["shown"]),
    )


def _as_certificate(row: sqlite3.Row) -> Certificate:
    return Certificate(**{**dict(row), "shared": bool(row["shared"])})
