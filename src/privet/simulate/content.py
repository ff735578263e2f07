"""The words of the simulated platform: links, controls, errors, advertisements, ways to arrive."""

from enum import IntEnum
from typing import NamedTuple

import numpy as np


class Place(IntEnum):
    """Which link was followed."""

    RESUME = 0
    OUTLINE = 1
    NAVIGATION = 2
    LIST = 3
    OUTSIDE = 4
    NEXT = 5


class Link(NamedTuple):
    """What a link's click says of it."""

    place: str
    text: str
    object: str


LINKS: tuple[Link, ...] = (
    Link("main", "Continue", ""),
    Link("nav", "Unit", ""),
    Link("header", "Menu", ""),
    Link("main", "View course", ""),
    Link("main", "Further reading", ""),
    Link("nav", "Next", ""),
)
OUTSIDE_TARGET = "https://library.example/reading"


class Control(NamedTuple):
    """A control of the pages."""

    control: str
    role: str
    place: str
    share: float


CONTROLS: tuple[Control, ...] = (
    Control("check", "button", "main", 0.34),
    Control("save", "button", "main", 0.10),
    Control("hint", "button", "main", 0.12),
    Control("transcript", "button", "main", 0.12),
    Control("outline", "button", "nav", 0.16),
    Control("theme", "select", "header", 0.05),
    Control("language", "select", "header", 0.04),
    Control("bookmark", "button", "main", 0.07),
)


class PageError(NamedTuple):
    """One fault of the platform's pages."""

    message: str
    script: str
    line: int
    column: int
    stack: str
    share: float
    first_seen: float
    """Where in the period it first occurs, from 0 to 1; a release brought it."""
    last_seen: float


ERRORS: tuple[PageError, ...] = (
    PageError("TypeError: Cannot read properties of null", "/static/player.js", 212, 14,
              "seekTo\nonKey\ndispatch", 0.30, 0.0, 1.0),
    PageError("NetworkError: Failed to fetch", "/static/save.js", 58, 9,
              "send\nflush\nonTimer", 0.28, 0.0, 1.0),
    PageError("RangeError: Maximum call stack size exceeded", "/static/outline.js", 77, 21,
              "expand\nexpand\nexpand", 0.16, 0.55, 0.75),
    PageError("TypeError: undefined is not an object", "/static/captions.js", 31, 5,
              "showCue\nonTime", 0.14, 0.3, 1.0),
    PageError("QuotaExceededError: The quota has been exceeded", "/static/drafts.js", 19, 3,
              "store\nsaveDraft", 0.08, 0.0, 1.0),
    PageError("SyntaxError: Unexpected end of JSON input", "/static/forum.js", 144, 27,
              "parse\nloadThread", 0.04, 0.0, 0.4),
)  # fmt: skip


class Advertisement(NamedTuple):
    """One advertisement."""

    ad: str
    slot: str
    advertiser: str
    click_rate: float


ADVERTISEMENTS: tuple[Advertisement, ...] = (
    Advertisement("field-guide", "course", "bramble-books", 0.026),
    Advertisement("notebooks-autumn", "sidebar", "paper-and-co", 0.012),
    Advertisement("degree-online", "sidebar", "northern-university", 0.031),
    Advertisement("cloud-credits", "footer", "cumulus", 0.008),
    Advertisement("language-app", "footer", "parlando", 0.021),
)
AD_CLICKS = np.array([ad.click_rate for ad in ADVERTISEMENTS])


class Arrival(NamedTuple):
    """How a visit began: the site that led here and the campaign."""

    host: str
    campaign: str
    share: float


ARRIVALS: tuple[Arrival, ...] = (
    Arrival("", "", 0.52),
    Arrival("www.google.com", "", 0.17),
    Arrival("www.bing.com", "", 0.03),
    Arrival("duckduckgo.com", "", 0.03),
    Arrival("www.facebook.com", "autumn-start", 0.04),
    Arrival("www.linkedin.com", "", 0.03),
    Arrival("www.reddit.com", "", 0.02),
    Arrival("t.co", "", 0.01),
    Arrival("", "weekly-mail", 0.08),
    Arrival("", "autumn-start", 0.03),
    Arrival("partner.example", "partner-list", 0.04),
)
ARRIVAL_SHARES = np.array([arrival.share for arrival in ARRIVALS])
ARRIVAL_SHARES = ARRIVAL_SHARES / ARRIVAL_SHARES.sum()

SEARCH_WORDS = (
    "statistics", "python", "hedge", "data", "history", "economics", "music theory", "beginner",
    "probability", "botany",
)  # fmt: skip

EXPERIMENT = "resume-link"
VARIANTS = ("link", "button")
PEEK_SHARES = np.array([0.25, 0.55, 0.25])
"""Chance that who only looks around opens a unit from a course's page: by the form of the link
to go on, and (last) for those who are in no experiment."""
RESUME_SHARES = np.array([0.45, 0.70, 0.45])
"""Chance that the way from a course's page to a unit is the link to go on and not the outline, in
the same order."""
ONWARD_SHARE = 0.34
"""Chance that a look at a unit goes on to the next one."""
