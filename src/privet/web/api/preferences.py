"""The script of the choices in full, which ``privet.js`` loads when somebody wants to choose.

It is the same for everybody, carries no identifier, reads none, and may be kept for five minutes.
"""

from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from privet.web.permission import ANYBODY, opens_to

BUILT = Path(__file__).parents[4] / "sdk" / "dist" / "preferences.js"
"""Where the SDK's build puts it, beside the source tree."""
PACKAGED = Path(__file__).parent / "static" / "preferences.js"
"""Where it lies in an installed package."""
_TYPE = "text/javascript; charset=utf-8"
_CACHE = "public, max-age=300"


@opens_to(ANYBODY)
@require_safe
def preferences(request: HttpRequest) -> HttpResponse:
    """The script; its words come with the notice."""
    del request
    response = HttpResponse(_script(), content_type=_TYPE)
    response["Cache-Control"] = _CACHE
    # Modules of another origin are loaded without cookies, and only where this allows it.
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@cache
def _script() -> str:
    path = BUILT if BUILT.exists() else PACKAGED
    return path.read_text(encoding="utf-8")
