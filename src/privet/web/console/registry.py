"""The privacy officer's page of the registry: what waits, what is in force, what is in neither."""

from collections.abc import Mapping

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from privet.accounts.registry import institution_names
from privet.accounts.rules import Act
from privet.consent.members.rules import EntryError, EntryState
from privet.consent.members.service import (
    Entry,
    accept_entry,
    differences,
    find_before,
    find_entry,
    list_entries,
    refuse_entry,
)
from privet.consent.members.unregistered import list_unregistered
from privet.consent.registry import (
    Category,
    Party,
    Technology,
    find_file_fault,
    read_platform_registry,
)
from privet.kernel.clock import SystemClock
from privet.web.components.tables import Cell, Column, Table
from privet.web.console.cookies import show_entry, show_found
from privet.web.permission import everywhere, opens_to, viewer_of
from privet.web.see_other import SeeOther
from privet.web.technologies import CATEGORIES, KINDS, PARTIES, say_lifetime, say_lifetimes
from privet.web.words import Words

_MAY = everywhere(Act.REVIEW_COOKIES)
_CLOCK = SystemClock()
_DONE = {
    "accept": _("Accepted. It is in the registry from now on, and learners are told of it."),
    "refuse": _("Refused. The institution reads your reason."),
}
_FIELDS: Mapping[str, Words] = {
    "category": _("Category"),
    "lifetime": _("Lifetime"),
    "setter": _("Set by"),
    "party": _("Party"),
    "vendor": _("Vendor"),
    "purpose": _("What it is for"),
    "data": _("Data categories"),
    "courses": _("Courses"),
}


@opens_to(_MAY)
@require_safe
def registry(request: HttpRequest) -> HttpResponse:
    """The page."""
    return _show(request)


@opens_to(_MAY)
@require_POST
def review(request: HttpRequest, number: int) -> HttpResponse:
    """Accept a proposal, or refuse it with a reason."""
    step, by = request.POST.get("step", ""), viewer_of(request).by
    if step not in _DONE or find_entry(number) is None:
        raise Http404
    try:
        if step == "accept":
            accept_entry(number=number, by=by, clock=_CLOCK)
        else:
            reason = request.POST.get("reason", "")
            refuse_entry(number=number, reason=reason, by=by, clock=_CLOCK)
    except EntryError as error:
        return _show(request, fault=error)
    return SeeOther(f"{reverse('console:registry')}?done={step}")


def _show(request: HttpRequest, *, fault: EntryError | None = None) -> HttpResponse:
    names = institution_names()
    platform = read_platform_registry()
    accepted = list_entries(states=[EntryState.ACCEPTED])
    context = {
        "done": _DONE.get(request.GET.get("done", "")),
        "fault": fault,
        "file_fault": find_file_fault(),
        "waiting": [
            _show_waiting(entry, names) for entry in list_entries(states=[EntryState.PROPOSED])
        ],
        "found": [show_found(one, names) for one in list_unregistered()],
        "version": platform.version,
        "digest": platform.digest[:12],
        "platform": _table("platform", gettext("The platform's own"), platform.technologies),
        "members": _table(
            "members",
            gettext("Of institutions"),
            tuple(entry.technology for entry in accepted),
            names,
        ),
    }
    return render(request, "console/registry.html", context, status=400 if fault else 200)


def _show_waiting(entry: Entry, names: Mapping[str, str]) -> dict[str, object]:
    before = find_before(entry)
    changes = differences(before, entry.technology) if before else {}
    return show_entry(entry, names) | {
        "is_change": before is not None,
        "changes": [
            (_FIELDS[name], _say(name, was), _say(name, now))
            for name, (was, now) in changes.items()
        ],
    }


def _say(field: str, value: object) -> str:
    """A field's value as the difference shows it."""
    match value:
        case Category():
            return str(CATEGORIES[value])
        case Party():
            return str(PARTIES[value])
        case dict():
            return " · ".join(f"{language}: {text}" for language, text in sorted(value.items()))
        case tuple():
            return ", ".join(value) or (gettext("all") if field == "courses" else gettext("none"))
        case _:
            return say_lifetime(str(value)) if field == "lifetime" else str(value)


def _table(
    name: str,
    caption: str,
    technologies: tuple[Technology, ...],
    names: Mapping[str, str] | None = None,
) -> Table:
    language = get_language() or "en"
    where = () if names is None else (Column(key="institution", title=gettext("Institution")),)
    return Table(
        name=name,
        caption=caption,
        columns=(
            Column(key="name", title=gettext("Name")),
            *where,
            Column(key="category", title=gettext("Category")),
            Column(key="kind", title=gettext("Kind")),
            Column(key="lifetime", title=gettext("Lifetime")),
            Column(key="vendor", title=gettext("Vendor")),
        ),
        rows=tuple(
            (
                Cell(value=one.name, about=one.says(language[:2])),
                *(() if names is None else (names.get(one.institution, one.institution),)),
                str(CATEGORIES[one.category]),
                Cell(value=str(KINDS[one.kind]), about=str(PARTIES[one.party])),
                say_lifetimes(one),
                Cell(value=one.vendor, about=one.host),
            )
            for one in technologies
        ),
        can_sort=False,
    )
