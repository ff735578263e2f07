"""The script that holds things back until they are allowed, and clears them when they are not.

It is the same for everybody, carries no identifier, reads none, and may be kept for five minutes.
"""

import json
from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from privet.consent.clearing import clearable
from privet.consent.signals import consent_mode_names
from privet.web.api.client import check_rate
from privet.web.api.errors import RefusedError, answer_of
from privet.web.api.surroundings import SITES
from privet.web.permission import ANYBODY, opens_to

BUILT = Path(__file__).parents[4] / "sdk" / "dist" / "guard.js"
"""Where the SDK's build puts it, beside the source tree."""
PACKAGED = Path(__file__).parent / "static" / "guard.js"
"""Where it lies in an installed package."""
_TYPE = "text/javascript; charset=utf-8"
_CACHE = "public, max-age=300"


@opens_to(ANYBODY)
@require_safe
def guard(request: HttpRequest) -> HttpResponse:
    """The script for the site that the parameter ``site`` names, with what it may clear."""
    try:
        check_rate(request)
        SITES.find(request.GET.get("site", ""))
    except RefusedError as error:
        return answer_of(error)
    known = [[one.category, one.kind, one.name] for one in clearable()]
    given = json.dumps({"known": known, "mode": consent_mode_names()}, separators=(",", ":"))
    response = HttpResponse(f"(GIVEN=>{{{_script()}}})({given});\n", content_type=_TYPE)
    response["Cache-Control"] = _CACHE
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@cache
def _script() -> str:
    path = BUILT if BUILT.exists() else PACKAGED
    return path.read_text()
