"""What stands under ``/.well-known/``: that Global Privacy Control is obeyed here."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from privet.consent.signals import gpc_document
from privet.web.permission import ANYBODY, opens_to

_DAY_SECONDS = 86_400


@opens_to(ANYBODY)
@require_safe
@cache_control(public=True, max_age=_DAY_SECONDS)
def gpc(request: HttpRequest) -> JsonResponse:
    """The GPC support resource (GPC specification, section 4), the same for everybody."""
    del request
    return JsonResponse(gpc_document())
