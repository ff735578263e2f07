"""Names, explanations and colours of uses and lawful bases, and colours of choices."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from privet.catalogue.uses import Basis, Choice, Use
from privet.web.words import Words


@dataclass(frozen=True, kw_only=True)
class UseWords:
    """How a use is said, and the category whose colour it has."""

    name: Words
    means: Words
    category: str


USES: dict[Use, UseWords] = {
    Use.INSTRUCTION: UseWords(
        name=_("Teaching"),
        means=_("To give you your courses: your answers, grades and certificates."),
        category="necessary",
    ),
    Use.SECURITY: UseWords(
        name=_("Security"),
        means=_("To keep accounts and the platform safe from misuse."),
        category="necessary",
    ),
    Use.INTEGRITY: UseWords(
        name=_("Honest grades"),
        means=_("To make sure that grades and certificates are earned."),
        category="necessary",
    ),
    Use.ANALYTICS: UseWords(
        name=_("Improving courses"),
        means=_("To see, in groups, how courses are used and what helps people learn."),
        category="performance",
    ),
    Use.PERSONALISATION: UseWords(
        name=_("Your comfort"),
        means=_("To remember how you like things and to suggest what may suit you."),
        category="functionality",
    ),
    Use.MARKETING: UseWords(
        name=_("Offers"),
        means=_("To show or mail you offers that fit your interests."),
        category="targeting",
    ),
    Use.RESEARCH: UseWords(
        name=_("Research"),
        means=_("To let researchers study learning, with names taken out."),
        category="research",
    ),
    Use.SHARING: UseWords(
        name=_("Partners"),
        means=_("To pass it to partners, which some laws call sale or sharing."),
        category="targeting",
    ),
}

CATEGORY_OF: dict[Choice, str] = {
    Choice.PERFORMANCE: "performance",
    Choice.FUNCTIONALITY: "functionality",
    Choice.TARGETING: "targeting",
    Choice.MARKETING_MAIL: "targeting",
    Choice.SALE_SHARING: "targeting",
    Choice.RESEARCH: "research",
}
"""The category whose colour a choice has."""

BASES: dict[Basis, Words] = {
    Basis.CONSENT: _("because you agreed"),
    Basis.CONTRACT: _("to give you what you signed up for"),
    Basis.LEGAL_OBLIGATION: _("because a law requires it"),
    Basis.LEGITIMATE_INTEREST: _("on a legitimate interest, to which you can object"),
}

CATEGORIES: dict[str, Words] = {
    "necessary": _("Necessary"),
    "performance": _("Performance"),
    "functionality": _("Functionality"),
    "targeting": _("Targeting"),
    "research": _("Research"),
}


def name_of(use: Use) -> Words:
    """What a use is called."""
    return USES[use].name


def category_of(use: Use) -> str:
    """The category whose colour a use has."""
    return USES[use].category
