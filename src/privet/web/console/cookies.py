"""The page of a member: what it registers, where that stands, what was found unregistered."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from privet.accounts.registry import institution_names
from privet.accounts.rules import Act, can
from privet.consent.members.rules import EntryError, EntryStep, can_take
from privet.consent.members.service import (
    Entry,
    find_entry,
    list_entries,
    propose_entry,
    withdraw_entry,
)
from privet.consent.members.unregistered import Found, list_unregistered
from privet.consent.registry import TechnologyError
from privet.kernel.clock import SystemClock
from privet.kernel.config import read_config
from privet.web.console.cookie_form import CookieForm
from privet.web.once import acts_once
from privet.web.permission import opens_to, somewhere, viewer_of
from privet.web.see_other import SeeOther
from privet.web.technologies import CATEGORIES, KINDS, PARTIES, STATES, say_lifetimes

_MAY = somewhere(Act.REGISTER_COOKIES)
_CLOCK = SystemClock()
_DONE = {
    "proposed": _(
        "Proposed. The privacy officer reviews it; until then it counts as unregistered."
    ),
    "withdrawn": _("Withdrawn. What it covered counts as unregistered from now on."),
}
_PREFILLED = ("institution", "name", "kind", "host", "courses")


@opens_to(_MAY)
@require_safe
def cookies(request: HttpRequest) -> HttpResponse:
    """The page; an address can bring what the form begins with."""
    initial = {name: request.GET[name] for name in _PREFILLED if name in request.GET}
    form = CookieForm(institutions=_institutions(request), initial=initial)
    return _show(request, form, is_open="name" in initial)


@opens_to(_MAY)
@require_POST
@acts_once
def propose(request: HttpRequest) -> HttpResponse:
    """Ask for an entry; one of the viewer's own institutions is the only choice there is."""
    form = CookieForm(institutions=_institutions(request), data=request.POST)
    if form.is_valid():
        try:
            propose_entry(entry=form.technology(), by=viewer_of(request).by, clock=_CLOCK)
        except (EntryError, TechnologyError) as error:
            form.add_error(None, f"{error.what} {error.remedy}")
        else:
            return _back("proposed")
    return _show(request, form, is_open=True, status=400)


@opens_to(_MAY)
@require_POST
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Take an entry back; another institution's does not exist here."""
    viewer = viewer_of(request)
    entry = find_entry(number)
    if entry is None or not can(
        Act.REGISTER_COOKIES, viewer.grants, institution=entry.technology.institution
    ):
        raise Http404
    try:
        withdraw_entry(number=number, by=viewer.by, clock=_CLOCK)
    except EntryError:
        # Somebody else was quicker: the page says how it stands now.
        return _back("")
    return _back("withdrawn")


def _show(
    request: HttpRequest, form: CookieForm, *, is_open: bool, status: int = 200
) -> HttpResponse:
    names = _institutions(request)
    entries = list_entries(institutions=names.keys())
    context = {
        "done": _DONE.get(request.GET.get("done", "")),
        "institutions": ", ".join(names.values()),
        "several": len(names) > 1,
        "lines": [show_entry(entry, names) for entry in entries],
        "found": [show_found(one, names) for one in list_unregistered(institutions=names.keys())],
        "form": form,
        "is_open": is_open or not entries,
        "keys": f"{read_config().public_url}/api/v1/consent/keys",
    }
    return render(request, "console/cookies.html", context, status=status)


def show_entry(entry: Entry, names: Mapping[str, str]) -> dict[str, object]:
    """An entry in words."""
    said = entry.technology
    return {
        "entry": entry,
        "institution": names.get(said.institution, said.institution),
        "kind": KINDS[said.kind],
        "party": PARTIES[said.party],
        "category": CATEGORIES[said.category],
        "lifetime": say_lifetimes(said),
        "state": STATES[entry.state],
        "can_withdraw": can_take(EntryStep.WITHDRAW, entry.state),
    }


def show_found(one: Found, names: Mapping[str, str]) -> dict[str, object]:
    """Something unregistered in words, with the way to register it."""
    known = {
        "institution": one.institution,
        "name": one.name,
        "kind": one.kind.value,
        "host": one.host,
        "courses": one.course,
    }
    return {
        "found": one,
        "institution": names.get(one.institution, one.institution),
        "kind": KINDS[one.kind],
        "link": f"{reverse('console:cookies')}?{urlencode(known)}#propose",
    }


def _institutions(request: HttpRequest) -> dict[str, str]:
    """The members that the viewer speaks for."""
    grants = viewer_of(request).grants
    return {
        slug: name
        for slug, name in institution_names().items()
        if can(Act.REGISTER_COOKIES, grants, institution=slug)
    }


def _back(done: str) -> HttpResponse:
    return SeeOther(reverse("console:cookies") + (f"?done={done}" if done else ""))
