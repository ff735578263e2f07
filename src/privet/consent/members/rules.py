"""What may become of a member's entry, and what its category may be."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import StrEnum

from privet.consent.technologies import Technology, is_weaker, overlaps, stricter
from privet.kernel.errors import PrivetError


class EntryError(PrivetError):
    """An entry cannot be proposed, or cannot be taken where it was to go."""


class EntryState(StrEnum):
    """Where an entry stands."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class EntryStep(StrEnum):
    """What is done with an entry."""

    ACCEPT = "accept"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


STEPS: Mapping[EntryStep, tuple[frozenset[EntryState], EntryState]] = {
    EntryStep.ACCEPT: (frozenset({EntryState.PROPOSED}), EntryState.ACCEPTED),
    EntryStep.REFUSE: (frozenset({EntryState.PROPOSED}), EntryState.REFUSED),
    EntryStep.WITHDRAW: (
        frozenset({EntryState.PROPOSED, EntryState.ACCEPTED}),
        EntryState.WITHDRAWN,
    ),
}
"""From which states a step leads where; all else is refused."""


def can_take(step: EntryStep, state: EntryState) -> bool:
    """Whether an entry in that state can take the step."""
    return state in STEPS[step][0]


def check_step(step: EntryStep, state: EntryState) -> None:
    """As `can_take`, but raises `EntryError` if not."""
    if not can_take(step, state):
        raise EntryError(
            f"An entry that is {state} can take no step “{step}”.",
            remedy="Look at it again: somebody else may have decided in the meantime.",
        )


def find_stricter(entry: Technology, platform: Iterable[Technology]) -> Technology | None:
    """The platform's entry for the same technology whose category the entry would weaken."""
    return next(
        (
            one
            for one in platform
            if overlaps(entry, one) and is_weaker(entry.category, one.category)
        ),
        None,
    )


def check_category(entry: Technology, platform: Iterable[Technology]) -> None:
    """Raise `EntryError` for a category that is weaker than the site's."""
    found = find_stricter(entry, platform)
    if found is not None:
        raise EntryError(
            f"The site registers “{found.name}” under {found.category}, "
            f"and {entry.category} would ask less of learners, or something else.",
            remedy=f"Choose {stricter(entry.category, found.category)}.",
        )


def raise_category(entry: Technology, platform: Iterable[Technology]) -> Technology:
    """The entry with a category that is not weaker than the site's, whatever it says.

    The site's registry may have become stricter after the entry was accepted.
    """
    category = entry.category
    for one in platform:
        if overlaps(entry, one):
            category = stricter(category, one.category)
    return entry if category is entry.category else replace(entry, category=category)
