"""A case's evidence as pages show it: to the officers and to the learner the same."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from privet.integrity.evidence import Evidence, Fired, Gap, Line, explanations_of, gaps_of
from privet.integrity.findings import SHARING, How
from privet.web.components.figures import Figure
from privet.web.components.tables import Cell, Column, Kind, Table
from privet.web.components.timeline import MOST_ROWS, Timeline, draw_timeline
from privet.web.console.content_words import short_id
from privet.web.detectors import name_of_detector
from privet.web.integrity_words import (
    EXPLANATIONS,
    FEW_DAYS,
    GAPS,
    say_chance,
    say_false,
    say_networks,
)
from privet.web.words import NOTHING, Words, say_decimal, say_seconds

SayAccount = Callable[[str], str]
"""How an account is called on this page, by its letter."""


@dataclass(frozen=True, kw_only=True)
class ShownDetector:
    """A detector that speaks of these accounts, in words."""

    name: Words
    facts: str
    opened_it: bool


@dataclass(frozen=True, kw_only=True)
class ShownEvidence:
    """What `components/evidence.html` draws."""

    figures: list[Figure]
    is_sharing: bool
    sentence: str
    chance: str
    false_share: str
    confidence: str
    degree: int
    networks: str
    detectors: list[ShownDetector]
    explanations: list[Words]
    gaps: list[Words]
    wide: Timeline
    narrow: Timeline
    table: Table
    rows_left: int
    """Rows of the table that the picture leaves out."""


def show_evidence(evidence: Evidence, say_account: SayAccount) -> ShownEvidence:
    """The evidence in words, figures, a picture and a table."""
    opening = evidence.opening
    is_sharing = opening.kind in SHARING
    return ShownEvidence(
        figures=_figures(evidence, is_sharing=is_sharing),
        is_sharing=is_sharing,
        sentence=_sentence(evidence, say_account, is_sharing=is_sharing),
        chance=say_chance(opening.p),
        false_share=say_false(opening.q),
        confidence=say_decimal(opening.confidence, 2),
        degree=evidence.ip_degree,
        networks=say_networks(evidence),
        detectors=[_detector(one, place == 0) for place, one in enumerate(evidence.fired)],
        explanations=[EXPLANATIONS[one] for one in explanations_of(evidence)],
        gaps=[_say_gap(one, is_sharing=is_sharing) for one in gaps_of(evidence)],
        wide=draw_timeline(evidence.lines, width=720, name="wide", is_sharing=is_sharing),
        narrow=draw_timeline(evidence.lines, width=320, name="narrow", is_sharing=is_sharing),
        table=_table(evidence, say_account, is_sharing=is_sharing),
        rows_left=max(0, len(evidence.lines) - MOST_ROWS),
    )


def summarise(evidence: Evidence) -> tuple[str, str]:
    """The evidence in a line and what it weighs, for a list; no account is in it."""
    opening = evidence.opening
    said = {"x": opening.x, "n": opening.n}
    if opening.kind in SHARING:
        line = gettext("in two places on %(x)s of %(n)s days") % said
    else:
        line = gettext("%(x)s of %(n)s items after the answer was had") % said
    weighs = [gettext("chance: %(chance)s") % {"chance": say_chance(opening.p)}]
    if evidence.lag_p90_seconds is not None:
        lag = say_seconds(evidence.lag_p90_seconds)
        weighs.append(gettext("nine in ten within %(time)s") % {"time": lag})
    fit = len(explanations_of(evidence))
    words = ngettext("%(n)s innocent explanation fits", "%(n)s innocent explanations fit", fit)
    return line, " · ".join([*weighs, words % {"n": fit}])


def _figures(evidence: Evidence, *, is_sharing: bool) -> list[Figure]:
    opening = evidence.opening
    if is_sharing:
        return [
            Figure(name=gettext("Days looked at"), value=opening.n),
            Figure(name=gettext("Days in two places"), value=opening.x),
        ]
    return [
        Figure(name=gettext("Items both had to do with"), value=opening.n),
        Figure(name=gettext("Of them after the answer"), value=opening.x),
        Figure(
            name=gettext("Nine in ten within"), value=evidence.lag_p90_seconds, kind=Kind.SECONDS
        ),
    ]


def _sentence(evidence: Evidence, say_account: SayAccount, *, is_sharing: bool) -> str:
    opening = evidence.opening
    said = {"x": opening.x, "n": opening.n, "main": say_account(evidence.main)}
    if is_sharing:
        words = (
            gettext("%(main)s was active in two places on %(x)s of %(n)s days looked at.") % said
        )
        return words[:1].upper() + words[1:]
    others = _listed([say_account(letter) for letter in evidence.letters[:-1]])
    words = gettext(
        "Of %(n)s items, %(others)s had the answer of %(x)s before %(main)s submitted it."
    )
    return words % (said | {"others": others})


def _say_gap(gap: Gap, *, is_sharing: bool) -> Words:
    return FEW_DAYS if is_sharing and gap is Gap.FEW_ITEMS else GAPS[gap]


def _listed(names: list[str]) -> str:
    *some, last = names
    if not some:
        return last
    return gettext("%(some)s and %(last)s") % {"some": ", ".join(some), "last": last}


def _detector(fired: Fired, opened_it: bool) -> ShownDetector:
    words = gettext("%(x)s of %(n)s · by chance %(chance)s")
    facts = words % {"x": fired.x, "n": fired.n, "chance": say_chance(fired.p)}
    return ShownDetector(name=name_of_detector(fired.kind), facts=facts, opened_it=opened_it)


def _table(evidence: Evidence, say_account: SayAccount, *, is_sharing: bool) -> Table:
    if is_sharing:
        first, second = gettext("Here first"), gettext("Elsewhere")
    else:
        first, second = gettext("Answer had"), gettext("Submitted")
    # Of an account that was seen in two places on a single evening, each line is a problem of it.
    is_daily = is_sharing and evidence.opening.x == len(evidence.lines)
    item = gettext("Day") if is_daily else gettext("Item")
    return Table(
        name="items",
        caption=gettext("The evidence, line by line")
        if is_sharing
        else gettext("The evidence, item by item"),
        columns=(
            Column(key="item", title=item),
            Column(key="first", title=first, kind=Kind.MOMENT),
            Column(key="second", title=second, kind=Kind.MOMENT),
            Column(key="dt", title=gettext("Time between"), kind=Kind.SECONDS),
        ),
        rows=tuple(
            (
                Cell(value=line.problem, words=_item(line, place), about=_how(line, say_account)),
                line.obtained,
                line.submitted,
                Cell(value=line.dt_seconds, words=_say_dt(line.dt_seconds)),
            )
            for place, line in enumerate(evidence.lines)
        ),
        can_sort=False,
    )


def _item(line: Line, place: int) -> str:
    return f"{place + 1} · {short_id(line.problem)}" if line.problem else str(place + 1)


def _how(line: Line, say_account: SayAccount) -> str:
    if line.how is None or not line.source:
        return ""
    account = {"account": say_account(line.source)}
    if line.how is How.EXHAUSTED:
        return gettext("%(account)s: by wrong attempts") % account
    return gettext("%(account)s: had it shown") % account


def _say_dt(seconds: float) -> str:
    if seconds < 0:
        return "\N{MINUS SIGN}" + say_seconds(-seconds)
    return say_seconds(seconds) if seconds else NOTHING
