"""The script by which a page draws the form of an experiment: what runs, and how to draw.

It is the same for everybody, carries no identifier, reads none, and may be kept for five minutes.
"""

import json
from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from privet.insight.experiments import running_on
from privet.web.api.client import check_rate
from privet.web.api.errors import RefusedError, answer_of
from privet.web.api.surroundings import SITES
from privet.web.permission import ANYBODY, opens_to

BUILT = Path(__file__).parents[4] / "sdk" / "dist" / "experiments.js"
"""Where the SDK's build puts it, beside the source tree."""
PACKAGED = Path(__file__).parent / "static" / "experiments.js"
"""Where it lies in an installed package."""
_TYPE = "text/javascript; charset=utf-8"
_CACHE = "public, max-age=300"


@opens_to(ANYBODY)
@require_safe
def experiments(request: HttpRequest) -> HttpResponse:
    """The script for the site that the parameter ``site`` names."""
    try:
        check_rate(request)
        site = SITES.find(request.GET.get("site", ""))
    except RefusedError as error:
        return answer_of(error)
    forms = json.dumps(running_on(site.slug), separators=(",", ":"))
    response = HttpResponse(f"const FORMS={forms};{_script()}", content_type=_TYPE)
    response["Cache-Control"] = _CACHE
    # Modules of another origin are loaded without cookies, and only where this allows it.
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@cache
def _script() -> str:
    path = BUILT if BUILT.exists() else PACKAGED
    return path.read_text()
