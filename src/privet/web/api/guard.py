"""The script that holds things back until they are allowed, and clears them when they are not.

For a course of a member it also says what is registered there; the script keeps out the rest.
"""

import json

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from privet.accounts.facts import SiteFacts
from privet.consent.clearing import clearable, kept_in_course
from privet.consent.members.service import LONGEST_COURSE
from privet.consent.signals import consent_mode_names
from privet.web.api.client import check_rate
from privet.web.api.errors import RefusedError, answer_of
from privet.web.api.members import check_institution
from privet.web.api.scripts import answer_script, read_script
from privet.web.api.surroundings import SITES
from privet.web.permission import ANYBODY, opens_to


@opens_to(ANYBODY)
@require_safe
def guard(request: HttpRequest) -> HttpResponse:
    """The script for the site that the parameter ``site`` names, with what it may clear.

    ``institution`` and ``course`` name the member's course whose page it is.
    """
    try:
        check_rate(request)
        course = _course(request, SITES.find(request.GET.get("site", "")))
    except RefusedError as error:
        return answer_of(error)
    known = [[one.category, one.kind, one.name] for one in clearable()]
    given = {"known": known, "mode": consent_mode_names(), **course}
    said = json.dumps(given, separators=(",", ":"))
    return answer_script(f"(GIVEN=>{{{read_script('guard.js')}}})({said});\n")


def _course(request: HttpRequest, site: SiteFacts) -> dict[str, object]:
    """What may be kept in the course that is asked for; nothing where none is."""
    course = request.GET.get("course", "")[:LONGEST_COURSE]
    slug = request.GET.get("institution", "")
    if not course and not slug:
        return {}
    institution = check_institution(slug, site)
    known = [
        [one.category, one.kind, one.name, bool(one.institution)]
        for one in kept_in_course(institution=institution, course=course)
    ]
    return {"course": {"institution": institution, "course": course, "known": known}}
