"""Brings the shipped tracking log up to date: its last day becomes yesterday."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

SHIPPED = Path(__file__).parent / "data" / "tracking.log"
_DAY = re.compile(r"\b20\d\d-\d\d-\d\d(?=[T ]\d\d:\d\d:\d\d)")


def move_to(last_day: date, target: Path, source: Path = SHIPPED) -> None:
    """Write the log with all its times moved by whole days, so that it ends on ``last_day``."""
    text = source.read_text("utf-8")
    newest = max(date.fromisoformat(day) for day in _DAY.findall(text))
    by = last_day - newest

    def move(found: re.Match[str]) -> str:
        return (date.fromisoformat(found[0]) + by).isoformat()

    target.write_text(_DAY.sub(move, text), "utf-8")


def yesterday() -> date:
    """The UTC day before this one."""
    return datetime.now(UTC).date() - timedelta(days=1)
