"""Holds what was found against the registry: what is not registered, too early, too long, left.

Pure. The categories are asked first (opt-in), as nothing else can be assumed of a visitor.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace

from privet.consent.registry import match
from privet.consent.scan.shapes import DriftKind, Found, Kind, Report, State
from privet.consent.technologies import (
    SESSION,
    UNLIMITED,
    Category,
    Technology,
    TechnologyError,
    lifetime_seconds,
)

_TOLERANCE_SECONDS = 86_400
"""A cookie that is signed for whole days may say a day more than its entry."""
Suggest = Callable[[Found], str]


def compare(
    report: Report,
    *,
    technologies: Iterable[Technology],
    own_hosts: Collection[str],
    suggest: Suggest = lambda _: "",
) -> Report:
    """The report with what the registry says of each finding."""
    entries = tuple(technologies)
    return replace(
        report, found=tuple(_judge(one, entries, own_hosts, suggest) for one in report.found)
    )


def _judge(
    one: Found, entries: tuple[Technology, ...], own_hosts: Collection[str], suggest: Suggest
) -> Found:
    entry = match(one.name, one.kind.registered_as, one.domain, among=entries, own_hosts=own_hosts)
    if entry is None:
        is_wrong = one.kind.is_kept or one.party == "third"
        drift = (DriftKind.UNREGISTERED,) if is_wrong else ()
        if is_wrong and _stays(one):
            drift = (*drift, DriftKind.AFTER_WITHDRAWAL)
        return replace(one, drift=drift, suggestion=suggest(one) if is_wrong else "")
    return replace(
        one, registered=True, category=entry.category.value, drift=tuple(_wrongs(one, entry))
    )


def _wrongs(one: Found, entry: Technology) -> Iterable[DriftKind]:
    if entry.category is not Category.NECESSARY and _stays(one):
        yield DriftKind.AFTER_WITHDRAWAL
    elif entry.category not in one.decision_state.allows:
        yield DriftKind.WRONG_CATEGORY
    if one.kind is Kind.COOKIE and _outlives(one.lifetime_declared, entry.lifetime):
        yield DriftKind.WRONG_LIFETIME


def _stays(one: Found) -> bool:
    """Whether it was there after everything had been withdrawn."""
    return one.is_left or one.decision_state is State.WITHDRAWN


def _outlives(declared: str, registered: str) -> bool:
    """Whether a cookie says that it stays longer than its entry does; shorter harms nobody."""
    if not declared or declared == SESSION or registered == UNLIMITED:
        return False
    if registered == SESSION:
        return True
    try:
        said, allowed = lifetime_seconds(declared) or 0, lifetime_seconds(registered) or 0
    except TechnologyError:
        return True
    return said > allowed + min(_TOLERANCE_SECONDS, allowed // 10)
