"""What the gate costs for one event: the person's standing is looked up and the gate is asked.

The pipeline asks once for all events of one name in a batch; here every event asks anew, so that
the figure is the most that an event can cost.
"""

import secrets
import time
from itertools import product
from statistics import median

from privet.catalogue.registry import EVENTS
from privet.collector.gate import decide
from privet.consent.rules import ALL_CHOICES, Standing, uses_of_choices

_PEOPLE = 100_000
_ROUNDS = 30
_EVENTS_A_ROUND = 5_000


def gate_microseconds() -> float:
    """Microseconds of processor time for one event; the median of some rounds."""
    standings = _standings()
    people = {secrets.token_bytes(16): standings[n % len(standings)] for n in range(_PEOPLE)}
    asked = list(zip(_names(), people, strict=False))
    return round(median(_round(asked, people) for _ in range(_ROUNDS)), 2)


def _names() -> list[str]:
    names = list(EVENTS)
    return [names[n % len(names)] for n in range(_EVENTS_A_ROUND)]


def _standings() -> list[Standing]:
    """What people may have said: every choice yes or no, with and without GPC."""
    said = range(int(ALL_CHOICES) + 1)
    return [
        Standing(uses=int(uses_of_choices(type(ALL_CHOICES)(c))), choices=c, decided=True, gpc=gpc)
        for c, gpc in product(said, (False, True))
    ]


def _round(asked: list[tuple[str, bytes]], people: dict[bytes, Standing]) -> float:
    began = time.thread_time()
    for name, key in asked:
        decide(name, people[key], False, False)
    return (time.thread_time() - began) / len(asked) * 1e6
