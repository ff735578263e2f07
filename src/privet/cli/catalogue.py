"""``privet catalogue``: what may be collected, for what, on which basis and for how long."""

from typing import Any

from privet.catalogue.registry import EVENTS
from privet.catalogue.spec import Event
from privet.catalogue.uses import use_names
from privet.cli.printing import AsJson, print_json, print_rows


def catalogue(as_json: AsJson = False) -> None:
    """Print every event that may be collected; with --json each field of it too."""
    events = [event for _, event in sorted(EVENTS.items())]
    if as_json:
        print_json([_describe(event) for event in events])
        return
    rows = [
        {
            "Event": event.name,
            "Seen by": event.origin.value,
            "In words": event.says,
            "Uses": ", ".join(use_names(event.uses)),
        }
        for event in events
    ]
    print_rows(rows, as_json=False, empty="The catalogue is empty.")


def _describe(event: Event) -> dict[str, Any]:
    return {
        "name": event.name,
        "origin": event.origin.value,
        "says": event.says,
        "uses": use_names(event.uses),
        "needs": event.needs.name.lower() if event.needs and event.needs.name else None,
        "fields": [
            {
                "name": field.name,
                "kind": field.kind.value,
                "says": field.says,
                "data_category": field.data_category,
                "uses": use_names(event.uses_of(field)),
                "lawful_bases": sorted(event.bases_of(field)),
                "retention": event.retention_of(field),
                "third_person": field.third_person,
            }
            for field in event.fields
        ],
    }
