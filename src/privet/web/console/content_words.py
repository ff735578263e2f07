"""How courses, sections, videos and problems are called on pages: the short end of their ids."""

import re

from django.utils.translation import gettext

_UNIT = re.compile(r"units/(\d+)")
_BLOCK = re.compile(r"type@sequential\+block@(.+)")
_COURSE = re.compile(r"(?:course-v1:)?[^+/]+[+/]([^+/]+)[+/][^+/]+")


def say_section(section: str) -> str:
    """A section in words: Unit 3."""
    if not section:
        return gettext("in no section")
    if found := _UNIT.fullmatch(section):
        return gettext("Unit %(number)s") % {"number": found[1]}
    if found := _BLOCK.search(section):
        return found[1]
    return section.removeprefix("courseware/").removeprefix("units/")


def short_id(key: str) -> str:
    """The end of a block's key, or a course's own number; the key itself if it has neither."""
    if "@" in key:
        return key.rpartition("@")[2]
    found = _COURSE.fullmatch(key)
    return found[1] if found else key
