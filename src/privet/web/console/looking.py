"""Who looks at a learner, from a request; what a reason must be."""

from django.http import HttpRequest
from django.utils.translation import gettext

from privet.insight.looking import (
    LONGEST_REASON,
    LOOK_MINUTES,
    SHORTEST_REASON,
    Looker,
    LookError,
    NobodyFoundError,
    ReasonError,
    looker_of,
)
from privet.web.permission import viewer_of


def looker_at(request: HttpRequest) -> Looker:
    """Who looks; raises `NotAllowedError` if they may look at nobody."""
    viewer = viewer_of(request)
    return looker_of(account_id=viewer.account_id or 0, grants=viewer.grants)


def reason_bounds() -> dict[str, int]:
    """The numbers that a form for a reason says, for the template."""
    return {"shortest": SHORTEST_REASON, "longest": LONGEST_REASON, "minutes": LOOK_MINUTES}


def say_fault(fault: LookError) -> str:
    """What went wrong and what to do, in the language of the page."""
    if isinstance(fault, ReasonError):
        words = gettext(
            "A reason has from %(shortest)s to %(longest)s characters. Say in a sentence why "
            "you need to look."
        )
        return words % reason_bounds()
    if isinstance(fault, NobodyFoundError):
        return gettext(
            "Nobody at your institutions has exactly this address or id. Check that it is whole; "
            "the learner must be in a course of yours. The search is on record."
        )
    return gettext("This look is over, or it is somebody else's. Search again and say why.")
