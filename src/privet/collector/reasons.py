"""Every reason for which something is not stored, with its sentence and what to do."""

from collections import defaultdict
from enum import StrEnum

from privet.kernel.errors import PrivetError


class Reason(StrEnum):
    """Why a batch, an event or a field was not stored; the names are part of the protocol."""

    # The whole request is refused; nothing of it is stored.
    NOT_FOUND = "not_found"
    METHOD = "method"
    CONTENT_TYPE = "content_type"
    CONTENT_ENCODING = "content_encoding"
    BODY_TOO_LARGE = "body_too_large"
    BODY_TOO_SLOW = "body_too_slow"
    BODY_INCOMPLETE = "body_incomplete"
    BAD_UTF8 = "bad_utf8"
    BAD_JSON = "bad_json"
    DUPLICATE_KEY = "duplicate_key"
    NUL = "nul"
    TOO_DEEP = "too_deep"
    WRONG_SHAPE = "wrong_shape"
    BAD_EVENT_ID = "bad_event_id"
    BAD_SESSION = "bad_session"
    BAD_ADDRESS = "bad_address"
    BATCH_EMPTY = "batch_empty"
    BATCH_TOO_LARGE = "batch_too_large"
    UNKNOWN_SITE = "unknown_site"
    ORIGIN_NOT_ALLOWED = "origin_not_allowed"
    BAD_TOKEN = "bad_token"  # noqa: S105 - a reason's name, not a secret
    BAD_KEY = "bad_key"
    RATE = "rate"
    LOG_FULL = "log_full"
    LOG_FAILED = "log_failed"
    FAULT = "fault"

    # One event is dropped by policy; the others of its batch are stored.
    UNDECIDED = "undecided"
    REFUSED = "refused"
    RESTRICTED = "restricted"
    OBJECTED = "objected"
    NEEDS_CHOICE = "needs_choice"
    GPC = "gpc"
    UNLISTED_EVENT = "unlisted_event"
    NOT_FOR_SOURCE = "not_for_source"
    TOO_OLD = "too_old"
    IN_FUTURE = "in_future"
    CLOCK = "clock"
    DUPLICATE = "duplicate"

    # One field is dropped; its event is stored without it.
    UNLISTED_FIELD = "unlisted_field"
    FIELD_TOO_LONG = "field_too_long"
    FIELD_TOO_DEEP = "field_too_deep"
    FIELD_TYPE = "field_type"
    FIELD_NOT_PERMITTED = "field_not_permitted"


Counts = defaultdict[Reason, int]
"""How often for each reason. A ``Counter`` takes five times as long to make."""

