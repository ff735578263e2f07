"""What happened, as numbers: one small record for each act, before it becomes a row or a line.

What ``item``, ``a`` and ``b`` mean depends on the kind and stands beside each of them.
"""

from enum import IntEnum

import numpy as np

from privet.catalogue.registry import EVENTS
from privet.catalogue.spec import Event, Origin
from privet.simulate.randomness import Array


class Kind(IntEnum):
    """The kinds of acts; the comment says what item, a and b hold."""

    PAGE_VIEW = 0  # order in the visit, page before, place of arrival (see `Arrival`)
    PAGE_LEAVE = 1  # -, seconds visible, share scrolled
    LINK_CLICK = 2  # place of the link, page it leads to
    CONTROL_USE = 3  # which control
    PAGE_TIMING = 4  # -, milliseconds to the largest paint
    PAGE_ERROR = 5  # which error
    EXPERIMENT_SEEN = 6  # which form
    AD_SEEN = 7  # which advertisement
    AD_CLICK = 8  # which advertisement
    LOAD_VIDEO = 9  # which video
    PLAY_VIDEO = 10  # which video, second
    PAUSE_VIDEO = 11  # which video, second
    SEEK_VIDEO = 12  # which video, from second, to second
    STOP_VIDEO = 13  # which video, second
    SPEED_CHANGE = 14  # which video, speed before, speed after
    SHOW_TRANSCRIPT = 15  # which video, second
    PROBLEM_CHECK = 16  # which problem, attempt, 1 if correct
    SHOWANSWER = 17  # which problem
    THREAD = 18  # 1 for a question, characters, topic
    RESPONSE = 19  # as above
    COMMENT = 20  # as above
    ENROLLED = 21  # mode
    UNENROLLED = 22  # mode
    MODE_CHANGED = 23  # mode
    CERTIFICATE = 24  # mode
    CERTIFICATE_SHARED = 25  # mode
    LOGIN = 26  # 1 if it failed
    LOGOUT = 27  # -
    ACCOUNT = 28  # -
    SEARCH = 29  # which words


NAMES: tuple[str, ...] = (
    "page_view", "page_leave", "link_click", "control_use", "page_timing", "page_error",
    "experiment_seen", "ad_seen", "ad_click", "load_video", "play_video", "pause_video",
    "seek_video", "stop_video", "speed_change_video", "show_transcript", "problem_check",
    "showanswer", "edx.forum.thread.created", "edx.forum.response.created",
    "edx.forum.comment.created", "edx.course.enrollment.activated",
    "edx.course.enrollment.deactivated", "edx.course.enrollment.mode_changed",
    "edx.certificate.created", "edx.certificate.shared", "login", "logout", "account_created",
    "edx.course_discovery.search.initiated",
)  # fmt: skip
"""The catalogue's name of each kind."""
CATALOGUED: tuple[Event, ...] = tuple(EVENTS[name] for name in NAMES)
IS_SERVER = np.array([event.origin is Origin.SERVER for event in CATALOGUED])


class Page(IntEnum):
    """The pages of the platform."""

    HOME = 0
    COURSES = 1
    SEARCH = 2
    COURSE = 3
    UNIT = 4
    FORUM = 5
    PROGRESS = 6


PAGE_STEP = 1000
"""A page as one number: its kind times this, plus the unit's number (from 1)."""
NO_PAGE = -1

ACT = np.dtype(
    [
        ("time", "i8"),  # microseconds since 1970 UTC
        ("id", "u8"),  # the act's own number, from which its event id is made
        ("learner", "i4"),
        ("visit", "u4"),
        ("address", "i4"),
        ("a", "f4"),
        ("b", "f4"),
        ("course", "i2"),  # -1 outside any course
        ("unit", "i2"),  # from 1, 0 for none
        ("item", "i2"),
        ("kind", "u1"),
        ("page", "u1"),
        ("device", "u1"),
        ("arrival", "u1"),
    ]
)
MICROS = 1_000_000
DAY_MICROS = 86_400 * MICROS


def days_of(times: Array) -> Array:
    """The UTC days (since 1970) of moments in microseconds."""
    found: Array = times // DAY_MICROS
    return found
