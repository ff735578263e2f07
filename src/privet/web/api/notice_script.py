"""The notice as a script that stands beside ``privet.js``, so that the banner waits for no request.

It says what `GET /api/v1/consent` would say to a visitor who has not decided, and nothing to any
other. What it holds is for one browser alone, so nothing on the way may keep it; and no page of
another site can load it, since it tells the regime of the place.
"""

import json
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe
from pydantic import ValidationError

from privet.web.api import present
from privet.web.api.client import check_rate
from privet.web.api.errors import RefusedError, answer_of
from privet.web.api.schemas import StateIn
from privet.web.api.scripts import answer_script
from privet.web.api.surroundings import SITES
from privet.web.api.views import around_page, browser_of
from privet.web.permission import ANYBODY, opens_to

_ASKED = ("site", "lang", "institution", "course")


@opens_to(ANYBODY)
@require_safe
@gzip_page
def notice_script(request: HttpRequest) -> HttpResponse:
    """The script for the page that the parameters describe, as those of `GET /api/v1/consent`."""
    try:
        said = _say(request)
    except RefusedError as error:
        return answer_of(error)
    response = answer_script(said)
    response["Cache-Control"] = "private, no-store"
    response["Cross-Origin-Resource-Policy"] = "same-site"
    return response


def _say(request: HttpRequest) -> str:
    where = _read(request)
    site = SITES.find(where.site)
    browser = browser_of(request, site)
    if browser.consent is not None and not browser.consent.of_learner:
        # Each page of everybody who decided asks this beside the way back: it must not use up
        # what a class behind one address may ask.
        return ""
    check_rate(request)
    state = present.state_of_browser(around_page(request, where, site), browser)
    return f"window.privetNotice={{{json.dumps(_question(request))}:{state.model_dump_json()}}};\n"


def _read(request: HttpRequest) -> StateIn:
    asked = {name: request.GET[name] for name in _ASKED if name in request.GET}
    try:
        return StateIn.model_validate(asked)
    except ValidationError as error:
        raise RefusedError(
            400,
            "bad_request",
            "The parameters are not as they must be.",
            remedy="Give site and, if you like, lang, institution and course.",
        ) from error


def _question(request: HttpRequest) -> str:
    """The question as ``privet.js`` would put it; it takes no answer to another one.

    As ``URLSearchParams`` writes it, which differs from Python in two signs.
    """
    asked = {name: request.GET.get(name, "") for name in _ASKED}
    return "?" + urlencode(asked, safe="*").replace("~", "%7E")
