"""What a notice of an occasion says, made from the catalogue, the registry and the choices.

Nothing is written twice: a new event, a member's new cookie or another retention is in the next
notice by itself. The words follow the language that is active.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.utils.translation import override as in_language

from privet.catalogue import acts
from privet.catalogue.recipients import RECIPIENTS, Recipient
from privet.catalogue.spec import Event
from privet.catalogue.uses import ESSENTIAL, TERMS, Choice, Use
from privet.consent.notices import choice_name
from privet.consent.registry import Category, Technology, entries_for
from privet.consent.technologies import SESSION, UNLIMITED, lifetime_seconds

_ACCOUNT = acts.ACCOUNTS
_COURSE = acts.PROBLEMS + acts.ENROLMENTS + acts.CERTIFICATES + acts.FORUM
_DAY_SECONDS = 86_400
_FOR: Mapping[Use, Any] = {
    Use.INSTRUCTION: gettext_lazy("To teach you, as the contract says"),
    Use.SECURITY: gettext_lazy("To keep accounts safe, to which you can object"),
    Use.INTEGRITY: gettext_lazy("To keep grades honest, to which you can object"),
}
_WHO: Mapping[Recipient, Any] = {
    Recipient.COURSE_TEAMS: gettext_lazy("the course team"),
    Recipient.UNIVERSITY: gettext_lazy("the institution"),
    Recipient.PLATFORM: gettext_lazy("the platform"),
}
_CATEGORIES: Mapping[Category, Any] = {
    Category.NECESSARY: gettext_lazy("always on"),
    Category.PERFORMANCE: gettext_lazy("only with your yes to performance"),
    Category.FUNCTIONALITY: gettext_lazy("only with your yes to functionality"),
    Category.TARGETING: gettext_lazy("only with your yes to targeting"),
}


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of a notice: a heading, a sentence, and lines below it."""

    title: str
    text: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Told:
    """A notice in one language."""

    title: str
    lead: str
    sections: tuple[Section, ...]

    def as_json(self) -> dict[str, Any]:
        """Values of JSON, of which the hash is."""
        return asdict(self)


def tell_sign_up(*, language: str, choices: Mapping[str, Any]) -> Told:
    """What having an account collects; ``choices`` are the banner's names and explanations."""
    with in_language(language):
        return Told(
            title=_("What your account collects"),
            lead=_(
                "This is kept because you have an account. About everything else you decide, "
                "now or later."
            ),
            sections=(
                *_acts_sections(_("Recorded about your account"), _ACCOUNT),
                Section(
                    title=_("Always on in your browser"),
                    text=_("The site cannot work without these."),
                    lines=tuple(_lines(_necessary(entries_for()), language)),
                ),
                _choices_section(choices),
                _rights_section(),
            ),
        )


def tell_enrolment(
    *, language: str, choices: Mapping[str, Any], institution: str, name: str, course: str
) -> Told:
    """What a course and the member that gives it collect; ``name`` is what the member is called."""
    own = [one for one in entries_for(institution=institution, course=course) if one.institution]
    with in_language(language):
        return Told(
            title=_("What this course and %(name)s collect") % {"name": name},
            lead=_(
                "%(name)s gives this course. It decides together with the platform about your "
                "data in it."
            )
            % {"name": name},
            sections=(
                *_acts_sections(_("Recorded of what you do in the course"), _COURSE),
                Section(
                    title=_("Cookies of %(name)s in this course") % {"name": name},
                    text=_(
                        "These it has registered. Where the page loads the platform's guard, what "
                        "is not registered is blocked."
                    )
                    if own
                    else _(
                        "It has registered none. Where the page loads the platform's guard, what "
                        "is not registered is blocked."
                    ),
                    lines=tuple(_lines(own, language)),
                ),
                _choices_section(choices),
                _rights_section(),
            ),
        )


def _acts_sections(title: str, events: Sequence[Event]) -> tuple[Section, Section]:
    """What is kept without asking: the acts; and for what, how long, and who sees it."""
    uses = [use for use in ESSENTIAL if any(use & event.uses for event in events)]
    said = dict.fromkeys(_(event.says) for event in events)
    recorded = Section(
        title=title, text=_("Each with its time and what belongs to it:"), lines=tuple(said)
    )
    purposes = Section(
        title=_("What for, how long, and who sees it"),
        text=_("This needs no yes, and is used for nothing else without one."),
        lines=tuple(_purpose(use) for use in uses),
    )
    return recorded, purposes


def _purpose(use: Use) -> str:
    kept = _kept(TERMS[use].retention_months)
    who = ", ".join(str(_WHO[one]) for one in RECIPIENTS[use])
    return _("%(what_for)s; %(kept)s; seen by %(who)s.") % {
        "what_for": _FOR[use], "kept": kept, "who": who,
    }  # fmt: skip


def _kept(months: int) -> str:
    """How long, in years where they are whole."""
    years, rest = divmod(months, 12)
    if rest:
        return ngettext("kept for %(n)s month", "kept for %(n)s months", months) % {"n": months}
    return ngettext("kept for %(n)s year", "kept for %(n)s years", years) % {"n": years}


def _necessary(entries: Iterable[Technology]) -> list[Technology]:
    return [one for one in entries if one.category is Category.NECESSARY]


def _lines(entries: Iterable[Technology], language: str) -> Iterable[str]:
    for one in entries:
        yield _("%(name)s (%(vendor)s, %(category)s, %(lifetime)s): %(purpose)s") % {
            "name": one.name,
            "vendor": one.vendor,
            "category": _CATEGORIES[one.category],
            "lifetime": _lifetime(one.effective_lifetime),
            "purpose": one.says(language),
        }


def _lifetime(lifetime: str) -> str:
    if lifetime == SESSION:
        return _("until the browser is closed")
    if lifetime == UNLIMITED:
        return _("until it is cleared")
    days = max(1, round((lifetime_seconds(lifetime) or 0) / _DAY_SECONDS))
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


def _choices_section(choices: Mapping[str, Any]) -> Section:
    asked = [choices[choice_name(choice)] for choice in Choice]
    return Section(
        title=_("Only if you say yes"),
        text=_("Until you decide, none of this is on. You can change your mind at any time."),
        lines=tuple(f"{said['name']}: {said['says']}" for said in asked),
    )


def _rights_section() -> Section:
    return Section(
        title=_("Your way back"),
        text=_(
            "In the privacy centre you see what is kept of you, and change your choices at any "
            "time."
        ),
    )
