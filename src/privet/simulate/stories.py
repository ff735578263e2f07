"""Rewrites a course's acts where somebody's story says so: copying, sharing, helping, lockstep.

Each story has a stream of its own, so that it comes out the same in whichever block it is told.
"""

from collections.abc import Callable, Iterator

import numpy as np

from privet.simulate.acts import MICROS, Kind
from privet.simulate.parameters import CHEATING, COMPANY
from privet.simulate.plots import Cheat, Company, Mode, Shared, SharedAccount
from privet.simulate.population import Population
from privet.simulate.randomness import Array, lognormal
from privet.simulate.second import work_oneself
from privet.simulate.tally import Tally
from privet.simulate.visits import VISITS_A_BLOCK

_OFFICE = (Kind.ACCOUNT, Kind.ENROLLED, Kind.UNENROLLED, Kind.MODE_CHANGED, Kind.CERTIFICATE,
           Kind.CERTIFICATE_SHARED)  # fmt: skip
_DAY = 86_400 * MICROS
_OTHER_VISIT = VISITS_A_BLOCK // 2
_AGAIN = 1 << 30
_CLASS_SLOTS = 16

Place = Callable[[Array, Array], Array]
"""From learners and moments to addresses."""


class Teller:
    """Tells the stories of one course's people; `extras` are the acts that they add."""

    def __init__(self, people: Population, place: Place, tally: Tally) -> None:
        self._people = people
        self._place = place
        self._tally = tally

    def copy_answers(
        self, random: np.random.Generator, acts: Array, cheat: Cheat, items: int
    ) -> Array:
        """The acts of a block with those of a master who copies; the harvester's are added."""
        mine = (acts["learner"] == cheat.master) & np.isin(
            acts["kind"], (Kind.PROBLEM_CHECK, Kind.SHOWANSWER)
        )
        tried = mine & (acts["kind"] == Kind.PROBLEM_CHECK)
        known, first = np.unique(acts["item"][tried], return_index=True)
        wanted = min(len(known), max(2, round(cheat.share * items)))
        if not wanted:
            return acts
        chosen = np.sort(random.permutation(len(known))[:wanted])
        self._tally.copied[cheat.master] = wanted
        submitted = acts[np.flatnonzero(tried)[first[chosen]]]
        submitted["a"], submitted["b"] = 1, 1
        rest = acts[~(mine & np.isin(acts["item"], submitted["item"]))]
        return np.concatenate([rest, submitted, *self._harvest(random, cheat, submitted)])

    def _harvest(
        self, random: np.random.Generator, cheat: Cheat, submitted: Array
    ) -> Iterator[Array]:
        """What the harvesters do to get the answers."""
        count = len(submitted)
        wait = np.maximum(1.0, _waits(random, cheat, count))
        got = submitted.copy()
        got["time"] -= (wait * MICROS).astype(np.int64)
        got["learner"] = random.choice(cheat.harvesters, count)
        got["address"] = self._place(self._whose_place(cheat, got), got["time"])
        other = self._people.second_device[cheat.master]
        if other >= 0 and random.random() < 0.5:
            got["device"] = other
        if cheat.mode is Mode.EXHAUSTED:
            yield from _exhaust(random, got)
            return
        tries = got[random.random(count) < 0.6]
        yield _changed(tries, seconds=-lognormal(random, 5.0, 0.4, len(tries)), b=0)
        yield _changed(got, kind=Kind.SHOWANSWER, a=0, b=0)

    def _whose_place(self, cheat: Cheat, got: Array) -> Array:
        """Both accounts are one person's, so they are where the master is.

        But for those that take care to come from elsewhere, and for addresses that each device
        changes by itself.
        """
        if cheat.mode is Mode.OTHER_IP or cheat.is_rotating:
            return got["learner"]
        return np.full(len(got), cheat.master)

    def share_account(
        self, random: np.random.Generator, acts: Array, one: SharedAccount, *,
        address: int, device: int, difficulty: Array,
    ) -> Array:  # fmt: skip
        """The acts with those of a second person who uses the account from elsewhere.

        They come with a device of their own, sign in there as often as the owner does, and do the
        work by themselves; ``difficulty`` is of the course's problems, in logits.
        """
        mine = acts[(acts["learner"] == one.learner) & ~np.isin(acts["kind"], _OFFICE)]
        if not len(mine):
            return acts
        since = mine["time"].min() + int(random.uniform(*CHEATING.shared_after_days) * _DAY)
        visits = np.unique(mine["visit"][(mine["time"] > since) & (mine["unit"] > 0)])
        chosen = visits[random.random(len(visits)) < one.often]
        hers = mine[np.isin(mine["visit"], chosen) & ~np.isin(mine["kind"], _SIGNING)]
        more = self._sit_again(random, hers, chosen)
        theirs = work_oneself(random, np.concatenate([hers, more]), difficulty=difficulty)
        theirs = np.concatenate([theirs, sign_in(random, theirs)])
        wait = random.uniform(*_SHARED_SECONDS[one.shared], len(chosen))
        place = np.searchsorted(chosen, theirs["visit"] % _AGAIN)
        found = _changed(theirs, seconds=wait[place], address=address, device=device)
        if len(found):
            self._tally.lent[one.learner] = len(np.unique(found["time"] // _DAY))
        found["visit"] += _OTHER_VISIT
        found["a"] += found["kind"] == Kind.PROBLEM_CHECK
        return np.concatenate([acts, more, found])

    def _sit_again(self, random: np.random.Generator, hers: Array, chosen: Array) -> Array:
        """Some days later the owner goes over it once more: two people need more evenings."""
        some = random.random(len(chosen)) < CHEATING.shared_again
        days = random.integers(1, 4, len(chosen)) * 86_400.0 + random.normal(0, 3600, len(chosen))
        place = np.searchsorted(chosen, hers["visit"])
        more = hers[some[place]]
        more = _changed(more, seconds=days[np.searchsorted(chosen, more["visit"])])
        more["address"] = self._place(more["learner"], more["time"])
        more["visit"] += _AGAIN
        more["a"] += more["kind"] == Kind.PROBLEM_CHECK
        return np.concatenate([more, sign_in(random, more)])

    def help_with_answers(
        self, random: np.random.Generator, acts: Array, company: Company
    ) -> Array:
        """A tutor looks answers up some minutes before the other one solves the problems."""
        tutor, solver = company.members
        tried = acts[(acts["learner"] == solver) & (acts["kind"] == Kind.PROBLEM_CHECK)]
        _, first = np.unique(tried["item"], return_index=True)
        solved = tried[first]
        solved = solved[random.random(len(solved)) < 0.6]
        found = _changed(
            solved, seconds=-random.uniform(60, 600, len(solved)), learner=tutor,
            kind=Kind.SHOWANSWER, a=0, b=0,
        )  # fmt: skip
        found["address"] = self._place(found["learner"], found["time"])
        return np.concatenate([acts, found])


def sign_in(random: np.random.Generator, acts: Array) -> Array:
    """Sign-ins at the beginning of about half of some visits."""
    acts = acts[np.argsort(acts["time"], kind="stable")]
    _, first = np.unique(acts["visit"], return_index=True)
    found = acts[first[random.random(len(first)) < _SIGNS_IN]]
    found = _changed(found, seconds=-4.0, kind=Kind.LOGIN, item=0, a=0, b=0, unit=0)
    found["course"] = -1
    return found


_SIGNING = (Kind.LOGIN, Kind.LOGOUT)
_SIGNS_IN = 0.5
_SHARED_SECONDS = {
    Shared.TRAVEL: (1200.0, 9000.0),
    Shared.CONCURRENCY: (-180.0, 240.0),
}


def keep_pace(
    random: np.random.Generator,
    acts: Array,
    company: Company,
    week_starts: Array,
    most_items: int,
) -> Array:
    """A class: each item is answered about when all answer it.

    ``week_starts`` are by unit; no unit has more than ``most_items``.
    """
    acts = acts.copy()
    solving = np.flatnonzero(
        np.isin(acts["learner"], company.members)
        & np.isin(acts["kind"], (Kind.PROBLEM_CHECK, Kind.SHOWANSWER))
    )
    some = acts[solving]
    order = np.lexsort((some["time"], some["item"], some["learner"]))
    some = some[order]
    key = some["learner"].astype(np.int64) * 65_536 + some["item"]
    _, first, place = np.unique(key, return_index=True, return_inverse=True)
    lead = some[first]
    start = week_starts[np.minimum(lead["unit"], len(week_starts) - 1)]
    seconds = 120 + lead["item"] % max(_CLASS_SLOTS, most_items) * COMPANY.class_item_seconds
    seconds = seconds + random.normal(0, 12, len(lead))
    shift = start + (seconds * MICROS).astype(np.int64) - lead["time"]
    acts["time"][solving[order]] += shift[place]
    return acts


def _waits(random: np.random.Generator, cheat: Cheat, count: int) -> Array:
    """Seconds between having an answer and submitting it."""
    if cheat.is_jittered:
        return random.uniform(360, 1800, count)
    quick = lognormal(random, CHEATING.wait_seconds, CHEATING.wait_sigma, count)
    if cheat.mode is not Mode.DELAYED:
        return quick
    return lognormal(random, CHEATING.delay_seconds, CHEATING.delay_sigma, count)


def _exhaust(random: np.random.Generator, got: Array) -> Iterator[Array]:
    """Wrong answers one after the other, and then the right one."""
    wrong = random.integers(2, 5, len(got))
    before = np.zeros(len(got))
    for number in range(4, 0, -1):
        some = wrong >= number
        before = before + np.where(some, lognormal(random, 6.0, 0.5, len(got)), 0.0)
        yield _changed(got[some], seconds=-before[some], a=number, b=0)
    yield _changed(got, a=wrong + 1, b=1)


def _changed(acts: Array, *, seconds: Array | float = 0.0, **columns: Array | int | float) -> Array:
    """Copies of acts at other moments and with other values."""
    found: Array = acts.copy()
    found["time"] += (np.asarray(seconds) * MICROS).astype(np.int64)
    for name, values in columns.items():
        found[name] = values
    return found
