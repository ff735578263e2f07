"""What may be shown of a number of learners, reckoned apart from the queries."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from privet.catalogue.registry import EVENTS
from privet.catalogue.uses import Use
from privet.events.query import Scope
from privet.insight.asking import Question
from privet.insight.noise import Noise
from privet.insight.rules import last_days
from tests.population import Learner, end_of_yesterday
from tests.population import _entries as entries_of
from tests.web.conftest import NOISE_SECRET

YESTERDAY = end_of_yesterday().date() - timedelta(days=1)
QUESTION = Question(period=last_days(50, today=YESTERDAY), scope=Scope(), by="test")


def shown(learners: Iterable[Learner]) -> int:
    """Their number with its noise."""
    return shown_subjects([learner.subject for learner in learners])


def agreed(learners: Iterable[Learner]) -> list[Learner]:
    """Those whose clicks are there."""
    return [learner for learner in learners if learner.agrees]


def shown_subjects(subjects: Collection[int]) -> int:
    """The number of some pseudonyms with its noise."""
    return Noise(NOISE_SECRET).on_count(len(subjects), sum(one % 4294967296 for one in subjects))


@dataclass(frozen=True)
class Happening:
    """Something that a learner of the population did, as it was made and not as it was read."""

    subject: int
    time: datetime
    name: str
    session: int
    course: str


def happenings(learners: Iterable[Learner]) -> list[Happening]:
    """All that may be counted in the days of `QUESTION`."""
    found = []
    for learner in agreed(learners):
        random = Random(learner.number)  # noqa: S311 - the population's own seed
        for entry in entries_of(learner, random, end_of_yesterday()):
            moment = datetime.fromtimestamp(entry.time / 1e6, UTC)
            if not EVENTS[entry.name].uses & Use.ANALYTICS:
                continue
            if QUESTION.period.first <= moment.date() <= QUESTION.period.last:
                found.append(
                    Happening(learner.subject, moment, entry.name, entry.session, entry.course)
                )
    return found
