"""The script by which pages tell views for anonymous totals, where a visitor allowed nothing."""

from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from privet.kernel.config import read_config
from privet.web.api.scripts import answer_script
from privet.web.permission import ANYBODY, opens_to

_FILE = Path(__file__).parent / "totals.js"


@opens_to(ANYBODY)
@require_safe
def totals_script(request: HttpRequest) -> HttpResponse:
    """The script, the same for everybody; empty where the operator's setting counts nowhere."""
    del request
    return answer_script(_script() if read_config().anonymous_totals else "")


@cache
def _script() -> str:
    return _FILE.read_text(encoding="utf-8")
