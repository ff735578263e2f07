"""Acts of a few accounts on problems, written straight into a lake, second by second."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa

from privet.catalogue.uses import Use
from privet.events.lake import default_lake
from privet.events.schema import lake_schema
from privet.integrity.findings import SUPPORTING, Finding, find_rows, to_finding
from privet.integrity.models import CourseThresholds
from privet.integrity.pipeline import Report, Wanted, run_detectors
from privet.integrity.rules import Pair
from privet.kernel.ids import event_id_from

COURSE = "course-v1:Hedge+H101+2026"
OTHER_COURSE = "course-v1:Hedge+H102+2026"
MONDAY = datetime(2026, 10, 5, 18, tzinfo=UTC)
NOW = datetime(2026, 12, 1, tzinfo=UTC)
ALICE, BOB, CAROL, MALLORY = 1001, 1002, 1003, 1004
HOME, ELSEWHERE = 77, 88
USES = int(Use.INSTRUCTION | Use.INTEGRITY | Use.ANALYTICS)


@dataclass
class Scene:
    """Collects acts, then puts them into the lake in one commit."""

    rows: list[dict[str, Any]] = field(default_factory=list)

    def act(
        self, who: int, name: str, problem: str, *, day: int, second: float, address: int = HOME,
        received_after: float = 1.0, country: str = "GB", kind: str = "residential",
        asn: int = 1, browser: str | None = "Firefox 128", system: str | None = "Linux",
        device: str | None = None, **detail: object,
    ) -> None:  # fmt: skip
        """Somebody did something so many seconds after six in the evening of a day."""
        moment = MONDAY + timedelta(days=day, seconds=second)
        number = len(self.rows) + 1
        self.rows.append(
            {
                "event_id": event_id_from(int(moment.timestamp() * 1000), number).bytes,
                "day": moment.date(), "time": moment,
                "received": moment + timedelta(seconds=received_after),
                "source": "api:hedgerow", "site": "hedgerow", "institution": "hedge",
                "course": COURSE, "name": name, "object": problem, "page_path": "",
                "subject": who, "session": who, "uses": USES,
                "address_token": address or None, "network_token": address or None,
                "key_id": 1 if address else None, "country": country, "network_kind": kind,
                "asn": asn, "browser": browser, "os": system,
                "device": device,
                "detail": json.dumps({"problem_id": problem} | detail),
            }
        )  # fmt: skip

    def shows(self, who: int, problem: str, *, day: int, second: float, **where: Any) -> None:
        """Somebody has an answer shown."""
        self.act(who, "showanswer", problem, day=day, second=second, **where)

    def submits(
        self, who: int, problem: str, *, day: int, second: float, right: bool = True,
        attempts: int = 1, answer: str = "a", **where: Any,
    ) -> None:  # fmt: skip
        """Somebody submits an answer."""
        self.act(
            who, "problem_check", problem, day=day, second=second, attempts=attempts,
            success="correct" if right else "incorrect", answers={problem: answer}, **where,
        )  # fmt: skip

    def signs_in(
        self, who: int, *, day: int, second: float, outcome: str = "success", **where: Any
    ) -> None:
        """Somebody signs in, or tries to."""
        self.act(who, "login", "", day=day, second=second, outcome=outcome, **where)

    def crowd(self, problems: Sequence[str], *, people: int = 40) -> None:
        """Others work on the same problems, each at a time of their own, half right at once."""
        for person in range(people):
            for number, problem in enumerate(problems):
                second = 600.0 * person + 97 * number
                right = (person + number) % 2 == 0
                here = {"day": number % 7, "address": 5000 + person}
                self.submits(9000 + person, problem, second=second, right=right, **here)
                if not right:
                    self.submits(9000 + person, problem, second=second + 40, attempts=2, **here)

    def copies(
        self, problems: Sequence[str], *, lag: float = 20.0, harvester: int = MALLORY,
        master: int = ALICE, harvester_at: int = HOME, master_at: int = HOME,
    ) -> None:  # fmt: skip
        """The harvester has each answer shown, one a day, and the master submits it."""
        for number, problem in enumerate(problems):
            day, second = number % 7, 100_000.0 % 7200 + 200 * number
            self.shows(harvester, problem, day=day, second=second, address=harvester_at)
            self.submits(master, problem, day=day, second=second + lag, address=master_at)

    def same_in(self, course: str) -> None:
        """All of it happens in another course as well."""
        self.rows += [
            row | {"course": course, "event_id": bytes(reversed(row["event_id"]))}
            for row in self.rows
        ]

    def load(self) -> None:
        """Put all of it into the lake."""
        schema = lake_schema()
        default_lake().append(pa.Table.from_pylist(self.rows, schema=schema))
        self.rows = []


PROBLEMS = [f"p{number:02d}" for number in range(14)]


def run(**wanted: Any) -> Report:
    """Run the detectors up to the end of the scene."""
    asked = Wanted(**wanted)
    return run_detectors(asked, lake=default_lake(), by="test", now=NOW)


def findings(preset: str = "usual", *, supporting: bool = False) -> list[Finding]:
    """What is kept, by detector: what may open a case, or what only supports one."""
    found = (to_finding(row) for row in find_rows(preset=preset))
    return sorted(
        (one for one in found if (one.kind in SUPPORTING) is supporting), key=lambda f: f.kind
    )


def spoil(course: str) -> CourseThresholds:
    """Let looking at a course fail: what an older version set for it is not known any more."""
    return CourseThresholds.objects.create(
        course=course, values={"gone": 1.0}, why="Long ago.", saved=NOW, act=1
    )


def day_of(number: int) -> date:
    """The UTC day of a scene's day."""
    return (MONDAY + timedelta(days=number)).date()


def rounded(pair: Pair) -> Pair:
    """Sums of fractions differ in their last digits from one reading to the next."""
    values = {field.name: getattr(pair, field.name) for field in fields(pair)}
    fractions = {name: round(one, 9) for name, one in values.items() if isinstance(one, float)}
    return replace(pair, **fractions)
