"""Who allows what: the published table of uses, and the gate that every event passes.

The table is data. `permitted` applies it to a person once, when they decide; `gate` applies the
result to an event in about a microsecond. Nothing here reads a clock or a database.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from privet.catalogue.spec import Event
from privet.catalogue.uses import CHOICE_USES, ESSENTIAL, NO_CHOICES, TERMS, Choice, Use
from privet.consent.places import Regime


class AgeGroup(StrEnum):
    """How old a person is, as far as it matters."""

    UNKNOWN = "unknown"
    CHILD = "child"
    """Under the age of digital consent of the place."""
    MINOR = "minor"
    """Of that age, and under 18."""
    ADULT = "adult"


class Cell(StrEnum):
    """What the table says of one use."""

    WITHOUT_CONSENT = "without consent"
    """On contract, legal duty or legitimate interest; the last can be objected to."""
    IF_CHOSEN = "if chosen"
    """Only after the person said yes."""
    UNLESS_REFUSED = "unless refused"
    """After a decision in which the person did not say no. Before a decision: not."""
    NEVER = "never"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the table: a use, and the choice that opens it."""

    use: Use
    choice: Choice | None
    narrowed_by_gpc: bool
    cells: Mapping[tuple[Regime, AgeGroup], Cell]


def _row(use: Use, choice: Choice | None, opt_in: str, opt_out: str, *, gpc: bool = False) -> Row:
    words = {"w": Cell.WITHOUT_CONSENT, "y": Cell.IF_CHOSEN, "n": Cell.NEVER}
    words["u"] = Cell.UNLESS_REFUSED
    lines = {Regime.OPT_IN: opt_in.split(), Regime.OPT_OUT: opt_out.split()}
    cells = {
        (regime, age): words[letter]
        for regime, letters in lines.items()
        for age, letter in zip(AgeGroup, letters, strict=True)
    }
    return Row(use=use, choice=choice, narrowed_by_gpc=gpc, cells=cells)


# The letters stand for unknown age, child, minor, adult; w = without consent, y = if chosen (yes),
# u = unless refused, n = never. A child gets essentials only (GDPR Art. 8, COPPA). Nobody who may
# be a minor gets advertising by profile (DSA Art. 28(2)) or is sold (CCPA 1798.120(c)); that
# includes people of unknown age.
TABLE: tuple[Row, ...] = (
    _row(Use.INSTRUCTION, None, "w w w w", "w w w w"),
    _row(Use.SECURITY, None, "w w w w", "w w w w"),
    _row(Use.INTEGRITY, None, "w w w w", "w w w w"),
    _row(Use.ANALYTICS, Choice.PERFORMANCE, "y n y y", "y n y u"),
    _row(Use.PERSONALISATION, Choice.FUNCTIONALITY, "y n y y", "y n y u"),
    _row(Use.MARKETING, Choice.TARGETING, "n n n y", "n n n u", gpc=True),
    _row(Use.MARKETING, Choice.MARKETING_MAIL, "y n y y", "y n y y"),
    _row(Use.RESEARCH, Choice.RESEARCH, "y n y y", "y n y y"),
    _row(Use.SHARING, Choice.SALE_SHARING, "n n n y", "n n n u", gpc=True),
)

BY_CHOICE: Mapping[Choice, Row] = {row.choice: row for row in TABLE if row.choice is not None}
GPC_CHOICES = Choice(sum(c for c, row in BY_CHOICE.items() if row.narrowed_by_gpc))
"""What Global Privacy Control refuses: targeting, sale and sharing."""
ALL_CHOICES = Choice(sum(Choice))
OBJECTABLE = (
    Use(sum(use for use, terms in TERMS.items() if terms.can_be_objected_to)) | Use.PERSONALISATION
)
"""Uses on a legitimate interest (GDPR Art. 21), and suggestions: who lets the site remember how
they like it may still want none, so these end by themselves, without the choice."""
NO_USES = Use(0)


class Answers(NamedTuple):
    """What a person said: to which choices they answered, and to which with yes."""

    asked: Choice
    granted: Choice


class Circumstances(NamedTuple):
    """What the table needs to know of a person beside their answers."""

    regime: Regime = Regime.OPT_IN
    age: AgeGroup = AgeGroup.UNKNOWN
    gpc: bool = False
    confirmed: bool = False
    """Whether the person confirmed a yes against the signal when the conflict was shown."""


def allowed_choices(answers: Answers, circumstances: Circumstances) -> Choice:
    """The choices in force after a decision: yes where it counts, silence where it is enough."""
    found = NO_CHOICES
    for choice, row in BY_CHOICE.items():
        if circumstances.gpc and not circumstances.confirmed and row.narrowed_by_gpc:
            continue
        cell = row.cells[circumstances.regime, circumstances.age]
        says_yes = choice in answers.granted
        is_silent = choice not in answers.asked
        if (cell is Cell.IF_CHOSEN and says_yes) or (
            cell is Cell.UNLESS_REFUSED and (says_yes or is_silent)
        ):
            found |= choice
    return found


