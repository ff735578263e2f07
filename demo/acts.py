"""What the platform reports to Privet: acts of its learners, written into the outbox.

The names and fields are those of Privet's catalogue, which took them from Open edX. Each act is
written in the transaction of what it reports, so that neither exists without the other.
"""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from demo.content import Course, Unit
from demo.grading import Problem, Progress
from demo.ids import Randomness, make_event_id


@dataclass(frozen=True, kw_only=True)
class Act:
    """One thing that a learner did on the server."""

    name: str
    data: Mapping[str, Any]
    course: Course | None = None
    object: str = ""


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who did it, from where, as the platform saw them."""

    learner: str
    ip: str
    agent: str
    page: str


def report(
    store: sqlite3.Connection, act: Act, actor: Actor, *, now: int, randomness: Randomness
) -> str:
    """Put an act into the outbox; returns its event id. ``now`` in milliseconds since 1970."""
    event_id = make_event_id(now, randomness)
    event = {
        "id": event_id,
        "name": act.name,
        "time": now,
        "user": actor.learner,
        "ip": actor.ip,
        "agent": actor.agent,
        "page": actor.page,
        "object": act.object,
        "course": act.course.key if act.course else "",
        "institution": act.course.institution.slug if act.course else "",
        "data": act.data,
    }
    store.execute("insert into outbox (id, event) values (?, ?)", (event_id, json.dumps(event)))
    return event_id


def signed_in(outcome: str) -> Act:
    """An attempt to sign in to an account that exists, whether or not it worked."""
    return Act(name="login", data={"method": "password", "outcome": outcome})


def signed_out() -> Act:
    """The end of a session by its learner."""
    return Act(name="logout", data={"method": "button", "outcome": "success"})


def account_created() -> Act:
    """A sign-up."""
    return Act(name="account_created", data={"method": "form", "outcome": "success"})


def settings_changed() -> Act:
    """A change of the profile; what it was is nobody's business but the platform's."""
    return Act(name="settings_changed", data={"method": "form", "outcome": "success"})


def password_changed() -> Act:
    """A new password."""
    return Act(name="password_changed", data={"method": "form", "outcome": "success"})


def enrolled(course: Course) -> Act:
    """An enrolment."""
    return _enrolment("activated", course)


def left(course: Course) -> Act:
    """The end of an enrolment."""
    return _enrolment("deactivated", course)


def answered(
    course: Course, unit: Unit, problem: Problem, given: Sequence[str], progress: Progress
) -> Act:
    """An answer and what it was worth."""
    problem_id = course.usage_key("problem", problem.id)
    right = progress.earned >= problem.points
    question = {"question": problem.question, "answer": list(given), "unit": unit.title}
    return Act(
        name="problem_check",
        course=course,
        object=problem_id,
        data={
            "problem_id": problem_id,
            "grade": progress.earned,
            "max_grade": problem.points,
            "success": "correct" if right else "incorrect",
            "attempts": progress.attempts,
            "answers": {problem.id: list(given)},
            "correct_map": {problem.id: {"correctness": "correct" if right else "incorrect"}},
            "submission": {problem.id: question},
        },
    )


def looked_at_answer(course: Course, problem: Problem) -> Act:
    """A look at the right answer."""
    problem_id = course.usage_key("problem", problem.id)
    return Act(name="showanswer", course=course, object=problem_id, data={"problem_id": problem_id})


def began_thread(course: Course, thread: int, kind: str, body: str) -> Act:
    """A new discussion: that there is one and how long it is, not what it says."""
    return _post("thread", course, thread, kind, body)


def replied(course: Course, thread: int, kind: str, body: str) -> Act:
    """A reply in a discussion."""
    return _post("response", course, thread, kind, body)


def searched(query: str) -> Act:
    """A search for a course."""
    return Act(
        name="edx.course_discovery.search.initiated",
        data={"search_string": query[:200], "page_size": 50, "page_number": 1},
    )


def certificate_issued(course: Course, certificate: str) -> Act:
    """A certificate earned."""
    return _certificate("created", course, certificate)


def certificate_shared(course: Course, certificate: str) -> Act:
    """A certificate that its learner made public."""
    return _certificate("shared", course, certificate)


def _enrolment(what: str, course: Course) -> Act:
    return Act(
        name=f"edx.course.enrollment.{what}",
        course=course,
        object=course.key,
        data={"course_id": course.key, "mode": "audit"},
    )


def _post(what: str, course: Course, thread: int, kind: str, body: str) -> Act:
    data = {"id": str(thread), "category_id": "course", "thread_type": kind, "length": len(body)}
    return Act(
        name=f"edx.forum.{what}.created", course=course, object=f"thread/{thread}", data=data
    )


def _certificate(what: str, course: Course, certificate: str) -> Act:
    return Act(
        name=f"edx.certificate.{what}",
        course=course,
        object=certificate,
        data={
            "course_id": course.key,
            "certificate_id": certificate,
            "enrollment_mode": "audit",
            "generation_mode": "self",
        },
    )