REFUSALS: dict[Reason, tuple[int, str, str]] = {
    Reason.NOT_FOUND: (404, "There is nothing at this path.", "Post events to /t/events."),
    Reason.METHOD: (405, "This path does not take that method.", "Post events to /t/events."),
    Reason.CONTENT_TYPE: (
        415,
        "The body's type is neither application/json nor text/plain.",
        "Send JSON and say so in Content-Type.",
    ),
    Reason.CONTENT_ENCODING: (
        415,
        "The body is compressed.",
        "Send it as it is; batches are small.",
    ),
    Reason.BODY_TOO_LARGE: (413, "The body is too large.", "Send fewer events at a time."),
    Reason.BODY_TOO_SLOW: (408, "The body did not arrive in time.", "Send the batch again."),
    Reason.BODY_INCOMPLETE: (400, "The body did not arrive whole.", "Send the batch again."),
    Reason.BAD_UTF8: (400, "The body is not UTF-8.", "Encode the JSON text as UTF-8."),
    Reason.BAD_JSON: (400, "The body is not JSON.", "Send one JSON object."),
    Reason.DUPLICATE_KEY: (
        400,
        "An object of the body has one key twice.",
        "Write each key once: readers differ in which of two they take.",
    ),
    Reason.NUL: (400, "A text in the body holds a NUL character.", "Leave U+0000 out of texts."),
    Reason.TOO_DEEP: (400, "The body is nested too deeply.", "Send flat objects."),
    Reason.WRONG_SHAPE: (
        400,
        "A part of the batch is missing, too long or of the wrong type.",
        "Compare it with docs/reference/collector-api.md.",
    ),
    Reason.BAD_EVENT_ID: (
        400,
        "An event's id is not a UUIDv7.",
        "Make ids as RFC 9562, section 5.7 says.",
    ),
    Reason.BAD_SESSION: (
        400,
        "An event's session is not 8 bytes.",
        "Write 8 random bytes as 16 hexadecimal digits or as base64url.",
    ),
    Reason.BAD_ADDRESS: (
        400,
        "An event's ip is not an IP address.",
        "Send the learner's address as the platform saw it, or none.",
    ),
    Reason.BATCH_EMPTY: (400, "The batch holds no event.", "Send at least one."),
    Reason.BATCH_TOO_LARGE: (413, "The batch holds too many events.", "Send fewer at a time."),
    Reason.UNKNOWN_SITE: (
        400,
        "No such site is registered.",
        "Use the site's name as `privet site list` shows it.",
    ),
    Reason.ORIGIN_NOT_ALLOWED: (
        403,
        "The page's origin is not one of the site's.",
        "Add the origin to the site's list.",
    ),
    Reason.BAD_TOKEN: (
        401,
        "The identity token proves nothing.",
        "Ask the platform for a new one.",
    ),
    Reason.BAD_KEY: (
        401,
        "The API key is not known, or is another site's.",
        "Use a key of this site that has not been revoked.",
    ),
    Reason.RATE: (429, "Too many requests came from this address.", "Wait and send it again."),
    Reason.LOG_FULL: (
        503,
        "The disk of the event log is full.",
        "Send the batch again later; nothing of it was stored.",
    ),
    Reason.LOG_FAILED: (
        503,
        "The event log cannot be written now.",
        "Send the batch again later.",
    ),
    Reason.FAULT: (
        500,
        "Something went wrong that Privet did not foresee.",
        "Tell the operator the fault's number.",
    ),
}
"""For each refusal: the HTTP status, what happened, and what to do."""

DROPS: dict[Reason, str] = {
    Reason.UNDECIDED: "The person has not decided, so nothing observed is stored.",
    Reason.REFUSED: "The person allows none of the event's uses.",
    Reason.RESTRICTED: "The person had the processing of their data restricted.",
    Reason.OBJECTED: "The person objected to the uses that were left.",
    Reason.NEEDS_CHOICE: "The event needs a choice that the person did not make.",
    Reason.GPC: "Global Privacy Control was on, and the event serves only what it forbids.",
    Reason.UNLISTED_EVENT: "The catalogue does not list an event of that name.",
    Reason.NOT_FOR_SOURCE: "A browser reported an act of a server.",
    Reason.TOO_OLD: "The event is older than events of this source may be.",
    Reason.IN_FUTURE: "The event lies in the future.",
    Reason.CLOCK: "The sender's clock is too far off to be corrected.",
    Reason.DUPLICATE: "The batch holds the same event twice.",
}
"""For each drop of one event: what it means."""

FIELD_DROPS: dict[Reason, str] = {
    Reason.UNLISTED_FIELD: "The catalogue does not list the field for that event.",
    Reason.FIELD_TOO_LONG: "The value is longer than the catalogue allows.",
    Reason.FIELD_TOO_DEEP: "The value is nested too deeply.",
    Reason.FIELD_TYPE: "The value is of another type than the catalogue says.",
    Reason.FIELD_NOT_PERMITTED: "None of the event's permitted uses may see the field.",
}
"""For each drop of one field: what it means."""


class RefusedError(PrivetError):
    """A whole request is refused; nothing of it is stored."""

    def __init__(self, reason: Reason, *, what: str = "", remedy: str = "") -> None:
        self.reason = reason
        self.status, default_what, default_remedy = REFUSALS[reason]
        super().__init__(what or default_what, remedy=remedy or default_remedy)
