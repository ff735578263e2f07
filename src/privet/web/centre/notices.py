"""What an account collects, and what a course and its member collect, as pages to link to."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from privet.accounts.facts import SiteFacts
from privet.consent.occasions.service import (
    OccasionNotice,
    UnknownMemberError,
    enrolment_notice,
    sign_up_notice,
)
from privet.web.api.surroundings import installation
from privet.web.centre.frame import tabs_for
from privet.web.centre.person import find_site
from privet.web.permission import ANYBODY, opens_to

_LONGEST = 160


@opens_to(ANYBODY)
@require_safe
def sign_up(request: HttpRequest) -> HttpResponse:
    """What having an account collects."""
    site = find_site(request)
    notice = sign_up_notice(get_language() or "en", clock=installation().clock)
    return _show(request, notice, site)


@opens_to(ANYBODY)
@require_safe
def enrolment(request: HttpRequest) -> HttpResponse:
    """What a course and its member collect; without a member the site's own is meant."""
    site = find_site(request)
    own = site.institution if site else ""
    try:
        notice = enrolment_notice(
            get_language() or "en",
            institution=request.GET.get("institution", "") or own,
            course=request.GET.get("course", "")[:_LONGEST],
            clock=installation().clock,
        )
    except UnknownMemberError as error:
        raise Http404 from error
    return _show(request, notice, site)


def _show(request: HttpRequest, notice: OccasionNotice, site: SiteFacts | None) -> HttpResponse:
    context = {"tabs": tabs_for(request), "notice": notice, "text": notice.text, "site": site}
    return render(request, "centre/notice.html", context)
