"""People who are alone with their account and do once more, elsewhere, what they did: what a
detector must leave alone. Revisers go over finished work days later, on a trip or behind a VPN;
late senders have a phone that hands answers in again; some try a thing once more on the phone.

Each of these is given all acts of one learner in a course, and adds to them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from privet.simulate.acts import DAY_MICROS, MICROS, Kind
from privet.simulate.devices import MOBILE, shares
from privet.simulate.parameters import AGAIN
from privet.simulate.randomness import Array, lognormal
from privet.simulate.stories import sign_in
from privet.simulate.visits import VISITS_A_BLOCK

_HOUR = 3600 * MICROS
_OTHER_VISIT = VISITS_A_BLOCK // 2
_SITTING = 1 << 29
_DONE = (Kind.PROBLEM_CHECK, Kind.SHOWANSWER, Kind.LOGIN, Kind.THREAD, Kind.RESPONSE, Kind.COMMENT)


@dataclass(frozen=True, kw_only=True)
class Reviser:
    """How one person goes over their work."""

    address: int
    """Abroad, or a VPN's exit."""
    device: int
    """-1 if they take the one that they always use."""
    knows: float
    """The chance that a problem solved before is right at once."""


def make_reviser(random: np.random.Generator, *, address: int, device: int) -> Reviser:
    """Draw somebody's habits; ``device`` is the other one that they could take."""
    takes_other = random.random() < AGAIN.on_another_device
    return Reviser(
        address=address, device=device if takes_other else -1,
        knows=float(random.uniform(*AGAIN.still_knows)),
    )  # fmt: skip


Trips = tuple[tuple[int, int], ...]
"""When each trip crosses the border, out and back, in microseconds since 1970 UTC."""


def plan_trips(random: np.random.Generator, *, first: int, last: int, way_hours: float) -> Trips:
    """Somebody's trips between two moments; there are days at home between two of them."""
    found: list[tuple[int, int]] = []
    starts = random.uniform(first, last, int(random.integers(1, AGAIN.most_trips + 1)))
    for leaves in sorted(starts.astype(np.int64).tolist()):
        returns = leaves + int(random.uniform(*AGAIN.trip_days) * DAY_MICROS)
        if not found or leaves > found[-1][1] + 2 * way_hours * _HOUR + DAY_MICROS:
            found.append((leaves, returns))
    return tuple(found)


def go_on_trips(acts: Array, *, trips: Trips, who: Reviser, way_hours: float) -> Array:
    """What was to be done in the days of a trip is done there, and nothing on the way."""
    found = acts.copy()
    for leaves, returns in trips:
        is_abroad = (found["time"] >= leaves) & (found["time"] < returns)
        found["address"][is_abroad] = who.address
        if who.device >= 0:
            found["device"][is_abroad] = who.device
    kept: Array = found[~_is_on_a_way(found, trips, int(way_hours * _HOUR))]
    return kept


def revise_on_trips(
    random: np.random.Generator, acts: Array, *, trips: Trips, who: Reviser, way_hours: float
) -> Array:
    """Trips abroad, on which new work goes on and finished work is gone over."""
    found = go_on_trips(acts, trips=trips, who=who, way_hours=way_hours)
    way = int(way_hours * _HOUR)
    for place, (leaves, returns) in enumerate(trips):
        abroad = (leaves + way, returns - way)
        more = [_sit_on_trip(random, found, abroad, who) for _ in range(random.integers(1, 4))]
        if random.random() < AGAIN.once_more_at_home:
            leaves_again = trips[place + 1][0] - way if place + 1 < len(trips) else None
            more.append(_sit_at_home(random, found, acts, (returns + way, leaves_again), who))
        found = np.concatenate([found, *more])
    kept: Array = found[~_is_on_a_way(found, trips, way)]
    return kept


def _is_on_a_way(acts: Array, trips: Trips, way: int) -> Array:
    """Nothing is done on the way."""
    found = np.zeros(len(acts), bool)
    for border in (moment for trip in trips for moment in trip):
        found |= np.abs(acts["time"] - border) < way
    return found & np.isin(acts["kind"], _DONE)


