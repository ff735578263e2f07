"""What ties do to people: they live together, share devices, enrol together and start together."""

from dataclasses import dataclass

import numpy as np

from privet.network.facts import NetworkKind
from privet.simulate.acts import DAY_MICROS, MICROS
from privet.simulate.addresses import AddressBook
from privet.simulate.countries import CODES, NEAR
from privet.simulate.parameters import BEHAVIOUR, COMPANY
from privet.simulate.plots import REPEATERS, Mode, Plots, Shared, Tie
from privet.simulate.randomness import Array

_HOUR = 3600 * MICROS
_RETAKE_WEEKS = 3
_LAGS = {
    Tie.STUDY_GROUP: COMPANY.study_group_seconds,
    Tie.ROOMMATES: COMPANY.roommate_seconds,
    Tie.SIBLINGS: COMPANY.sibling_seconds,
    Tie.CLASS: COMPANY.class_seconds,
    Tie.TUTOR: 0.0,
}
"""Ties that start together, and by how many seconds the others follow."""
_LAG_SIGMA = 0.6
_ABROAD = 7
"""So many places on in the list of countries somebody travels, or has a VPN's exit."""


@dataclass(frozen=True, kw_only=True)
class Together:
    """Who starts together, by learner, and when, by company and unit."""

    company: Array
    """The place of a learner's company, -1 for none that starts together."""
    leads: Array
    """Whether a learner is their company's first."""
    starts: Array
    """Day of the week (0 to 6) and microsecond of the day UTC, by company and unit."""
    lag: Array
    """Seconds by which others follow, by company."""
    is_at_random: Array
    """Whether all follow the group's moment, or the others follow its first; by company."""

    def starts_of(
        self, random: np.random.Generator, learner: Array, unit: Array, week_start: Array
    ) -> tuple[Array, Array]:
        """The moments for those who start together, and who they are."""
        company = self.company[learner]
        who = np.flatnonzero(company >= 0)
        which = company[who]
        base = week_start[who] + self.starts[which, unit[who] % self.starts.shape[1]]
        lag = self.lag[which]
        follows = lag * np.exp(_LAG_SIGMA * random.standard_normal(len(who)))
        follows *= ~self.leads[learner[who]]
        seconds = np.where(self.is_at_random[which], random.exponential(1, len(who)) * lag, follows)
        return who, base + (seconds * MICROS).astype(np.int64)


def meet(
    random: np.random.Generator, plots: Plots, learners: int, hours_from_utc: Array
) -> Together:
    """Set the moments at which each company meets, one for each unit."""
    count = max(1, len(plots.companies))
    company = np.full(learners, -1)
    leads = np.zeros(learners, bool)
    lag, at_random = np.zeros(count), np.zeros(count, bool)
    offset = np.zeros(count)
    for place, one in enumerate(plots.companies):
        leads[one.members[0]] = True
        offset[place] = hours_from_utc[one.members[0]]
        if one.tie in _LAGS:
            company[list(one.members)] = place
            lag[place] = _LAGS[one.tie]
            at_random[place] = one.tie in (Tie.STUDY_GROUP, Tie.CLASS)
    # Those who came to the simulator later meet nobody: without them all other meetings stay.
    shape = (max(1, sum(one.tie not in REPEATERS for one in plots.companies)), 64)
    day = np.floor(7 * random.beta(BEHAVIOUR.week_alpha, BEHAVIOUR.week_beta, shape))
    hour = random.normal(BEHAVIOUR.evening_hour - 2, 2.0, shape) - offset[: shape[0], None]
    starts = (day * DAY_MICROS + hour * _HOUR).astype(np.int64)
    return Together(company=company, leads=leads, starts=starts, lag=lag, is_at_random=at_random)


def liken_people(plots: Plots, *arrays: Array) -> None:
    """Give those who are one person, or live together, the same place."""
    for values in arrays:
        for cheat in plots.cheats:
            values[list(cheat.harvesters)] = values[cheat.master]
        for company in plots.companies:
            values[list(company.members)] = values[company.members[0]]


