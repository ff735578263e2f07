"""Reports: saved views with their weekly mail, and the keys by which programs ask."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, resolve, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from privet.accounts.access_keys import (
    AccessKeyError,
    access_keys_of,
    make_access_key,
    revoke_access_key,
)
from privet.accounts.rules import Act
from privet.accounts.service import find_addressee
from privet.insight.saved_views import (
    SavedViewError,
    delete_view,
    save_view,
    set_weekly,
    views_of,
)
from privet.kernel.clock import SystemClock
from privet.kernel.config import read_config
from privet.kernel.errors import PrivetError
from privet.web.console.saved_filters import say_filters
from privet.web.navigation import title_of
from privet.web.once import value_of
from privet.web.permission import access_of, opens_to, somewhere, viewer_of
from privet.web.see_other import SeeOther

_MAY = somewhere(Act.SEE_STATISTICS)
_CLOCK = SystemClock()


@opens_to(_MAY)
@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """The page."""
    return _show(request)


@opens_to(_MAY)
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep a page with its filters under a name."""
    viewer = viewer_of(request)
    page = request.POST.get("page", "")
    if not _is_page(request, page):
        raise Http404
    try:
        save_view(
            account_id=viewer.account_id or 0,
            name=request.POST.get("name", ""),
            page=page,
            query=request.POST.get("query", ""),
            language=get_language() or "en",
            by=viewer.by,
            clock=_CLOCK,
        )
    except SavedViewError as error:
        return _show(request, fault=error)
    return _back("saved")


@opens_to(_MAY)
@require_POST
def change(request: HttpRequest, number: int) -> HttpResponse:
    """Begin or end a view's weekly mail, or delete the view."""
    viewer = viewer_of(request)
    account = viewer.account_id or 0
    match request.POST.get("act", ""):
        case "delete":
            is_there = delete_view(account_id=account, number=number, by=viewer.by, clock=_CLOCK)
        case "weekly" | "not_weekly" as act:
            is_there = set_weekly(
                account_id=account, number=number, weekly=act == "weekly", by=viewer.by,
                clock=_CLOCK,
            )  # fmt: skip
        case _:
            raise Http404
    if not is_there:
        raise Http404
    return _back("changed")


@opens_to(_MAY)
@require_POST
def make_key(request: HttpRequest) -> HttpResponse:
    """Make a key; the answer to this form is the only page that ever shows it.

    Pressed twice, the form has made one key, and the second answer shows it as the first did.
    """
    viewer = viewer_of(request)
    try:
        key = make_access_key(
            account_id=viewer.account_id or 0,
            name=request.POST.get("name", ""),
            by=viewer.by,
            clock=_CLOCK,
            form=value_of(request),
        )
    except AccessKeyError as error:
        return _show(request, fault=error)
    return _show(request, key=key)


@opens_to(_MAY)
@require_POST
def revoke_key(request: HttpRequest, number: int) -> HttpResponse:
    """End a key at once."""
    viewer = viewer_of(request)
    if not revoke_access_key(
        account_id=viewer.account_id or 0, number=number, by=viewer.by, clock=_CLOCK
    ):
        raise Http404
    return _back("revoked")


def _show(request: HttpRequest, *, fault: PrivetError | None = None, key: str = "") -> HttpResponse:
    account = viewer_of(request).account_id or 0
    addressee = find_addressee(account_id=account)
    config = read_config()
    context = {
        "views": [_line(view) for view in views_of(account_id=account)],
        "keys": access_keys_of(account_id=account, clock=_CLOCK),
        "key": key,
        "fault": fault,
        "done": _DONE.get(request.GET.get("done", "")),
        "address": addressee.address if addressee else "",
        "sends_mail": bool(config.mail_url),
        "api": f"{config.public_url}/api/v1/insight/questions",
        "docs": reverse("api_docs"),
    }
    answer = render(request, "console/reports.html", context, status=400 if fault else 200)
    if key:
        answer["Cache-Control"] = "no-store"
    return answer


def _line(view: Any) -> dict[str, Any]:
    query = f"?{view.query}" if view.query else ""
    return {
        "view": view,
        "title": title_of(view.page),
        "filters": say_filters(view.query),
        "link": reverse(f"console:{view.page}") + query if title_of(view.page) else "",
    }


def _is_page(request: HttpRequest, page: str) -> bool:
    """Whether it is a page of the console that opens to who asks."""
    if not title_of(page):
        return False
    try:
        found = resolve(reverse(f"console:{page}"))
    except NoReverseMatch:
        return False
    access = access_of(found.func)
    return access is not None and access.allows(viewer_of(request))


def _back(done: str) -> HttpResponse:
    return SeeOther(f"{reverse('console:reports')}?done={done}")


_DONE = {
    "saved": _("The view is saved."),
    "changed": _("Done."),
    "revoked": _("The key opens nothing any more."),
}