def _sit_on_trip(
    random: np.random.Generator, acts: Array, abroad: tuple[int, int], who: Reviser
) -> Array:
    """An hour abroad, by itself or in between new work."""
    start = int(random.uniform(*abroad)) if abroad[1] > abroad[0] else abroad[0]
    there = acts[(acts["time"] > abroad[0]) & (acts["time"] < abroad[1]) & (acts["unit"] > 0)]
    if len(there) and random.random() < AGAIN.in_between:
        start = int(random.choice(there["time"]))
    return _go_over(random, _solved(acts, before=start), start, abroad[1], who)


def _sit_at_home(
    random: np.random.Generator, acts: Array, usual: Array, at_home: tuple[int, int | None],
    who: Reviser,
) -> Array:  # fmt: skip
    """Back at home, once more what was done before."""
    back, leaves = at_home
    start = back + int(random.uniform(0, 3) * DAY_MICROS)
    until = min(start + DAY_MICROS, leaves or start + DAY_MICROS)
    found = _go_over(random, _solved(acts, before=start), start, until, who)
    home = usual[np.argmin(np.abs(usual["time"] - start))]
    found["address"], found["device"] = home["address"], home["device"]
    return found


def revise_behind_vpn(random: np.random.Generator, acts: Array, *, who: Reviser) -> Array:
    """Visits are gone over the same evening or days later, with a VPN or a relay switched on.

    Some do so in between the new work of another visit. Of one device all goes through the VPN.
    """
    found = acts.copy()
    often = random.uniform(*AGAIN.visits_gone_over)
    visits = np.unique(acts["visit"][acts["unit"] > 0])
    more = []
    for visit in visits[random.random(len(visits)) < often].tolist():
        here = acts[acts["visit"] == visit]
        start = _when_to_revise(random, acts, here)
        again = _go_over(random, _solved(here, before=start), start, start + DAY_MICROS, who)
        if who.device < 0 and len(again):
            during = (found["time"] >= start) & (found["time"] <= again["time"].max())
            found["address"][during] = who.address
        more.append(again)
    return np.concatenate([found, *more])


def _when_to_revise(random: np.random.Generator, acts: Array, here: Array) -> int:
    ends = int(here["time"].max())
    if random.random() < AGAIN.same_evening:
        return ends + int(random.uniform(*AGAIN.evening_seconds) * MICROS)
    later = acts["time"][(acts["time"] > ends + _HOUR) & (acts["kind"] == Kind.PROBLEM_CHECK)]
    if len(later) and random.random() < AGAIN.in_between:
        return int(random.choice(later))
    days = int(random.integers(1, 7)) * DAY_MICROS
    return ends + days + int(random.normal(0, 2) * _HOUR)


def hand_in_late(
    random: np.random.Generator, acts: Array, *, address: int, phone: int, days: Array
) -> Array:
    """On some days the phone's network is bad: answers given there are given again at the computer,
    and the phone hands them in once more when it can.

    It does so with all at once, or by a timer of each; the moment may be the next morning.
    """
    more = []
    for day in np.unique(days).tolist():
        here = acts[(days == day) & (acts["kind"] == Kind.PROBLEM_CHECK)]
        if not len(here) or random.random() > AGAIN.bad_days:
            continue
        count = min(len(here), int(random.geometric(AGAIN.stuck_again)))
        stuck = here[np.sort(random.permutation(len(here))[:count])]
        arrived = random.random(count) < AGAIN.had_arrived
        earlier = lognormal(random, AGAIN.tries_computer_seconds, 0.6, count)
        more.append(_on_phone(stuck[arrived], -earlier[arrived], address, phone, 0))
        more.append(_on_phone(stuck, _late_seconds(random, stuck), address, phone, 1))
    return np.concatenate([acts, *more])


def _late_seconds(random: np.random.Generator, stuck: Array) -> Array:
    """How long after each answer the phone hands it in."""
    if random.random() >= AGAIN.all_at_once:
        return lognormal(random, AGAIN.late_seconds, AGAIN.late_sigma, len(stuck))
    wait = float(lognormal(random, AGAIN.late_seconds, AGAIN.late_sigma, 1)[0])
    if random.random() < AGAIN.next_morning:
        wait = float(random.uniform(6, 14)) * 3600
    moment = int(stuck["time"].max()) + int(wait * MICROS)
    apart = np.cumsum(random.uniform(0.2, 2.0, len(stuck)))
    found: Array = (moment - stuck["time"]) / MICROS + apart
    return found


