"""Switching an aim on or off from the picture: a decision, or an objection, as consent knows it."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from privet.catalogue.uses import NO_CHOICES, Choice, Use
from privet.consent.ledger import Control, Layer
from privet.consent.notices import current_words
from privet.consent.rules import ALL_CHOICES, Answers
from privet.consent.service import Asked, end_objection, record_objection
from privet.web.api.jar import put_cookies
from privet.web.api.surroundings import installation
from privet.web.api.views import has_gpc
from privet.web.centre.aims import Now, Switch
from privet.web.centre.person import Person

_WHY = "the learner switched it in the picture of their data"


def switch(
    request: HttpRequest, response: HttpResponse, *, person: Person, now: Now, on: bool
) -> bool:
    """Put it in force, cookies too; false if it is not the person's to switch."""
    if now.switch is Switch.CHOICE and now.aim.choice is not None:
        _decide(request, response, person=person, choice=now.aim.choice, on=on)
        if on and now.aim.use is Use.PERSONALISATION:
            set_objection(person=person, use=now.aim.use, objects=False)
        return True
    if now.switch is Switch.OBJECTION and now.aim.use is not None and person.is_learner:
        set_objection(person=person, use=now.aim.use, objects=not on)
        return True
    return False


def set_objection(*, person: Person, use: Use, objects: bool) -> None:
    """Object to a use, or take the objection back; nothing happens if it is so already."""
    verb = record_objection if objects else end_objection
    verb(who=person.who, uses=use, by=person.by, clock=installation().clock, why=_WHY)


def can_switch(aim: Now, person: Person) -> bool:
    """Whether a form may be offered."""
    is_own = aim.switch is Switch.OBJECTION and person.is_learner
    return aim.switch is Switch.CHOICE or is_own


def _decide(
    request: HttpRequest, response: HttpResponse, *, person: Person, choice: Choice, on: bool
) -> None:
    _, cookies = person.decide(_asked(request, person, choice, on=on))
    put_cookies(response, cookies, site=person.site, secure=request.is_secure(), request=request)


def _asked(request: HttpRequest, person: Person, choice: Choice, *, on: bool) -> Asked:
    """A first decision answers everything: silence about the rest must not count as yes.

    A visitor's cookie holds no earlier answers apart from those in force, so they are said again.
    """
    standing = person.standing()
    before = Choice(standing.choices) if standing else NO_CHOICES
    is_known = person.is_learner and standing is not None
    granted = (choice if on else NO_CHOICES) | (NO_CHOICES if is_known else before & ~choice)
    return Asked(
        answers=Answers(asked=choice if is_known else ALL_CHOICES, granted=granted),
        shown=current_words(get_language() or "en", clock=installation().clock).shown,
        control=Control.CHOOSE,
        layer=Layer.CENTRE,
        gpc=has_gpc(request),
    )
