"""The centre's tabs; each later right adds its own here."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from privet.web.navigation import opens
from privet.web.permission import viewer_of
from privet.web.words import Words

_TABS: tuple[tuple[str, Words], ...] = (
    ("centre:overview", _("Overview")),
    ("centre:data", _("My data")),
    ("centre:choices", _("Choices")),
    ("centre:looks", _("Who looked")),
    ("centre:integrity", _("Integrity")),
)


@dataclass(frozen=True, kw_only=True)
class Tab:
    """A page of the centre."""

    name: str
    link: str
    is_here: bool


def tabs_for(request: HttpRequest) -> list[Tab]:
    """The tabs that open to the viewer; a single one is none to choose from."""
    viewer = viewer_of(request)
    tabs = [
        Tab(name=str(words), link=reverse(route), is_here=reverse(route) == request.path)
        for route, words in _TABS
        if opens(route, viewer)
    ]
    return tabs if len(tabs) > 1 else []
