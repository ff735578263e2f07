"""Learners at risk: enrolled, with few of the points they tried for, and away for some days.

Counts are for everybody who sees statistics. Who they are is shown only to staff with the right
to see one learner, after a look at each of them is on record, and from what the server recorded
for teaching alone.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from privet.accounts.finding import Found, name_people
from privet.catalogue.uses import Use
from privet.events.query import query, register_queries
from privet.insight.asking import Question, ask
from privet.insight.looking import Looker, OpenLook, open_list
from privet.insight.rules import Period
from privet.kernel.clock import Clock

register_queries("privet.insight.people")

WITHIN_DAYS = 396
"""How far back an enrolment is looked for: the thirteen months that analytics may be kept."""
MOST_LISTED = 50
_AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class AtRiskRule:
    """The rule's two numbers, within their bounds."""

    days_away: int = 7
    """At least so many whole days without any act in the course."""
    pass_percent: int = 50
    """Fewer than this share of the points of the problems they tried, or none tried."""

    @property
    def pass_share(self) -> float:
        """The same from 0 to 1."""
        return self.pass_percent / 100


DAYS_BOUNDS = (3, 60)
PERCENT_BOUNDS = (10, 90)


def read_rule(*, days: str, percent: str) -> AtRiskRule:
    """The rule of an address; numbers outside their bounds are brought to the nearest bound."""
    usual = AtRiskRule()
    return AtRiskRule(
        days_away=_bounded(days, usual.days_away, DAYS_BOUNDS),
        pass_percent=_bounded(percent, usual.pass_percent, PERCENT_BOUNDS),
    )


@dataclass(frozen=True, kw_only=True)
class AtRiskLine:
    """A course: who is enrolled, fails, is away, and both."""

    institution: str
    course: str
    learners: int
    failing: int
    away: int
    at_risk: int


@dataclass(frozen=True, kw_only=True)
class PersonAtRisk:
    """One learner on the list, with the look that stands for their being shown."""

    person: Found
    last_day: date
    problems: int
    share: float | None
    """Of the points of the problems tried, from 0 to 1; none if there were none."""
    look: OpenLook


@dataclass(frozen=True, kw_only=True)
class AtRiskList:
    """The learners of a course at risk; ``unnamed`` are known only to a log.

    ``further`` were seen less lately than the last that is listed.
    """

    people: tuple[PersonAtRisk, ...]
    further: int
    unnamed: int


def count_at_risk(question: Question, *, rule: AtRiskRule) -> tuple[AtRiskLine, ...]:
    """Protected counts by course, on the period's last day."""
    asked = replace(question, period=_until(question.period.last))
    rows = ask("at_risk_courses", asked, days_away=rule.days_away, pass_share=rule.pass_share)
    return tuple(AtRiskLine(**row) for row in rows)


def list_at_risk(
    *, course: str, last: date, rule: AtRiskRule, why: str, looker: Looker, clock: Clock
) -> AtRiskList:
    """Who they are, each with a look on record; at most `MOST_LISTED`, the last seen first."""
    rows = _find_people(course, last, rule, looker)
    known = _named([row[0] for row in rows])
    every = [row for row in rows if row[0] in known]
    named = every[:MOST_LISTED]
    looks = open_list(
        people=[known[row[0]] for row in named],
        course=course,
        why=why,
        looker=looker,
        clock=clock,
    )
    people = tuple(
        PersonAtRisk(person=known[subject], last_day=day, problems=problems, share=share, look=look)
        for (subject, day, problems, share), look in zip(named, looks, strict=True)
    )
    return AtRiskList(
        people=people, further=len(every) - len(named), unnamed=len(rows) - len(every)
    )


def _named(subjects: list[int]) -> dict[int, Found]:
    """Those who have an account, asked for in parts: a database takes only so many at a time."""
    parts = [subjects[at : at + _AT_ONCE] for at in range(0, len(subjects), _AT_ONCE)]
    return {subject: found for part in parts for subject, found in name_people(part).items()}


def _find_people(
    course: str, last: date, rule: AtRiskRule, looker: Looker
) -> list[tuple[int, date, int, float | None]]:
    period = _until(last)
    result = query(
        "at_risk_people",
        use=Use.INSTRUCTION,
        scope=looker.scope,
        by=looker.by,
        start=period.first,
        end=period.last,
        course=course,
        days_away=rule.days_away,
        pass_share=rule.pass_share,
    )
    return [(row[0], row[1], row[2], row[3]) for row in result.rows]


def _until(last: date) -> Period:
    return Period(first=last - timedelta(days=WITHIN_DAYS), last=last)


def _bounded(text: str, usual: int, bounds: tuple[int, int]) -> int:
    if not (text.isascii() and text.isdecimal()):
        return usual
    return min(max(int(text[:4]), bounds[0]), bounds[1])
