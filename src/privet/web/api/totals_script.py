"""The script by which pages tell views for anonymous totals, where a visitor allowed nothing."""

from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from privet.kernel.config import read_config
from privet.web.permission import ANYBODY, opens_to

_FILE = Path(__file__).parent / "totals.js"
_TYPE = "text/javascript; charset=utf-8"
_CACHE = "public, max-age=300"


@opens_to(ANYBODY)
@require_safe
def totals_script(request: HttpRequest) -> HttpResponse:
    """The script, the same for everybody; empty where the operator's setting counts nowhere."""
    del request
    text = _script() if read_config().anonymous_totals else ""
    response = HttpResponse(text, content_type=_TYPE)
    response["Cache-Control"] = _CACHE
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@cache
def _script() -> str:
    return _FILE.read_text(encoding="utf-8")
