"""Scripts as answers: what the SDK's build made, the same for everybody.

They carry no identifier, read none, and may be kept for five minutes.
"""

from functools import cache
from pathlib import Path

from django.http import HttpResponse

_BUILT = Path(__file__).parents[4] / "sdk" / "dist"
"""Where the SDK's build puts them, beside the source tree."""
_PACKAGED = Path(__file__).parent / "static"
"""Where they lie in an installed package."""
_TYPE = "text/javascript; charset=utf-8"
_CACHE = "public, max-age=300"


@cache
def read_script(name: str) -> str:
    """The text of the built script of this name, such as ``guard.js``."""
    path = _BUILT / name
    return (path if path.exists() else _PACKAGED / name).read_text(encoding="utf-8")


def answer_script(text: str, *, is_module: bool = False) -> HttpResponse:
    """The script for a page of any origin.

    A module of another origin is loaded without cookies, and only where a header allows it.
    """
    response = HttpResponse(text, content_type=_TYPE)
    response["Cache-Control"] = _CACHE
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    if is_module:
        response["Access-Control-Allow-Origin"] = "*"
    return response
