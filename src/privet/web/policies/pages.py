"""The public pages: a policy as it is true now, as it was published, and what changed between."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from privet.consent.policies.difference import Change, compare
from privet.consent.policies.document import Document, PolicyKind
from privet.consent.policies.news import note_seen
from privet.consent.policies.service import Version, find_version, latest_version, list_versions
from privet.web.api.surroundings import installation
from privet.web.centre.frame import tabs_for
from privet.web.permission import ANYBODY, SIGNED_IN, opens_to, viewer_of
from privet.web.policies.composing import compose
from privet.web.policies.names import NAMES
from privet.web.policies.shown import show_changes, show_sections
from privet.web.see_other import SeeOther

_MOST_COMPARED = 50


@dataclass(frozen=True, kw_only=True)
class Past:
    """A version, and what was different in it from the one before."""

    version: Version
    is_first: bool
    changes: list[dict[str, Any]]


@opens_to(ANYBODY)
@require_safe
def policy(request: HttpRequest, kind: PolicyKind) -> HttpResponse:
    """The policy as it is true now, and whether that is as it was published."""
    document, version = compose(kind, clock=installation().clock), latest_version(kind)
    context = {"version": version, "drift": len(find_drift(document, version))}
    return _show(request, "policies/policy.html", kind, context | _read(document))


@opens_to(ANYBODY)
@require_safe
def past_policy(request: HttpRequest, kind: PolicyKind, number: int) -> HttpResponse:
    """A version, word for word; its address stays."""
    version = find_version(kind, number)
    if version is None:
        raise Http404
    last = latest_version(kind)
    context = {
        "version": version,
        "is_past": True,
        "is_last": last is not None and last.number == number,
    } | _read(version.document(_language()))
    return _show(request, "policies/policy.html", kind, context)


@opens_to(ANYBODY)
@require_safe
def changes(request: HttpRequest, kind: PolicyKind) -> HttpResponse:
    """All versions, each with what was different from the one before; what is not published."""
    versions = list_versions(kind)
    now = compose(kind, clock=installation().clock)
    context = {
        "drift": show_changes(find_drift(now, versions[0] if versions else None)),
        "past": _compare(versions),
    }
    return _show(request, "policies/changes.html", kind, context)


@opens_to(SIGNED_IN)
@require_POST
def seen(request: HttpRequest) -> HttpResponse:
    """Announce a policy to this person no more."""
    account_id = viewer_of(request).account_id
    kind, number = request.POST.get("kind", ""), request.POST.get("version", "")
    if kind not in list(PolicyKind) or not number.isdecimal() or len(number) > 9:
        raise Http404
    if account_id is not None:
        note_seen(
            kind=PolicyKind(kind),
            version=int(number),
            account_id=account_id,
            clock=installation().clock,
        )
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return SeeOther(back if is_ours else reverse(f"policies:{kind}"))


def find_drift(document: Document, version: Version | None) -> tuple[Change, ...]:
    """What is true now and not as it was published; nothing if nothing was published."""
    return compare(version.document(_language()), document) if version else ()


def _compare(versions: Sequence[Version]) -> list[Past]:
    documents = [version.document(_language()) for version in versions[: _MOST_COMPARED + 1]]
    return [
        Past(
            version=version,
            is_first=version.number == 1,
            changes=show_changes(compare(documents[place + 1], documents[place]))
            if place + 1 < len(documents)
            else [],
        )
        for place, version in enumerate(versions)
    ]


def _read(document: Document) -> dict[str, object]:
    return {"document": document, "sections": show_sections(document)}


def _show(
    request: HttpRequest, template: str, kind: PolicyKind, context: dict[str, object]
) -> HttpResponse:
    base = {
        "kind": kind.value,
        "name": NAMES[kind],
        "here": reverse(f"policies:{kind}"),
        "changes_link": reverse(f"policies:{kind}_changes"),
        "tabs": tabs_for(request),
    }
    return render(request, template, base | context)


def _language() -> str:
    return get_language() or "en"
