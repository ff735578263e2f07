"""What a browser observes: pages, links, controls, timing, errors, experiments, advertisements."""

from privet.catalogue.spec import Event, Field, Kind, Origin
from privet.catalogue.uses import Choice, Use

OBSERVED = Use.ANALYTICS | Use.PERSONALISATION | Use.RESEARCH
_TECHNICAL = Use.ANALYTICS
_ADVERTISING = Use.MARKETING | Use.SHARING
_BROWSING = "user.behavior.browsing_history"
_BEHAVIOUR = "user.behavior"
_DEVICE = "user.device"


def _text(name: str, says: str, category: str = _BEHAVIOUR, max_length: int = 500) -> Field:
    return Field(
        name=name, kind=Kind.TEXT, says=says, data_category=category, max_length=max_length
    )


def _number(name: str, says: str, category: str = _BEHAVIOUR) -> Field:
    return Field(name=name, kind=Kind.NUMBER, says=says, data_category=category)


def _integer(name: str, says: str, category: str = _BEHAVIOUR) -> Field:
    return Field(name=name, kind=Kind.INTEGER, says=says, data_category=category)


_VIDEO_FIELDS = (
    _text("id", "Which video"),
    _text("code", "Where the video is stored"),
    _number("currentTime", "The second of the video"),
    _number("duration", "How long the video is, in seconds"),
    _number("old_time", "The second you left"),
    _number("new_time", "The second you went to"),
    _text("type", "How you moved"),
    _number("old_speed", "The speed before"),
    _number("new_speed", "The speed after"),
)


def _observed(
    name: str, says: str, *fields: Field, uses: Use = OBSERVED, needs: Choice | None = None
) -> Event:
    return Event(name=name, origin=Origin.BROWSER, says=says, uses=uses, fields=fields, needs=needs)


PAGES = (
    _observed(
        "page_view",
        "You opened a page",
        _text("title", "The page's title", _BROWSING),
        _integer("order", "Its place among the pages of the visit", _BROWSING),
        _text("previous", "The page before it", _BROWSING),
        _text("route", "Whether the page was loaded or changed in place"),
        _text("language", "The page's language", _DEVICE, 35),
        _integer("viewport_width", "The width of the window, to the next 100 pixels", _DEVICE),
    ),
    _observed(
        "page_leave",
        "You left a page",
        _number("visible_seconds", "How long you saw it, in seconds"),
        _number("scrolled", "How far you scrolled, from 0 to 1"),
    ),
    _observed(
        "link_click",
        "You followed a link",
        _text("target", "Where the link leads, without its query", _BROWSING, 1000),
        _text("text", "The link's words", _BEHAVIOUR, 100),
        _text("place", "The part of the page it is in"),
        _text("rel", "How the page declares the link"),
    ),
    _observed(
        "control_use",
        "You used a control",
        _text("control", "Which control"),
        _text("role", "What kind of control"),
        _text("place", "The part of the page it is in"),
    ),
    _observed(
        "custom",
        "The page reported something",
        _text("label", "What the page reported"),
        _number("value", "A number with it"),
    ),
)

TECHNIQUE = (
    _observed(
        "page_timing",
        "Your browser measured how fast a page was",
        _number("ttfb", "Milliseconds to the first byte", _DEVICE),
        _number("fcp", "Milliseconds to the first paint with content", _DEVICE),
        _number("lcp", "Milliseconds to the largest paint", _DEVICE),
        _number("cls", "How much the page shifted", _DEVICE),
        _number("inp", "Milliseconds from an input to the next paint", _DEVICE),
        _number("load", "Milliseconds to the load event", _DEVICE),
        uses=_TECHNICAL,
    ),
    _observed(
        "page_error",
        "Something on a page failed",
        _text("message", "The error's kind and message, without what was typed", _DEVICE, 300),
        _text("script", "The script it is in", _DEVICE, 300),
        _integer("line", "The line", _DEVICE),
        _integer("column", "The column", _DEVICE),
        _text("stack", "The names of the functions that led there", _DEVICE, 2000),
        uses=_TECHNICAL,
    ),
)

EXPERIMENTS = (
    _observed(
        "experiment_seen",
        "You saw one form of a page that is being compared with another",
        _text("experiment", "Which comparison"),
        _text("variant", "Which form"),
        # It is counted, which is analytics; and that a form stays the same for somebody is a
        # convenience that they have to want.
        uses=_TECHNICAL,
        needs=Choice.FUNCTIONALITY,
    ),
)

ADVERTISING = tuple(
    Event(
        name=name,
        origin=Origin.BROWSER,
        says=says,
        uses=_ADVERTISING,
        needs=Choice.TARGETING,
        fields=(
            _text("ad", "Which advertisement"),
            _text("slot", "Where on the page"),
            _text("advertiser", "Whose it is"),
        ),
    )
    for name, says in (
        ("ad_seen", "You saw an advertisement"),
        ("ad_click", "You followed an advertisement"),
    )
)

VIDEO = tuple(
    _observed(name, says, *_VIDEO_FIELDS)
    for name, says in (
        ("load_video", "A video was made ready for you"),
        ("play_video", "You started a video"),
        ("pause_video", "You paused a video"),
        ("seek_video", "You moved inside a video"),
        ("stop_video", "A video came to its end"),
        ("speed_change_video", "You changed a video's speed"),
        ("show_transcript", "You opened a video's transcript"),
        ("hide_transcript", "You closed a video's transcript"),
        ("edx.video.closed_captions.shown", "You turned a video's captions on"),
        ("edx.video.closed_captions.hidden", "You turned a video's captions off"),
    )
)

EVENTS = PAGES + TECHNIQUE + EXPERIMENTS + ADVERTISING + VIDEO
