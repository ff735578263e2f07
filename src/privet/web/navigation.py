"""The console's pages in their groups; a person sees links to those that open to them."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache, partial

from django.urls import resolve, reverse
from django.utils.translation import gettext_lazy as _

from privet.accounts.roles import Role
from privet.accounts.rules import Grant
from privet.web.permission import Viewer, access_of, roles_of
from privet.web.waiting import waiting_at
from privet.web.words import Words

# Pages that later work brings are added here, in the groups Insight, Privacy, Integrity, Research,
# Security and Operation; a group without pages is not shown.
_GROUPS: tuple[tuple[Words, tuple[tuple[str, Words], ...]], ...] = (
    (
        _("Insight"),
        (
            ("console:activity", _("Activity")),
            ("console:paths", _("Paths")),
            ("console:ways", _("Ways of linking")),
            ("console:experiments", _("Experiments")),
            ("console:content", _("Content")),
            ("console:at_risk", _("At risk")),
            ("console:origin", _("Origin")),
            ("console:places", _("Places")),
            ("console:technique", _("Technique")),
            ("console:totals", _("Anonymous totals")),
            ("console:learners", _("One learner")),
            ("console:live", _("Live")),
            ("console:reports", _("Reports")),
        ),
    ),
    (
        _("Privacy"),
        (
            ("console:privacy", _("Overview")),
            ("console:consent", _("Consent rates")),
            ("console:ledger", _("The ledger")),
            ("console:cookies", _("Cookies of our courses")),
            ("console:registry", _("Cookie registry")),
            ("console:scans", _("Scans")),
            ("console:policies", _("Policies")),
        ),
    ),
    (
        _("Integrity"),
        (
            ("console:integrity_cases", _("Cases")),
            ("console:integrity_fairness", _("Fairness")),
            ("console:integrity_prevention", _("Prevention")),
            ("console:integrity_thresholds", _("Thresholds")),
        ),
    ),
    (_("Operation"), (("console:intake", _("Intake health")),)),
)

_ROLES: dict[str, Words] = {
    Role.LEARNER: _("learner"),
    Role.ANALYST: _("analyst"),
    Role.TUTOR: _("tutor"),
    Role.PRIVACY_OFFICER: _("privacy officer"),
    Role.INTEGRITY_OFFICER: _("integrity officer"),
    Role.MEMBER: _("member institution"),
    Role.OPERATOR: _("operator"),
}


@dataclass(frozen=True, kw_only=True)
class Place:
    """A link in the navigation."""

    name: str
    link: str
    is_here: bool
    waits: Callable[[], int]
    """How much waits there for the viewer; counted once, when it is asked for."""


@dataclass(frozen=True, kw_only=True)
class Group:
    """Links under a heading."""

    name: str
    pages: tuple[Place, ...]


def console_groups(viewer: Viewer, here: str) -> list[Group]:
    """The groups of pages that open to the viewer."""
    groups = []
    for name, pages in _GROUPS:
        open_pages = tuple(
            Place(
                name=str(words),
                link=link,
                is_here=link == here,
                waits=cache(partial(waiting_at, route, viewer)),
            )
            for route, words in pages
            if _opens(link := reverse(route), viewer)
        )
        if open_pages:
            groups.append(Group(name=str(name), pages=open_pages))
    return groups


def title_of(page: str) -> str:
    """What the navigation calls a page of the console."""
    routes = {route: words for _, pages in _GROUPS for route, words in pages}
    return str(routes.get(f"console:{page}", ""))


def first_page(viewer: Viewer) -> str:
    """Where a person begins: the first page of the console, or the learner's centre."""
    groups = console_groups(viewer, "")
    return groups[0].pages[0].link if groups else reverse("centre:overview")


def role_words(grants: Collection[Grant]) -> list[str]:
    """The names of the roles held; that everybody is a learner is said only if nothing else is."""
    held = roles_of(grants)
    return [str(_ROLES[role]) for role in held if role != Role.LEARNER or len(held) == 1]


def role_name(role: str) -> str:
    """What a role is called."""
    return str(_ROLES.get(role, role))


def opens(route: str, viewer: Viewer) -> bool:
    """Whether a page of that name opens to the viewer."""
    return _opens(reverse(route), viewer)


def _opens(link: str, viewer: Viewer) -> bool:
    access = access_of(resolve(link).func)
    return access is not None and access.allows(viewer)
