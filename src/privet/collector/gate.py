"""Step 3, gate: whether an event may be stored, for which uses, and if not, why."""

from functools import lru_cache
from typing import NamedTuple

from privet.catalogue.registry import find_event
from privet.catalogue.spec import Event, Origin
from privet.catalogue.uses import ESSENTIAL
from privet.collector.reasons import Reason
from privet.consent.rules import Standing, gate

_NOT_ESSENTIAL = ~int(ESSENTIAL)


class Decision(NamedTuple):
    """What the gate says of all events of one name of one person in one request."""

    uses: int
    """Bits; 0 if the event may not be stored."""
    event: Event | None
    reason: Reason | None
    """Why it is dropped; none if it is stored."""


@lru_cache(maxsize=8192)
def decide(name: str, standing: Standing, gpc: bool, is_server: bool) -> Decision:
    """The gate's word. It reads no clock and no store, so that it can be remembered."""
    event = find_event(name)
    if event is None:
        return Decision(0, None, Reason.UNLISTED_EVENT)
    is_observed = event.origin is Origin.BROWSER
    if not is_server and not is_observed:
        return Decision(0, event, Reason.NOT_FOR_SOURCE)
    uses = gate(event, standing, gpc)
    if is_observed:
        # The catalogue gives observed events no essential use; this holds if it ever did.
        uses &= _NOT_ESSENTIAL
    return Decision(uses, event, None if uses else _why(event, standing, gpc))


def _why(event: Event, standing: Standing, gpc: bool) -> Reason:
    """The nearest reason why nothing of the event is permitted."""
    if standing.restricted:
        return Reason.RESTRICTED
    if not standing.decided:
        return Reason.OBJECTED if event.uses_bits & standing.objected else Reason.UNDECIDED
    if gpc and gate(event, standing):
        return Reason.GPC
    if standing.gpc and event.needs is not None:
        return Reason.GPC
    if event.needs is not None and not event.needs & standing.choices:
        return Reason.NEEDS_CHOICE
    return Reason.OBJECTED if event.uses_bits & standing.objected else Reason.REFUSED
