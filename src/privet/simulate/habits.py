"""People who are alone with their account and yet seen in two places: what a detector must leave
alone. Commuters work at two lines with two devices, travellers take theirs abroad, and who uses a
VPN is in another country from one moment to the next, whether or not it is known for one. Some have
a phone beside their computer, and some a router with two lines.

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


def take_turns(random: np.random.Generator, acts: Array, *, address: int, device: int) -> Array:
    """At the computer and on a phone by turns; some go over what they solved, on the phone."""
    found = acts.copy()
    again = []
    for here in _visits(random, acts):
        on_phone = np.cumsum(random.random(len(here)) < HABITS.other_device) % 2 == 1
        found["address"][here[on_phone]] = address
        found["device"][here[on_phone]] = device
        if random.random() < HABITS.goes_over_it:
            again.append(_gone_over(random, acts[here], address, device))
    return np.concatenate([found, *again])


def _gone_over(random: np.random.Generator, acts: Array, address: int, device: int) -> Array:
    found: Array = acts[(acts["kind"] == Kind.PROBLEM_CHECK) & (acts["b"] == 1)].copy()
    steps = np.cumsum(random.uniform(10, 60, len(found))) + random.uniform(30, 600)
    found["time"] = acts["time"].max() + (steps * MICROS).astype(np.int64)
    found["address"], found["device"] = address, device
    found["a"] += 1
    return found


def flap(random: np.random.Generator, acts: Array, *, address: int) -> Array:
    """A router sends each act by one of two lines, and some submissions by both."""
    found = acts.copy()
    again = []
    for here in _visits(random, acts):
        home = int(acts["address"][here[0]])
        by_other = random.random(len(here)) < 0.5
        found["address"][here[by_other]] = address
        twice = random.random(len(here)) < HABITS.sent_twice
        twice &= acts["kind"][here] == Kind.PROBLEM_CHECK
        more = found[here[twice]].copy()
        more["address"] = np.where(by_other[twice], home, address)
        more["time"] += (random.uniform(0.5, 30, len(more)) * MICROS).astype(np.int64)
        more["a"] += 1
        again.append(more)
    return np.concatenate([found, *again])


def _visits(random: np.random.Generator, acts: Array) -> Iterator[Array]:
    """The places of the acts of some visits, by time."""
    for first, second in _halves(random, acts):
        yield np.concatenate([first, second])


def _halves(random: np.random.Generator, acts: Array) -> Iterator[tuple[Array, Array]]:
    """The places of somebody's acts before and after the middle of some of their visits."""
    for visit in np.unique(acts["visit"][acts["unit"] > 0]).tolist():
        here = np.flatnonzero(acts["visit"] == visit)
        here = here[np.argsort(acts["time"][here], kind="stable")]
        if len(here) > 1 and random.random() < HABITS.share_of_visits:
            yield here[: len(here) // 2], here[len(here) // 2 :]
