"""The ledger, one record at a time: by its number or by a receipt. Each look is audited."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from privet.accounts.rules import Act
from privet.catalogue.uses import Choice
from privet.consent.ledger import Kind, Layer, Place
from privet.consent.look_up import Found, Look, NoNumberError, look_up
from privet.consent.places import Regime
from privet.consent.receipt_check import UnreadableReceiptError
from privet.consent.rules import AgeGroup
from privet.web.api.surroundings import installation
from privet.web.centre.regime import AGES
from privet.web.console.consent_charts import CHOICES, CONTROLS, REGIMES
from privet.web.permission import everywhere, opens_to, viewer_of
from privet.web.words import Words

_LONGEST_BYTES = 200_000
_KINDS: dict[str, Words] = {
    Kind.DECISION: _("a decision"),
    Kind.JOIN: _("a visitor signed in, and two decisions were joined"),
    Kind.FOLLOW: _("another key of the same person took the decision over"),
    Kind.OBJECTION: _("an objection"),
    Kind.OBJECTION_ENDED: _("the end of an objection"),
    Kind.RESTRICTION: _("a restriction"),
    Kind.RESTRICTION_ENDED: _("the end of a restriction"),
    Kind.EXPIRY: _("the decision expired"),
    Kind.SIGNAL: _("Global Privacy Control came from a browser"),
    Kind.AGE: _("another age group"),
    Kind.PLACE: _("another place, or another law there"),
}
_PLACES: dict[str, Words] = {
    Place.BANNER: _("banner"),
    Place.SIGN_UP: _("sign-up"),
    Place.ENROLMENT: _("enrolment"),
    Place.CENTRE: _("privacy centre"),
    Place.APP: _("app"),
}
_LAYERS: dict[str, Words] = {
    Layer.BANNER: _("banner"),
    Layer.PREFERENCES: _("preferences"),
    Layer.CENTRE: _("privacy centre"),
    Layer.APP: _("app"),
    Layer.NONE: _("none"),
}


@opens_to(everywhere(Act.SEE_CONSENT_LEDGER))
@require_http_methods(["GET", "HEAD", "POST"])
def ledger(request: HttpRequest) -> HttpResponse:
    """The form, or what a look found; the number travels in the body and not in the address."""
    if request.method != "POST":
        return render(request, "console/ledger.html", {})
    try:
        look = _look(request)
    except (NoNumberError, UnreadableReceiptError) as error:
        return render(request, "console/ledger.html", {"fault": error}, status=400)
    context = {"look": look, **_show(look)}
    return render(request, "console/ledger.html", context, status=200 if look.found else 404)


def _look(request: HttpRequest) -> Look:
    here = installation()
    file = request.FILES.get("receipt")
    # One byte more than is read: what is cut off is no receipt, and is said to be none.
    text = file.read(_LONGEST_BYTES + 1).decode(errors="replace") if file else ""
    return look_up(
        by=viewer_of(request).by,
        ring=here.ring,
        clock=here.clock,
        number=request.POST.get("number", ""),
        receipt=text if file is None or text else " ",
    )


def _show(look: Look) -> dict[str, object]:
    """Words for what was found."""
    found = look.found
    decision = found.decision if found else None
    served = found.served if found else None
    return {
        "kind": str(_KINDS.get(decision.kind, decision.kind)) if decision else "",
        "control": str(CONTROLS.get(decision.control, decision.control)) if decision else "",
        "layer": str(_LAYERS.get(decision.layer, decision.layer)) if decision else "",
        "regime": str(REGIMES[Regime(decision.regime)]) if decision else "",
        "age": str(AGES[AgeGroup(decision.age)]) if decision else "",
        "place": str(_PLACES.get(served.place, served.place)) if served else "",
        "lines": _lines(found) if found else [],
    }


def _lines(found: Found) -> list[tuple[str, str, str]]:
    """For each choice what was said and what was in force from then on."""
    decision = found.decision
    if decision is None:
        return []
    yes, no = gettext("yes"), gettext("no")

    def said(choice: Choice) -> str:
        if choice not in decision.asked:
            return gettext("not asked")
        return yes if choice in decision.granted else no

    return [
        (str(words), said(choice), yes if choice in decision.in_force else no)
        for choice, words in CHOICES.items()
    ]
