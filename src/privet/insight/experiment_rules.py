"""What an experiment must be, and what may be done with it in which state: pure functions."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from privet.catalogue.registry import find_event
from privet.catalogue.uses import Use
from privet.kernel.errors import PrivetError

MOST_VARIANTS = 6
MOST_WEIGHT = 100
_SLUG = re.compile(r"[a-z][a-z0-9-]{0,39}")
_ANY = ".*"


class ExperimentError(PrivetError):
    """An experiment that cannot be as somebody asks."""


class Standing(StrEnum):
    """How far an experiment is."""

    DRAFT = "draft"
    RUNNING = "running"
    ENDED = "ended"


class Step(StrEnum):
    """What can be done with an experiment."""

    START = "start"
    STOP = "stop"


STEPS: Mapping[tuple[Standing, Step], Standing] = {
    (Standing.DRAFT, Step.START): Standing.RUNNING,
    (Standing.RUNNING, Step.STOP): Standing.ENDED,
}
"""All that is possible: what has ended does not begin again, since a pause would bend the draw."""


@dataclass(frozen=True, kw_only=True)
class Variant:
    """One form, and its part of the draw beside the other weights."""

    name: str
    weight: int


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What somebody wants to compare."""

    site: str
    key: str
    name: str
    hypothesis: str
    page: str
    variants: tuple[Variant, ...]
    """The usual form first: it is what everybody sees who is not drawn."""
    outcome: str
    target: str = ""


def can_do(step: Step, standing: Standing) -> bool:
    """Whether the state allows the step."""
    return (standing, step) in STEPS


def check_step(step: Step, standing: Standing) -> None:
    """As `can_do`, but raises `ExperimentError` if not."""
    if not can_do(step, standing):
        raise ExperimentError(
            f"An experiment that is {standing} cannot {step}.",
            remedy="Define a new one under another key; what has ended stays readable.",
        )


def check_plan(plan: Plan) -> None:
    """Raise `ExperimentError` for the first thing that cannot be compared."""
    names = [variant.name for variant in plan.variants]
    if not _SLUG.fullmatch(plan.key):
        raise _refused("The key", "Use small letters, digits and hyphens, a letter first.")
    if not plan.name or not plan.hypothesis or not plan.page:
        raise _refused("The plan", "Give it a name, a hypothesis and a page.")
    if not 2 <= len(names) <= MOST_VARIANTS or len(set(names)) != len(names):
        raise _refused("The forms", f"Name two to {MOST_VARIANTS} forms, each once.")
    if not all(_SLUG.fullmatch(name) for name in names):
        raise _refused("A form", "Use small letters, digits and hyphens, a letter first.")
    if not all(1 <= variant.weight <= MOST_WEIGHT for variant in plan.variants):
        raise _refused("A weight", f"Use whole numbers from 1 to {MOST_WEIGHT}.")
    event = find_event(plan.outcome)
    if event is None or not event.uses & Use.ANALYTICS:
        raise _refused("The outcome", "Choose an event of the catalogue that analytics may see.")


def ends_of(variants: Sequence[Variant]) -> list[tuple[str, float]]:
    """Each form with the upper end of its part of 0 to 1, for the draw in the browser."""
    total = sum(variant.weight for variant in variants)
    ends: list[tuple[str, float]] = []
    below = 0
    for variant in variants:
        below += variant.weight
        ends.append((variant.name, below / total))
    return ends


def pattern_of(target: str) -> str:
    """The regular expression of a target: ``*`` is any part of a path; empty fits everything."""
    if not target:
        return _ANY
    parts = (re.escape(part) for part in target.split("*"))
    return f"^{'[^/]+'.join(parts)}$"


def _refused(what: str, remedy: str) -> ExperimentError:
    return ExperimentError(f"{what} cannot be as it is.", remedy=remedy)
