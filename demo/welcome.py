"""The box that the demo prints: one address, and who can sign in where."""

from collections.abc import Sequence
from pathlib import Path

from demo.home import Person

STAFF_ROLES = {
    "analyst": "analyst",
    "tutor": "tutor",
    "privacy_officer": "privacy officer",
    "integrity_officer": "integrity officer",
    "member": "member institution",
    "operator": "operator",
}
_SHOWN_LEARNERS = 3


def say_welcome(url: str, people: Sequence[Person], home: Path) -> str:
    """The box as text."""
    staff = [person for person in people if person.role in STAFF_ROLES]
    learners = [person for person in people if person.role not in STAFF_ROLES][:_SHOWN_LEARNERS]
    lines = [
        "Hedgerow Courses, with Privet, is running at",
        "",
        f"    {url}",
        "",
        f"Learners sign in at {url}/sign-in (or sign up there)",
        *_table([(p.role, p.email, p.password) for p in learners]),
        "",
        f"Staff sign in at {url}/console/",
        *_table([(STAFF_ROLES[p.role], p.email, p.password) for p in staff]),
        "",
        "What to try first: docs/tutorial/first-hour.md",
        f"All of it lies in {home}",
        "Ctrl-C stops it; “make demo” starts it again where it was.",
    ]
    return _frame(lines)


def _table(rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return [
        "    " + "   ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _frame(lines: Sequence[str]) -> str:
    width = max(len(line) for line in lines)
    middle = [f"│  {line.ljust(width)}  │" for line in lines]
    edge = "─" * (width + 4)
    return "\n".join([f"╭{edge}╮", *middle, f"╰{edge}╯"])
