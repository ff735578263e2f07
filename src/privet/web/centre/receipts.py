"""Receipts: a learner downloads the proof of one of their decisions."""

import json
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from privet.accounts.service import keys_of
from privet.consent.history import is_of
from privet.consent.receipts import NoReceiptError, make_receipt
from privet.kernel.config import read_config
from privet.web.api.surroundings import installation
from privet.web.permission import SIGNED_IN, opens_to, viewer_of


@opens_to(SIGNED_IN)
@require_safe
@never_cache
def receipt(request: HttpRequest, record: UUID) -> HttpResponse:
    """The receipt of one record as a file; of somebody else's there is none."""
    account = viewer_of(request).account_id
    keys = keys_of(account) if account is not None else frozenset()
    here = installation()
    try:
        found = make_receipt(
            record,
            ring=here.ring,
            config=read_config(),
            clock=here.clock,
            theirs=is_of(account_id=account, keys=keys),
        )
    except NoReceiptError as error:
        raise Http404 from error
    text = json.dumps(found, ensure_ascii=False, indent=2)
    response = HttpResponse(text, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="privet-receipt-{record}.json"'
    return response
