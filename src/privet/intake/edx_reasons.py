"""Why a line of a log is no event, or an event is not kept: the closed sets that are counted."""

from enum import StrEnum


class Skip(StrEnum):
    """A line that holds no event and was never meant to."""

    BLANK = "blank"
    COMMENT = "comment"


class Unread(StrEnum):
    """A line that should be an event and cannot be read as one."""

    NOT_JSON = "not_json"
    CUT = "cut"
    """The line begins as JSON and ends too early, as platforms cut what is too long."""
    NOT_AN_OBJECT = "not_an_object"
    TOO_LONG = "too_long"
    TOO_DEEP = "too_deep"
    NO_TIME = "no_time"
    """No time that can be read, so nobody could say how long to keep it."""
    DAMAGED_GZIP = "damaged_gzip"
    """A compressed file is damaged or cut here; what came before is imported."""


class Barred(StrEnum):
    """An event that nothing permits to keep."""

    NO_USE = "no_use"
    """None of the uses that the operator named is open to this kind of event."""
    DECIDED = "decided"
    """The learner's own decision leaves none of them."""
    IN_FUTURE = "in_future"
    """It claims to be of a later day than tomorrow."""


class Lost(StrEnum):
    """A field that is not kept with its event."""

    UNLISTED = "unlisted_field"
    TYPE = "field_type"
    TOO_LONG = "field_too_long"
    UNREADABLE = "unreadable_payload"
    """The whole payload: the platform cut it, or it is no JSON."""
