"""How the simulated learners behave: every figure in one place, with where it is from.

The shares and shapes of work are those of published analyses of open online courses; those of
cheating are from Northcutt, Ho and Chuang (2016) and the work that followed it. Nothing here is
known to any detector, and nothing of a detector is known here.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Behaviour:
    """Ordinary work: who comes, when, and what they do there."""

    lurkers: float = 0.60
    partial: float = 0.28
    completers: float = 0.12
    week_alpha: float = 2.2
    week_beta: float = 1.1
    """A week's work starts after 7·Beta(2.2, 1.1) days: most of it close to the deadline."""
    evening_hour: float = 20.0
    evening_spread_hours: float = 3.0
    gap_seconds: float = 75.0
    gap_sigma: float = 0.9
    """Between one item and the next: log-normal, by its median and its sigma."""
    most_attempts: int = 5
    learns_from_failure: float = 0.5
    """How much easier (in logits) an item is after a wrong answer."""
    gives_up: float = 0.22
    shows_if_solved: float = 0.08
    shows_if_unsolved: float = 0.45
    revisits: float = 0.35
    """Unit visits that are followed by another look some days later."""
    further_courses: float = 0.35
    """The chance of one more enrolment, again and again."""
    same_field: float = 0.7
    """Enrolments that stay in the learner's field."""


@dataclass(frozen=True, kw_only=True)
class Networks:
    """How learners share addresses: shares of learners, and how many are behind one address."""

    homes_of_two: float = 0.10
    dormitories: float = 0.03
    dormitory_size: int = 40
    carriers: float = 0.10
    carrier_size: int = 200
    vpns: float = 0.03
    vpn_size: int = 100
    second_network_weeks: float = 0.15


@dataclass(frozen=True, kw_only=True)
class Consent:
    """What people answer when they are asked, by the regime of their place."""

    opt_in: tuple[float, ...] = (0.40, 0.27, 0.09, 0.09, 0.05, 0.10)
    """Everything on the banner, nothing, performance, performance and functionality, all of the
    centre, no answer."""
    opt_out: tuple[float, ...] = (0.62, 0.13, 0.04, 0.05, 0.06, 0.10)
    gpc: float = 0.06
    late: float = 0.08
    """Who answers only some days after their first visit."""
    withdraws: float = 0.03
    """Of those who allowed something, who take all of it back later."""
    unknown_age: float = 0.15


BEHAVIOUR = Behaviour()
NETWORKS = Networks()
CONSENT = Consent()
