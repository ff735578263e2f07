"""Counters as Prometheus reads them (text format 0.0.4); nothing in them is about a person."""

from collections.abc import Mapping
from typing import NamedTuple

ACCEPTED = "accepted"
DROPPED = "dropped"
FIELD = "field"
REFUSED = "refused"
REQUESTS = "requests"
TYPE = b"text/plain; version=0.0.4; charset=utf-8"
_HELP = {
    ACCEPTED: "Events stored durably.",
    DROPPED: "Events that the gate dropped, by reason.",
    FIELD: "Fields that were dropped from stored events, by reason.",
    REFUSED: "Requests that were refused whole, by reason.",
    REQUESTS: "Requests for storing events.",
}


class Gauge(NamedTuple):
    """A value of this moment."""

    value: float
    says: str


def render(counters: Mapping[str, int], gauges: Mapping[str, Gauge]) -> bytes:
    """Counters named ``kind`` or ``kind:reason``, and gauges by their whole name, as text."""
    lines: list[str] = []
    for kind, says in _HELP.items():
        name = f"privet_collector_{kind}_total"
        lines += [f"# HELP {name} {says}", f"# TYPE {name} counter"]
        lines += [f"{name}{label} {n}" for label, n in _labelled(counters, kind)]
    for name, (value, says) in gauges.items():
        lines += [f"# HELP {name} {says}", f"# TYPE {name} gauge", f"{name} {value!r}"]
    return ("\n".join(lines) + "\n").encode()


def _labelled(counters: Mapping[str, int], kind: str) -> list[tuple[str, int]]:
    found = []
    for key, number in sorted(counters.items()):
        head, _, reason = key.partition(":")
        if head == kind:
            found.append((f'{{reason="{reason}"}}' if reason else "", number))
    return found
