"""Kinds of events as learners know them, told from what the catalogue declares."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from privet.catalogue.registry import find_event
from privet.catalogue.spec import Event, Origin
from privet.catalogue.uses import Choice, Use
from privet.web.words import Words


class HappeningKind(StrEnum):
    """What an event is about."""

    COURSEWORK = "coursework"
    COURSES = "courses"
    FORUM = "forum"
    VIDEOS = "videos"
    PAGES = "pages"
    ACCOUNT = "account"
    TECHNIQUE = "technique"
    OFFERS = "offers"
    OTHER = "other"


KIND_WORDS: dict[HappeningKind, Words] = {
    HappeningKind.COURSEWORK: _("Answers and grades"),
    HappeningKind.COURSES: _("Courses and certificates"),
    HappeningKind.FORUM: _("Discussions"),
    HappeningKind.VIDEOS: _("Videos"),
    HappeningKind.PAGES: _("Pages and links"),
    HappeningKind.ACCOUNT: _("Your account"),
    HappeningKind.TECHNIQUE: _("How pages worked"),
    HappeningKind.OFFERS: _("Offers and advertisements"),
    HappeningKind.OTHER: _("Other"),
}

# The first that fits is taken: a category of one of the event's fields, and the kind it makes.
_BY_CATEGORY = (
    ("user.education.forum", HappeningKind.FORUM),
    ("user.education.grade", HappeningKind.COURSEWORK),
    ("user.education.submission", HappeningKind.COURSEWORK),
    ("user.education.certificate", HappeningKind.COURSES),
    ("user.education.enrollment", HappeningKind.COURSES),
    ("user.authorization", HappeningKind.ACCOUNT),
)
_OFFERS = Choice.TARGETING | Choice.MARKETING_MAIL | Choice.SALE_SHARING


def kind_of(name: str) -> HappeningKind:
    """The kind of an event, by its name."""
    event = find_event(name)
    return _kind_of(event) if event else HappeningKind.OTHER


def _kind_of(event: Event) -> HappeningKind:
    if event.origin is Origin.MAIL or (event.needs and event.needs & _OFFERS):
        return HappeningKind.OFFERS
    if "video" in event.name or "transcript" in event.name:
        return HappeningKind.VIDEOS
    categories = {field.data_category for field in event.fields}
    for category, kind in _BY_CATEGORY:
        if category in categories:
            return kind
    if event.origin is Origin.SERVER:
        return HappeningKind.ACCOUNT if event.uses == Use.SECURITY else HappeningKind.OTHER
    return HappeningKind.TECHNIQUE if event.uses == Use.ANALYTICS else HappeningKind.PAGES
