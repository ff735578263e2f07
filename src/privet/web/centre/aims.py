"""What data about a learner is for: each aim, whether it is on for them, and whose to switch."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from privet.catalogue.recipients import RECIPIENTS, Recipient
from privet.catalogue.spec import Event
from privet.catalogue.uses import TERMS, Choice, Use
from privet.consent.places import Regime
from privet.consent.rules import BY_CHOICE, GPC_CHOICES, AgeGroup, Cell, Standing
from privet.consent.state import State
from privet.web.uses import CATEGORY_OF, USES, name_of
from privet.web.words import Words, say_short_day


class Switch(StrEnum):
    """Whose an aim is to switch."""

    CHOICE = "choice"
    """The learner's, by a decision."""
    OBJECTION = "objection"
    """The learner's, by an objection (GDPR Art. 21)."""
    CONTRACT = "contract"
    LAW = "law"
    SIGNAL = "signal"
    """Global Privacy Control keeps it off."""
    AGE = "age"
    """Nobody of this age, or of unknown age, is asked."""


@dataclass(frozen=True, kw_only=True)
class Aim:
    """One thing that data is for: a use, or the part of a use that one choice opens."""

    key: str
    name: Words
    means: Words
    category: str
    recipients: tuple[Recipient, ...]
    use: Use | None = None
    """None for what a law requires."""
    choice: Choice | None = None


@dataclass(frozen=True, kw_only=True)
class Person:
    """What settles which aims are on for somebody."""

    standing: Standing
    state: State | None
    gpc: bool
    """Whether this request carries Global Privacy Control."""
    kept: Mapping[str, int]
    """How many records serve each aim, by its key."""

    def is_unasked(self, aim: "Aim") -> bool:
        """Whether records serve it on the word of somebody else: the person has not decided yet."""
        is_free = not (self.standing.decided or self.standing.restricted)
        return (
            is_free
            and not (aim.use and self.standing.objected & aim.use)
            and bool(self.kept.get(aim.key))
        )


@dataclass(frozen=True, kw_only=True)
class Now:
    """An aim as it is for one person at this moment."""

    aim: Aim
    is_on: bool
    switch: Switch
    says: str
    """On or off, and why, in a few words."""
    is_unasked: bool = False
    """On the word of the platform: the person has not decided yet."""
    is_age_known: bool = False

    @property
    def recipients(self) -> tuple[Recipient, ...]:
        """Who receives something now: nobody of what is off."""
        return self.aim.recipients if self.is_on else (Recipient.NOBODY,)


def _of_use(use: Use) -> Aim:
    words = USES[use]
    return Aim(
        key=(use.name or "").lower(),
        name=words.name,
        means=words.means,
        category=words.category,
        recipients=RECIPIENTS[use],
        use=use,
    )


def _of_choice(choice: Choice, use: Use, name: Words | None = None, means: Words = "") -> Aim:
    words = USES[use]
    return Aim(
        key=(choice.name or "").lower(),
        name=name or words.name,
        means=means or words.means,
        category=CATEGORY_OF[choice],
        recipients=RECIPIENTS[use],
        use=use,
        choice=choice,
    )


DUTY = Aim(
    key="duty",
    name=_("Proof for the law"),
    means=_("To be able to show what you decided, and that it was obeyed."),
    category="necessary",
    recipients=(Recipient.NOBODY,),
)
AIMS: tuple[Aim, ...] = (
    _of_use(Use.INSTRUCTION),
    _of_use(Use.INTEGRITY),
    _of_use(Use.SECURITY),
    DUTY,
    _of_choice(Choice.PERFORMANCE, Use.ANALYTICS),
    _of_choice(Choice.FUNCTIONALITY, Use.PERSONALISATION),
    _of_choice(Choice.RESEARCH, Use.RESEARCH),
    _of_choice(
        Choice.MARKETING_MAIL,
        Use.MARKETING,
        _("Mail about courses"),
        _("To write to you about courses and offers."),
    ),
    _of_choice(
        Choice.TARGETING,
        Use.MARKETING,
        _("Advertisements"),
        _("To choose advertisements that fit your interests."),
    ),
    _of_choice(Choice.SALE_SHARING, Use.SHARING),
)
"""In the order in which they are shown: what is always there first."""
BY_KEY = {aim.key: aim for aim in AIMS}


def aims_of(event: Event, uses: Use) -> Iterator[Aim]:
    """What rows of an event with these uses serve; the choice that it needs tells two apart."""
    for aim in AIMS:
        if aim.use is None or aim.use not in uses:
            continue
        if aim.use is Use.MARKETING and aim.choice != (event.needs or Choice.TARGETING):
            continue
        yield aim


def aims_now(person: Person) -> list[Now]:
    """Every aim as it is for a person."""
    return [_now(aim, person) for aim in AIMS]


def _now(aim: Aim, person: Person) -> Now:
    if aim.use is None:
        return Now(
            aim=aim, is_on=True, switch=Switch.LAW, says=gettext("always: a law requires it")
        )
    if aim.choice is not None:
        return _chosen(aim, aim.use, aim.choice, person)
    is_on = bool(person.standing.uses & aim.use)
    if not TERMS[aim.use].can_be_objected_to:
        says = gettext("always: your courses need it")
        return Now(aim=aim, is_on=is_on, switch=Switch.CONTRACT, says=says)
    says = gettext("on, you can object") if is_on else gettext("off, you objected")
    return Now(aim=aim, is_on=is_on, switch=Switch.OBJECTION, says=says)


def _chosen(aim: Aim, use: Use, choice: Choice, person: Person) -> Now:
    standing = person.standing
    is_confirmed = standing.confirmed and choice in Choice(standing.choices)
    if (person.gpc or standing.gpc) and choice in GPC_CHOICES and not is_confirmed:
        says = gettext("off, your browser asks for it")
        return Now(aim=aim, is_on=False, switch=Switch.SIGNAL, says=says)
    if person.is_unasked(aim):
        says = gettext("on, you have not decided yet")
        return Now(aim=aim, is_on=True, switch=Switch.CHOICE, says=says, is_unasked=True)
    is_on = choice in Choice(standing.choices) and bool(standing.uses & use)
    if not is_on and _is_closed(choice, person.state):
        return _closed(aim, person.state)
    return Now(aim=aim, is_on=is_on, switch=Switch.CHOICE, says=_say(person, use, is_on=is_on))


def _closed(aim: Aim, state: State | None) -> Now:
    is_known = state is not None and state.age is not AgeGroup.UNKNOWN
    says = gettext("off, not asked at your age") if is_known else gettext("off, for adults only")
    return Now(aim=aim, is_on=False, switch=Switch.AGE, says=says, is_age_known=is_known)


def _is_closed(choice: Choice, state: State | None) -> bool:
    regime, age = (state.regime, state.age) if state else (Regime.OPT_IN, AgeGroup.UNKNOWN)
    return BY_CHOICE[choice].cells[regime, age] is Cell.NEVER


def _say(person: Person, use: Use, *, is_on: bool) -> str:
    decided = person.state.decided if person.state else None
    if is_on and decided:
        return gettext("on, decided on %(day)s") % {"day": say_short_day(decided.date())}
    if is_on:
        return gettext("on")
    if person.standing.objected & use:
        return gettext("off, you turned it off")
    if person.standing.restricted:
        return gettext("off while your data is restricted")
    return gettext("off") if person.standing.decided else gettext("off until you say yes")


def name_of_aim(aim: Aim) -> str:
    """What an aim is called, in the language of the page."""
    return str(aim.name or (name_of(aim.use) if aim.use else ""))