def try_once_more(random: np.random.Generator, acts: Array, *, address: int, phone: int) -> Array:
    """In some visits a solved problem is tried once more on the phone, while the computer is on.

    Within minutes, or later on; out of curiosity, so as often wrong as not.
    """
    more = []
    for visit in np.unique(acts["visit"][acts["unit"] > 0]).tolist():
        here = _solved(acts[acts["visit"] == visit])
        if not len(here) or random.random() > AGAIN.curious_visits:
            continue
        count = min(len(here), 1 + int(random.poisson(AGAIN.more_of_them)))
        tried = here[np.sort(random.permutation(len(here))[:count])]
        soon = lognormal(random, AGAIN.curious_seconds, 0.8, count)
        later = random.uniform(1, 30, count) * 3600
        wait = np.where(random.random(count) < AGAIN.within_minutes, soon, later)
        found = _on_phone(tried, wait, address, phone, 1)
        found["b"] = random.random(count) < AGAIN.right_again
        more.append(found)
    return np.concatenate([acts, *more])


def choose_phone(random: np.random.Generator) -> int:
    """A phone, by how common each is."""
    weight = shares() * MOBILE
    return int(random.choice(len(weight), p=weight / weight.sum()))


def _on_phone(acts: Array, seconds: Array, address: int, phone: int, more: int) -> Array:
    found: Array = acts.copy()
    found["time"] += (seconds * MICROS).astype(np.int64)
    found["address"], found["device"] = address, phone
    found["visit"] += _OTHER_VISIT
    found["a"] += more
    return found


def _solved(acts: Array, *, before: int | None = None) -> Array:
    """The first right answer to each problem, by time, of those given before a moment."""
    right = acts[(acts["kind"] == Kind.PROBLEM_CHECK) & (acts["b"] == 1)]
    right = right[np.argsort(right["time"], kind="stable")]
    if before is not None:
        right = right[right["time"] < before]
    _, first = np.unique(right["item"], return_index=True)
    found: Array = right[np.sort(first)]
    return found


def _go_over(
    random: np.random.Generator, solved: Array, start: int, until: int, who: Reviser
) -> Array:
    """Some of the units solved last, problem by problem; what was forgotten is tried anew."""
    units = np.unique(solved["unit"])[-int(random.integers(1, AGAIN.most_units + 1)) :]
    chosen = solved[np.isin(solved["unit"], units)]
    chosen = chosen[random.random(len(chosen)) < random.uniform(*AGAIN.items_gone_over)]
    found = np.concatenate([*_attempts(random, chosen, start, who), chosen[:0]])
    if len(found) and random.random() < AGAIN.signs_in:
        found = np.concatenate([found, sign_in(random, found)])
    kept: Array = found[found["time"] < until]
    return kept


def _attempts(
    random: np.random.Generator, chosen: Array, start: int, who: Reviser
) -> Iterator[Array]:
    moment = float(start)
    for place in range(len(chosen)):
        one = chosen[place : place + 1].copy()
        one["visit"] = one["visit"] % _SITTING + _SITTING
        one["address"] = who.address
        if who.device >= 0:
            one["device"] = who.device
        moment += float(lognormal(random, AGAIN.gap_seconds, AGAIN.gap_sigma, 1)[0]) * MICROS
        for attempt in range(AGAIN.most_attempts):
            one["time"], one["a"] = int(moment), one["a"] + 1
            one["b"] = random.random() < min(0.98, who.knows + 0.1 * attempt)
            yield one.copy()
            if one["b"][0]:
                break
            moment += float(lognormal(random, AGAIN.retry_seconds, AGAIN.gap_sigma, 1)[0]) * MICROS


def count_days(acts: Array) -> int:
    """On how many days something solved in one place was answered again from another."""
    checks = acts[acts["kind"] == Kind.PROBLEM_CHECK]
    checks = checks[np.argsort(checks["time"], kind="stable")]
    solved: dict[int, int] = {}
    days = set()
    for item, address, is_right, time in zip(
        checks["item"].tolist(), checks["address"].tolist(), checks["b"].tolist(),
        checks["time"].tolist(), strict=True,
    ):  # fmt: skip
        if solved.get(item, address) != address:
            days.add(time // DAY_MICROS)
        if is_right:
            solved.setdefault(item, address)
    return len(days)
