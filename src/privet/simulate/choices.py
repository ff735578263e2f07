"""What the learners decide, by the law of their place, and what each may therefore be kept for.

The table of consent is asked for each way of deciding that occurs; its answers are what rows carry.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from privet.catalogue.uses import Choice
from privet.consent.ages import age_group
from privet.consent.places import Regime, regime_of
from privet.consent.rules import (
    ALL_CHOICES,
    UNDECIDED,
    AgeGroup,
    Answers,
    Circumstances,
    Standing,
    gate,
    permitted,
    regate,
)
from privet.simulate.acts import CATALOGUED, DAY_MICROS
from privet.simulate.countries import CODES
from privet.simulate.parameters import Consent
from privet.simulate.randomness import Array

_BANNER = Choice.PERFORMANCE | Choice.FUNCTIONALITY | Choice.TARGETING
_NOTHING = Choice(0)
WAYS: tuple[tuple[str, Answers | None], ...] = (
    ("accept_all", Answers(_BANNER, _BANNER)),
    ("reject_all", Answers(_BANNER, _NOTHING)),
    ("performance", Answers(_BANNER, Choice.PERFORMANCE)),
    ("performance_functionality", Answers(_BANNER, Choice.PERFORMANCE | Choice.FUNCTIONALITY)),
    ("everything", Answers(ALL_CHOICES, ALL_CHOICES)),
    ("undecided", None),
)
"""How people answer: a name, and what was asked and granted."""
UNDECIDED_WAY = len(WAYS) - 1
WITHDRAWN = Answers(ALL_CHOICES, _NOTHING)
NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, kw_only=True)
class Decisions:
    """One entry for each learner."""

    way: Array
    gpc: Array
    age: Array
    """Place in ``tuple(AgeGroup)``."""
    decided: Array
    """When, in microseconds since 1970 UTC; `NEVER` if not."""
    withdrawn: Array
    """When everything was taken back; `NEVER` if not."""
    standing: Array
    """Place in `standings`."""
    standings: tuple[Standing, ...]
    """What is in force after the decision."""
    refused: tuple[Standing, ...]
    """What is in force after the withdrawal, at the same places."""


def decide(
    random: np.random.Generator,
    *,
    shares: Consent,
    country: Array,
    birth_year: Array,
    first_seen: Array,
    ends: int,
    today: date,
) -> Decisions:
    """Let everybody decide. ``first_seen`` and ``ends`` are microseconds since 1970 UTC."""
    count = len(country)
    way = _choose_ways(random, shares, country)
    late = random.random(count) < shares.late
    wait = np.where(late, random.exponential(4 * DAY_MICROS, count), 0).astype(np.int64)
    decided = np.where(way == UNDECIDED_WAY, NEVER, first_seen + wait)
    decided = np.where(decided >= ends, NEVER, decided)
    withdraws = (random.random(count) < shares.withdraws) & (way != UNDECIDED_WAY) & (way != 1)
    later = decided + random.exponential(10 * DAY_MICROS, count).astype(np.int64)
    withdrawn = np.where(withdraws & (decided < ends) & (later < ends), later, NEVER)
    gpc = random.random(count) < shares.gpc
    age = find_ages(country, birth_year, today)
    standing, standings, refused = _stand(way, gpc, age, country)
    return Decisions(
        way=way, gpc=gpc, age=age, decided=decided, withdrawn=withdrawn,
        standing=standing, standings=standings, refused=refused,
    )  # fmt: skip


def find_ages(country: Array, birth_year: Array, today: date) -> Array:
    """The age group of each learner, as a place in ``tuple(AgeGroup)``."""
    groups = tuple(AgeGroup)
    pairs, inverse = np.unique(np.stack([country, birth_year]), axis=1, return_inverse=True)
    found = [
        groups.index(age_group(int(year) or None, country=CODES[where], today=today))
        for where, year in pairs.T
    ]
    return np.array(found)[inverse.ravel()]


def _choose_ways(random: np.random.Generator, shares: Consent, country: Array) -> Array:
    is_opt_out = np.array([regime_of(code) is Regime.OPT_OUT for code in CODES])[country]
    drawn = random.random(len(country))
    return np.where(
        is_opt_out,
        np.searchsorted(np.cumsum(shares.opt_out), drawn).clip(max=UNDECIDED_WAY),
        np.searchsorted(np.cumsum(shares.opt_in), drawn).clip(max=UNDECIDED_WAY),
    )


def _stand(
    way: Array, gpc: Array, age: Array, country: Array
) -> tuple[Array, tuple[Standing, ...], tuple[Standing, ...]]:
    regimes = tuple(Regime)
    regime = np.array([regimes.index(regime_of(code)) for code in CODES])[country]
    groups = tuple(AgeGroup)
    kinds, place = np.unique(np.stack([way, gpc, age, regime]), axis=1, return_inverse=True)
    around = [Circumstances(regimes[r], groups[a], bool(g)) for _, g, a, r in kinds.T]
    answers = [WAYS[w][1] for w, *_ in kinds.T]
    granted = tuple(permitted(said, where) for said, where in zip(answers, around, strict=True))
    return place.ravel(), granted, tuple(permitted(WITHDRAWN, where) for where in around)


def tabulate_uses(decisions: Decisions) -> Array:
    """Uses by phase (before, after, after a withdrawal), standing and kind of act.

    Who took all back is not only left alone from then on: what was kept before loses its uses too,
    as the daily pass makes true. So the phases of a learner who withdrew are the last one's; see
    `find_uses`.
    """
    table = np.zeros((4, len(decisions.standings), len(CATALOGUED)), np.int32)
    for place, (after, refused) in enumerate(
        zip(decisions.standings, decisions.refused, strict=True)
    ):
        for kind, event in enumerate(CATALOGUED):
            kept = gate(event, after)
            table[:, place, kind] = (
                gate(event, UNDECIDED), kept, gate(event, refused), regate(event, refused, kept),
            )  # fmt: skip
    return table


def find_uses(
    decisions: Decisions, table: Array, learner: Array, kind: Array, time: Array
) -> Array:
    """The uses that each act's row carries; 0 for what is not kept at all."""
    has_decided = time >= decisions.decided[learner]
    has_withdrawn = time >= decisions.withdrawn[learner]
    withdraws = decisions.withdrawn[learner] != NEVER
    phase = np.where(has_withdrawn, 2, np.where(has_decided, np.where(withdraws, 3, 1), 0))
    found: Array = table[phase, decisions.standing[learner], kind]
    return found
