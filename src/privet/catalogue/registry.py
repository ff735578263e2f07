"""All events by name."""

from privet.catalogue import acts, edx, mail, web
from privet.catalogue.spec import Event


def find_event(name: str) -> Event | None:
    """The event of that name, or none if the catalogue does not list it."""
    return EVENTS.get(name)


def _by_name(*groups: tuple[Event, ...]) -> dict[str, Event]:
    found: dict[str, Event] = {}
    for event in (event for group in groups for event in group):
        if event.name in found:
            raise ValueError(f"The catalogue lists {event.name} twice; remove one of them.")
        found[event.name] = event
    return found


EVENTS: dict[str, Event] = _by_name(web.EVENTS, acts.EVENTS, edx.EVENTS, mail.EVENTS)
