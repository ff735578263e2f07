"""What stands under ``/.well-known/``: that GPC is obeyed here, and the key of receipts."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from privet.consent.receipt_keys import public_key
from privet.consent.signals import gpc_document
from privet.web.api.surroundings import installation
from privet.web.permission import ANYBODY, opens_to

_DAY_SECONDS = 86_400


@opens_to(ANYBODY)
@require_safe
@cache_control(public=True, max_age=_DAY_SECONDS)
def gpc(request: HttpRequest) -> JsonResponse:
    """The GPC support resource (GPC specification, section 4), the same for everybody."""
    del request
    return JsonResponse(gpc_document())


@opens_to(ANYBODY)
@require_safe
@cache_control(public=True, max_age=_DAY_SECONDS)
def receipt_key(request: HttpRequest) -> JsonResponse:
    """The public key of receipts: its id, and its bytes in base64url."""
    del request
    return JsonResponse(public_key(installation().ring))
