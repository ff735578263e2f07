"""Receipts: a person downloads the proof of one of their decisions.

A browser that refused has no number by which its decision could be found again, so it gets a link
that opens this one receipt, on the page that follows the decision.
"""

import json
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from privet.consent.history import is_of
from privet.consent.receipts import NoReceiptError, make_receipt
from privet.kernel.config import read_config
from privet.web.api.surroundings import installation
from privet.web.centre.person import find_person, find_site
from privet.web.permission import ANYBODY, ask_to_sign_in, opens_to, viewer_of

_PROOF = "proof"


def proof_of(record: UUID) -> str:
    """What shows that somebody was handed the receipt of a record."""
    return Signer(salt="receipt").signature(str(record))


def link_of(record: str, proof: str) -> str:
    """The way to a receipt for whom it was handed to; empty if it is not so."""
    try:
        where = reverse("centre:receipt", args=[UUID(record)])
    except ValueError:
        return ""
    return f"{where}?{_PROOF}={proof}" if _is_handed(UUID(record), proof) else ""


@opens_to(ANYBODY)
@require_safe
@never_cache
def receipt(request: HttpRequest, record: UUID) -> HttpResponseBase:
    """The receipt of one record as a file; of somebody else's there is none."""
    theirs = None
    if not _is_handed(record, request.GET.get(_PROOF, "")):
        account, keys = viewer_of(request).account_id, _keys(request)
        if account is None and not keys:
            return ask_to_sign_in(request)
        theirs = is_of(account_id=account, keys=keys)
    here = installation()
    try:
        found = make_receipt(
            record, ring=here.ring, config=read_config(), clock=here.clock, theirs=theirs
        )
    except NoReceiptError as error:
        raise Http404 from error
    text = json.dumps(found, ensure_ascii=False, indent=2)
    response = HttpResponse(text, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="privet-receipt-{record}.json"'
    return response


def _keys(request: HttpRequest) -> frozenset[bytes]:
    site = find_site(request)
    return find_person(request, site).keys() if site else frozenset()


def _is_handed(record: UUID, proof: str) -> bool:
    try:
        Signer(salt="receipt").unsign(f"{record}:{proof}")
    except BadSignature:
        return False
    return True