def liken_weeks(plots: Plots, *, learner: Array, week: Array, weeks: int) -> Array:
    """The weeks in which people begin, the same for those who belong together."""
    of_learner = np.zeros(int(learner.max(initial=-1)) + 1, np.int64)
    of_learner[learner] = week
    pairs = [(c.master, c.harvesters) for c in plots.cheats]
    pairs += [(c.members[0], c.members[1:]) for c in plots.companies]
    for first, others in pairs:
        of_learner[list(others)] = of_learner[first]
    for company in plots.companies:
        if company.tie is Tie.RETAKERS:
            first, second = company.members
            of_learner[first] = 0
            of_learner[second] = min(_RETAKE_WEEKS, max(0, weeks - 2))
    single = np.bincount(learner)[learner] == 1
    return np.where(single, of_learner[learner], week)


def liken_homes(
    plots: Plots, *, home: Array, second: Array, device: Array, country: Array, book: AddressBook
) -> Array:
    """Shared homes and devices; returns by how many addresses each home changes (1 for none)."""
    rotation = np.ones(len(home), np.int64)
    for cheat in plots.cheats:
        if cheat.mode is not Mode.OTHER_IP:
            _join(home, second, cheat.master, cheat.harvesters)
        if cheat.is_rotating:
            first = book.take_rotating(CODES[country[cheat.master]])
            for who in (cheat.master, *cheat.harvesters):
                home[who], rotation[who] = first, book.ROTATION
    for company in plots.companies:
        if company.tie is Tie.CLASS:
            code = CODES[country[company.members[0]]]
            home[company.members[0]] = book.take(code, NetworkKind.EDUCATION, 1)[0]
        if company.shares_address:
            _join(home, second, company.members[0], company.members[1:])
        if company.tie in (Tie.SIBLINGS, Tie.RETAKERS):
            device[list(company.members)] = device[company.members[0]]
    return rotation


def find_elsewhere(plots: Plots, country: Array, book: AddressBook) -> Array:
    """For each shared account, the address of its second user."""
    found = np.zeros(len(plots.shared), np.int64)
    for place, one in enumerate(plots.shared):
        where = int(country[one.learner])
        if one.shared is Shared.TRAVEL:
            where = (where + len(CODES) // 2) % len(CODES)
        found[place] = book.take(CODES[where], NetworkKind.RESIDENTIAL, 1)[0]
    return found


def find_away(plots: Plots, country: Array, book: AddressBook) -> Array:
    """For each company of one: the address at work, abroad or behind the VPN; -1 for the others."""
    found = np.full(len(plots.companies), -1)
    for place, one in enumerate(plots.companies):
        kind = NetworkKind.RESIDENTIAL
        where = int(country[one.members[0]])
        match one.tie:
            case Tie.COMMUTER:
                kind = NetworkKind.EDUCATION if place % 2 else kind
            case Tie.VPN_USER:
                kind = NetworkKind.HOSTING if place % 2 else kind
                where = (where + _ABROAD) % len(CODES)
            case Tie.TRAVELLER:
                where = (where + _ABROAD) % len(CODES)
            case Tie.TWO_DEVICES | Tie.LATE_SENDER | Tie.RETRIER:
                kind = NetworkKind.MOBILE
            case Tie.TRIP_REVISER:
                where = _abroad(where, is_near=is_near(place))
            case Tie.VPN_REVISER:
                # Listed exits abroad, others that no list knows, and relays that keep the country.
                kind = NetworkKind.RESIDENTIAL if place % 3 == 1 else NetworkKind.HOSTING
                where = where if place % 3 == 2 else _abroad(where, is_near=is_near(place))
            case Tie.TWO_LINES:
                pass
            case _:
                continue
        found[place] = book.take(CODES[where], kind, 1)[0]
    return found


def is_near(place: int) -> bool:
    """Whether the trips, or the VPN's exit, of a company of one lead to a country close by."""
    return place // 3 % 2 == 0


def _abroad(where: int, *, is_near: bool) -> int:
    close = NEAR.get(CODES[where]) if is_near else None
    return CODES.index(close) if close else (where + _ABROAD) % len(CODES)


def _join(home: Array, second: Array, first: int, others: tuple[int, ...]) -> None:
    home[list(others)] = home[first]
    second[list(others)] = second[first]
