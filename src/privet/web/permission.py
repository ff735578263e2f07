"""Who may open which page; a page that says nobody opens to nobody.

Each view carries its access as an attribute, set by `opens_to` or, for views of libraries, by
`mount`. The middleware asks it before the view runs. Which role may do what stands in
`privet.accounts.rules`.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar, assert_never
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, reverse
from django.utils.functional import SimpleLazyObject
from django_htmx.http import HttpResponseClientRedirect

from privet.accounts.rules import Act, Grant, can, institutions_for
from privet.accounts.service import grants_of
from privet.web.middleware import Answer

LOST = "lost"
"""Stands in the address of the page for signing in when what was sent is lost."""
_SAFE = ("GET", "HEAD")

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class Reach(StrEnum):
    """How far the right to an act must reach."""

    ANYBODY = "anybody"
    """Visitors too."""
    SIGNED_IN = "signed_in"
    SOMEWHERE = "somewhere"
    """At one institution at least; the page shows no more than that."""
    EVERYWHERE = "everywhere"


@dataclass(frozen=True, kw_only=True)
class Access:
    """What a page asks of who opens it."""

    reach: Reach
    act: Act | None = None

    def allows(self, viewer: "Viewer") -> bool:
        """Whether the viewer may open the page."""
        match self.reach:
            case Reach.ANYBODY:
                return True
            case Reach.SIGNED_IN:
                return viewer.is_signed_in
            case Reach.SOMEWHERE:
                return self.act is not None and viewer.institutions_for(self.act) != frozenset()
            case Reach.EVERYWHERE:
                return self.act is not None and can(self.act, viewer.grants)
            case _:
                assert_never(self.reach)


@dataclass(frozen=True, kw_only=True)
class Viewer:
    """Who looks at a page."""

    account_id: int | None = None
    grants: frozenset[Grant] = field(default=frozenset())

    @property
    def is_signed_in(self) -> bool:
        """Whether it is somebody with an account."""
        return self.account_id is not None

    @property
    def by(self) -> str:
        """How records name who asked: by the account's number, never by name or address."""
        return f"account:{self.account_id}" if self.is_signed_in else "visitor"

    def institutions_for(self, act: Act) -> frozenset[str] | None:
        """Where the viewer may do something; none for everywhere, an empty set for nowhere."""
        return institutions_for(act, self.grants)


ANYBODY = Access(reach=Reach.ANYBODY)
SIGNED_IN = Access(reach=Reach.SIGNED_IN)


def somewhere(act: Act) -> Access:
    """Access for who may do something at one institution at least."""
    return Access(reach=Reach.SOMEWHERE, act=act)


def everywhere(act: Act) -> Access:
    """Access for who may do something at every institution."""
    return Access(reach=Reach.EVERYWHERE, act=act)


def opens_to(access: Access) -> Callable[[View], View]:
    """Say who may open a view."""

    def mark(view: View) -> View:
        view.access = access  # type: ignore[attr-defined]
        return view

    return mark


def mount(patterns: Sequence[URLPattern | URLResolver], access: Access) -> None:
    """Say who may open the views of a library, which knows nothing of `opens_to`."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            mount(pattern.url_patterns, access)
        else:
            opens_to(access)(pattern.callback)


def access_of(view: Callable[..., Any]) -> Access | None:
    """Who may open a view; none if nobody was named."""
    found = getattr(view, "access", None)
    return found if isinstance(found, Access) else None


def viewer_of(request: HttpRequest) -> Viewer:
    """Who looks at this page."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return viewer


def roles_of(grants: Collection[Grant]) -> list[str]:
    """The names of the roles held, each once, in order."""
    return sorted({grant.role.value for grant in grants})


class DenyByDefault:
    """Lets a request through to its view only if the view's access allows the viewer."""

    def __init__(self, get_response: Answer) -> None:
        self._answer = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.viewer = SimpleLazyObject(lambda: _find_viewer(request))  # type: ignore[attr-defined]
        return self._answer(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Refuse, or ask to sign in, or (none) go on."""
        del args, kwargs
        access = access_of(view)
        if access is None:
            raise PermissionDenied
        viewer = viewer_of(request)
        if access.allows(viewer):
            return None
        if viewer.is_signed_in:
            raise PermissionDenied
        return ask_to_sign_in(request)


def ask_to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """To the page for signing in, and from there back; says so if what was sent is lost by it."""
    answer = redirect_to_login(_way_back(request))
    if request.method not in _SAFE:
        answer["Location"] += f"&{LOST}=yes"
    # A part that a script renews would show the page for signing in within its own.
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(answer.url)
    return answer


def _way_back(request: HttpRequest) -> str:
    """The page that is looked at: what takes a form alone cannot be opened afterwards."""
    if request.method in _SAFE:
        return request.get_full_path()
    came_from = urlsplit(request.headers.get("Referer", ""))
    is_ours = came_from.netloc == request.get_host()
    return came_from._replace(scheme="", netloc="").geturl() if is_ours else reverse("home")


def _find_viewer(request: HttpRequest) -> Viewer:
    if not request.user.is_authenticated:
        return Viewer()
    return Viewer(account_id=request.user.pk, grants=grants_of(request.user))
