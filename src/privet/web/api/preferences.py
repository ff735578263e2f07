"""The script of the choices in full, which ``privet.js`` loads when somebody wants to choose."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from privet.web.api.scripts import answer_script, read_script
from privet.web.permission import ANYBODY, opens_to


@opens_to(ANYBODY)
@require_safe
def preferences(request: HttpRequest) -> HttpResponse:
    """The script; its words come with the notice."""
    del request
    return answer_script(read_script("preferences.js"), is_module=True)
