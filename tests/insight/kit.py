"""Events for the pages of content, and what a query says of them without noise."""

import json
from datetime import date, datetime, timedelta
from typing import Any

from privet.catalogue.uses import Use
from privet.events.lake import Lake, default_lake
from privet.events.query import Scope, query, register_queries
from privet.insight.asking import Question
from privet.insight.rules import Period
from tests.events.rows import ALICE, NOON, TODAY, row, table

register_queries("tests.insight.sql")

COURSE = "course-v1:Hedge+S101+2026"
UNIT = "/courses/s101/units/2"
VIDEO = "block-v1:Hedge+S101+2026+type@video+block@v1"
PROBLEM = "block-v1:Hedge+S101+2026+type@problem+block@p1"
ACTS = int(Use.INSTRUCTION | Use.INTEGRITY | Use.ANALYTICS)
SERVER_ONLY = int(Use.INSTRUCTION | Use.INTEGRITY)
PERIOD = Period(first=TODAY - timedelta(days=30), last=TODAY)
QUESTION = Question(period=PERIOD, scope=Scope(), by="test")
Row = dict[str, Any]


def event(name: str, subject: int = ALICE, *, at: datetime = NOON, **values: Any) -> Row:
    """An event in the unit; ``detail`` is a dictionary."""
    detail = values.pop("detail", {})
    said = {"page_path": UNIT, "course": COURSE, "detail": json.dumps(detail)}
    return row(subject, at=at, name=name, **(said | values))


def video(name: str, second: float, subject: int = ALICE, **values: Any) -> Row:
    """What a player tells: where it is; a move tells from where to where (``to``)."""
    to, length = values.pop("to", None), values.pop("length", 100)
    detail: dict[str, Any] = {"duration": length, "id": VIDEO}
    if name == "seek_video":
        detail |= {"old_time": second, "new_time": to}
    else:
        detail |= {"currentTime": second}
    return event(name, subject, detail=detail, **({"object": VIDEO} | values))


def check(grade: float, subject: int = ALICE, *, answer: str = "a", **values: Any) -> Row:
    """An answer that was graded, out of 2 points."""
    detail = {
        "problem_id": values.get("object", PROBLEM), "grade": grade, "max_grade": 2,
        "success": "correct" if grade == 2 else "incorrect", "answers": {"p1_2_1": answer},
    }  # fmt: skip
    return event(
        "problem_check", subject, detail=detail, **({"object": PROBLEM, "uses": ACTS} | values)
    )


def enrol(subject: int = ALICE, **values: Any) -> Row:
    """An enrolment."""
    said = {"detail": {"mode": "audit"}, "uses": ACTS} | values
    return event("edx.course.enrollment.activated", subject, **said)


def keep(*rows: Row) -> None:
    """Put rows into the installation's lake."""
    default_lake().append(table(*rows))


def exact(name: str, *, lake: Lake | None = None, **params: Any) -> list[Row]:
    """What a query finds, without noise."""
    said = {"start": PERIOD.first, "end": PERIOD.last, "institution": "", "course": ""}
    result = query(
        name, use=Use.ANALYTICS, scope=Scope(), by="test", lake=lake, **_only(name, said | params)
    )
    return [dict(zip(result.columns, found, strict=True)) for found in result.rows]


def days_ago(number: int) -> datetime:
    """Noon so many days before the period's last."""
    return NOON - timedelta(days=number)


def day_ago(number: int) -> date:
    """The day of `days_ago`."""
    return days_ago(number).date()


def _only(name: str, params: dict[str, Any]) -> dict[str, Any]:
    from privet.events.statements import find_statement

    wanted = find_statement(name).parameters
    return {key: value for key, value in params.items() if key in wanted}
