"""The cookies that Privet itself sets, each with what it is for; a test compares them with life."""

from collections.abc import Mapping
from dataclasses import dataclass

from privet.catalogue.uses import Choice
from privet.consent.cookies import CONSENT_COOKIE, CONSENT_DAYS, VISITOR_COOKIE, VISITOR_DAYS


@dataclass(frozen=True, kw_only=True)
class OwnCookie:
    """One cookie of Privet's."""

    name: str
    choice: Choice | None
    """What must be chosen before it is set; none for the strictly necessary."""
    days: int | None
    """Its lifetime in days; none if it ends with the session of the browser."""
    says: Mapping[str, str]
    """What it is for, by language."""


OWN_COOKIES: tuple[OwnCookie, ...] = (
    OwnCookie(
        name=CONSENT_COOKIE,
        choice=None,
        days=CONSENT_DAYS,
        says={
            "en": "Holds what you decided about your data, and nothing about you.",
            "es": "Guarda lo que decidió sobre sus datos, y nada sobre usted.",
        },
    ),
    OwnCookie(
        name="privet_session",
        choice=None,
        days=None,
        says={
            "en": "Keeps you signed in to the privacy centre.",
            "es": "Mantiene su sesión abierta en el centro de privacidad.",
        },
    ),
    OwnCookie(
        name="privet_csrf",
        choice=None,
        days=None,
        says={
            "en": "Makes sure that a form was sent by you.",
            "es": "Comprueba que un formulario lo envió usted.",
        },
    ),
    OwnCookie(
        name="privet_language",
        choice=None,
        days=None,
        says={
            "en": "Remembers the language that you asked for.",
            "es": "Recuerda el idioma que pidió.",
        },
    ),
    OwnCookie(
        name="privet_theme",
        choice=None,
        days=None,
        says={
            "en": "Remembers whether you asked for light or dark pages.",
            "es": "Recuerda si pidió páginas claras u oscuras.",
        },
    ),
    OwnCookie(
        name=VISITOR_COOKIE,
        choice=Choice.PERFORMANCE,
        days=VISITOR_DAYS,
        says={
            "en": "A random number that tells your visits from those of others.",
            "es": "Un número aleatorio que distingue sus visitas de las de otros.",
        },
    ),
)