def uses_of_choices(choices: Choice) -> Use:
    """The uses that choices open, without the essential ones."""
    found = 0
    for choice, use in CHOICE_USES.items():
        if choice & choices:
            found |= use
    return Use(found)


class Standing(NamedTuple):
    """What one person allows at this moment, worked out beforehand for the hot path.

    ``uses`` and ``choices`` are what is in force: the decision, narrowed by table, GPC, objection
    and restriction. Plain integers, since an ``IntFlag`` costs five times as much per operation.
    """

    uses: int
    choices: int
    decided: bool
    restricted: bool = False
    objected: int = 0
    """Bits of the uses that the person objects to."""
    gpc: bool = False
    """Whether GPC narrowed what is in force."""
    expires_day: int = 0
    """The first day (since 1970 UTC) on which the decision is void; 0 for never."""
    confirmed: bool = False
    """Whether a yes was confirmed against GPC: the signal of a request then narrows nothing."""


UNDECIDED = Standing(uses=int(ESSENTIAL), choices=0, decided=False)


def permitted(
    answers: Answers | None,
    circumstances: Circumstances,
    *,
    objected: Use = NO_USES,
    restricted: bool = False,
    expires_day: int = 0,
) -> Standing:
    """The standing of a person who gave these answers (none: who has not decided)."""
    choices = NO_CHOICES
    if answers is not None and not restricted:
        choices = allowed_choices(answers, circumstances)
    uses = (uses_of_choices(choices) | ESSENTIAL) & ~(objected & OBJECTABLE)
    return Standing(
        uses=int(uses),
        choices=int(choices),
        decided=answers is not None,
        restricted=restricted,
        objected=int(objected & OBJECTABLE),
        gpc=circumstances.gpc,
        expires_day=expires_day if answers is not None else 0,
        confirmed=circumstances.confirmed,
    )


def narrow(one: Standing, other: Standing) -> Standing:
    """What both allow, for two decisions of one person: the most restrictive wins.

    Who has not decided adds nothing but their objections and their restriction.
    """
    objected = one.objected | other.objected
    restricted = one.restricted or other.restricted
    decisions = [standing for standing in (one, other) if standing.decided]
    choices = int(ALL_CHOICES) if decisions and not restricted else 0
    for standing in decisions:
        choices &= standing.choices
    days = [standing.expires_day for standing in decisions if standing.expires_day]
    return Standing(
        uses=int(uses_of_choices(Choice(choices)) | ESSENTIAL) & ~objected,
        choices=choices,
        decided=bool(decisions),
        restricted=restricted,
        objected=objected,
        gpc=one.gpc or other.gpc,
        expires_day=min(days, default=0),
        confirmed=all(standing.confirmed for standing in decisions) and bool(decisions),
    )


def void_decision(standing: Standing) -> Standing:
    """The standing when its decision has expired: undecided, objections and restriction kept."""
    return Standing(
        uses=int(ESSENTIAL) & ~standing.objected,
        choices=0,
        decided=False,
        restricted=standing.restricted,
        objected=standing.objected,
    )


_GPC = int(GPC_CHOICES)
_TARGETING = int(Choice.TARGETING)
_MAIL = int(Choice.MARKETING_MAIL)
_NO_SHARING = ~int(Use.SHARING)
_NO_MARKETING = ~int(Use.MARKETING)
_ESSENTIAL = int(ESSENTIAL)


def gate(event: Event, standing: Standing, gpc: bool = False) -> int:
    """The uses (bits of `Use`) for which this event of this person may be stored; 0 for none.

    ``gpc`` says whether the request carried ``Sec-GPC: 1``; it narrows, and never widens, unless
    the person confirmed against it.
    """
    choices = standing.choices
    uses = event.uses_bits & standing.uses
    if gpc and not standing.confirmed:
        choices &= ~_GPC
        uses &= _NO_SHARING if choices & _MAIL else _NO_SHARING & _NO_MARKETING
    needs = event.needs_bits
    return 0 if needs and not needs & choices else uses


def regate(event: Event, standing: Standing | None, uses: int) -> int:
    """What is left of a stored event's uses after minutes have passed; the loader asks.

    A decision binds. Who never decided keeps what the door allowed (an import on the operator's
    word, a visitor's cookie), less what they objected to or had restricted.
    """
    if standing is None:
        return uses
    if standing.decided:
        return uses & gate(event, standing)
    uses &= ~standing.objected
    return uses & _ESSENTIAL if standing.restricted else uses
