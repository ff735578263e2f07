"""The privacy officer's page of policies: what would change, and publishing it as a version."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from privet.accounts.rules import Act
from privet.consent.policies.checking import LinkResult, last_checks
from privet.consent.policies.difference import compare
from privet.consent.policies.document import Document, PolicyKind, fingerprint
from privet.consent.policies.links import directory_in_force
from privet.consent.policies.service import (
    LONGEST_REASON,
    PolicyChangedError,
    PolicyError,
    Version,
    latest_version,
    publish_policy,
)
from privet.kernel.config import read_config
from privet.web.api.surroundings import installation
from privet.web.once import acts_once
from privet.web.permission import everywhere, opens_to, viewer_of
from privet.web.policies.composing import compose_all
from privet.web.policies.control import say_check
from privet.web.policies.names import NAMES
from privet.web.policies.shown import show_changes
from privet.web.see_other import SeeOther
from privet.web.words import Words

_MAY = everywhere(Act.PUBLISH_POLICY)
_DONE = _("Published. Learners are told of it from now on.")
_DONE_FIRST = _("Published. Nobody is told of a first version; learners are told of later ones.")


@opens_to(_MAY)
@require_safe
def policies(request: HttpRequest) -> HttpResponse:
    """The page."""
    return _show(request)


@opens_to(_MAY)
@require_POST
@acts_once
def publish(request: HttpRequest) -> HttpResponse:
    """Publish a policy as the officer has just seen it, and only so."""
    kind, base = request.POST.get("kind", ""), request.POST.get("base", "")
    if kind not in list(PolicyKind) or not base.isdecimal() or len(base) > 9:
        return HttpResponseRedirect(reverse("console:policies"))
    clock = installation().clock
    try:
        publish_policy(
            kind=PolicyKind(kind),
            documents=compose_all(PolicyKind(kind), clock=clock),
            base=int(base),
            seen=request.POST.get("seen", ""),
            reason=request.POST.get("reason", ""),
            by=viewer_of(request).by,
            clock=clock,
        )
    except PolicyError as error:
        return _show(request, fault=error, at=kind)
    return SeeOther(f"{reverse('console:policies')}?done={kind}")


def _show(request: HttpRequest, *, fault: PolicyError | None = None, at: str = "") -> HttpResponse:
    config = read_config()
    context = {
        "done": _done(request.GET.get("done", "")),
        "fault": fault,
        "cards": [_card(kind, reason=_typed(request, kind, at)) for kind in PolicyKind],
        "longest": LONGEST_REASON,
        "days": config.policy_news_days,
        "lacks_contact": not (config.contact and config.controller),
        "links": _faulty_links(),
        "never_checked": not last_checks(link.link for link in directory_in_force().links),
    }
    status = 200
    if fault is not None:
        status = 409 if isinstance(fault, PolicyChangedError) else 400
    return render(request, "console/policies.html", context, status=status)


def _done(kind: str) -> Words:
    """What is said after publishing: a first version is announced to nobody."""
    if kind not in list(PolicyKind):
        return ""
    version = latest_version(PolicyKind(kind))
    return _DONE if version is not None and version.number > 1 else _DONE_FIRST


def _card(kind: PolicyKind, *, reason: str) -> dict[str, Any]:
    documents = compose_all(kind, clock=installation().clock)
    version = latest_version(kind)
    differences = _differences(version, documents)
    here = get_language() or "en"
    seen = fingerprint(documents)
    return {
        "kind": kind.value,
        "name": NAMES[kind],
        "link": reverse(f"policies:{kind}"),
        "version": version,
        "base": version.number if version else 0,
        "seen": seen,
        "reason": reason,
        "changes": show_changes(differences.get(here[:2], ())),
        "elsewhere": sum(len(found) for code, found in differences.items() if code != here[:2]),
        "is_as_published": version is not None and not any(differences.values()),
    }


def _differences(version: Version | None, documents: dict[str, Document]) -> dict[str, Any]:
    """By language what would change."""
    if version is None:
        return {}
    return {code: compare(version.document(code), document) for code, document in documents.items()}


def _typed(request: HttpRequest, kind: PolicyKind, at: str) -> str:
    """What the officer had typed when it could not be published."""
    return request.POST.get("reason", "")[:LONGEST_REASON] if at == kind else ""


def _faulty_links() -> list[dict[str, object]]:
    links = directory_in_force().links
    checks = last_checks(link.link for link in links)
    return [
        {"link": link, "said": say_check(check)}
        for link in links
        if (check := checks.get(link.link)) is not None and check.result is not LinkResult.HOLDS
    ]
