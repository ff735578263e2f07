"""What only Open edX's tracking logs hold: implicit URL events, sequences, books and the rest.

The names are those of the published Open edX reference of events. Where one name is recorded by
both the server and the browser, the browser's form is ``<name>.browser``: it can be forged, so it
never serves instruction, security or integrity.
"""

from privet.catalogue import edx_course, edx_people
from privet.catalogue.edx_fields import edx_event
from privet.catalogue.spec import Event, Origin
from privet.catalogue.uses import Use
from privet.catalogue.web import OBSERVED

IMPLICIT = edx_event(
    "edx.implicit",
    Origin.SERVER,
    Use.SECURITY | Use.ANALYTICS,
    "You asked the platform for a page",
    "method position page sort_key",
)
"""A request to the platform's server. Its path stands in the row; what was sent is not kept."""

OTHER = edx_event(
    "edx.other",
    Origin.SERVER,
    Use.SECURITY | Use.ANALYTICS,
    "You did something that Privet has no name for",
    "event_type",
)

OTHER_BROWSER = edx_event(
    "edx.other.browser",
    Origin.BROWSER,
    OBSERVED,
    "Your browser reported something that Privet has no name for",
    "event_type",
)

EVENTS: tuple[Event, ...] = (
    IMPLICIT,
    OTHER,
    OTHER_BROWSER,
    *edx_course.EVENTS,
    *edx_people.EVENTS,
)
