"""People who are alone with their account and yet seen in two places: what a detector must leave
alone. Commuters work at two lines with two devices, travellers take theirs abroad, and who uses a
VPN is in another country from one moment to the next, whether or not it is known for one.

Each of these is given all acts of one learner in a course.
"""

from collections.abc import Iterator

import numpy as np

from privet.simulate.acts import DAY_MICROS, MICROS, Kind
from privet.simulate.parameters import HABITS
from privet.simulate.randomness import Array, lognormal
from privet.simulate.visits import VISITS_A_BLOCK

_OTHER_VISIT = VISITS_A_BLOCK // 2
_HOUR = 3600 * MICROS


def commute(random: np.random.Generator, acts: Array, *, address: int, device: int) -> Array:
    """Some visits begin at work, on the device there, and go on at home after the way back."""
    found = acts.copy()
    begun = []
    for first, _ in _halves(random, acts):
        way = max(180.0, float(lognormal(random, HABITS.way_seconds, 0.6, 1)[0]))
        begun.append(_moved(found, first, int(way * MICROS), address, device))
    return np.concatenate([found, *begun]) if begun else found


def _moved(acts: Array, places: Array, earlier: int, address: int, device: int) -> Array:
    """Acts at another place at an earlier time; returns the sign-in there."""
    acts["time"][places] -= earlier
    acts["address"][places] = address
    acts["device"][places] = device
    acts["visit"][places] += _OTHER_VISIT
    sign_in = acts[places[:1]].copy()
    sign_in["time"] -= 5 * MICROS
    sign_in["kind"] = Kind.LOGIN
    for name in ("item", "a", "b", "unit"):
        sign_in[name] = 0
    sign_in["course"] = -1
    return sign_in


def travel(random: np.random.Generator, acts: Array, *, address: int) -> Array:
    """Some days abroad, again and again; nothing is done on the way."""
    found = acts.copy()
    on_the_way = np.zeros(len(acts), bool)
    low, high = int(acts["time"].min()), int(acts["time"].max())
    for leaves in random.uniform(low, high + 1, HABITS.trips).astype(np.int64).tolist():
        returns = leaves + int(random.uniform(2, 10) * DAY_MICROS)
        found["address"][(acts["time"] >= leaves) & (acts["time"] < returns)] = address
        for moment in (leaves, returns):
            on_the_way |= np.abs(acts["time"] - moment) < HABITS.way_hours * _HOUR
    kept: Array = found[~(on_the_way & np.isin(acts["kind"], _WORK))]
    return kept


_WORK = (Kind.PROBLEM_CHECK, Kind.SHOWANSWER, Kind.LOGIN, Kind.THREAD, Kind.RESPONSE, Kind.COMMENT)


def tunnel(random: np.random.Generator, acts: Array, *, address: int) -> Array:
    """In the middle of some visits a VPN is switched on."""
    found = acts.copy()
    for _, second in _halves(random, acts):
        found["address"][second] = address
    return found


def _halves(random: np.random.Generator, acts: Array) -> Iterator[tuple[Array, Array]]:
    """The places of somebody's acts before and after the middle of some of their visits."""
    for visit in np.unique(acts["visit"][acts["unit"] > 0]).tolist():
        here = np.flatnonzero(acts["visit"] == visit)
        here = here[np.argsort(acts["time"][here], kind="stable")]
        if len(here) > 1 and random.random() < HABITS.share_of_visits:
            yield here[: len(here) // 2], here[len(here) // 2 :]
