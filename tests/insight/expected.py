"""What may be shown of a number of learners, reckoned apart from the queries."""

from collections.abc import Iterable
from datetime import timedelta

from privet.events.query import Scope
from privet.insight.asking import Question
from privet.insight.noise import Noise
from privet.insight.rules import last_days
from tests.population import Learner, end_of_yesterday
from tests.web.conftest import NOISE_SECRET

YESTERDAY = end_of_yesterday().date() - timedelta(days=1)
QUESTION = Question(period=last_days(50, today=YESTERDAY), scope=Scope(), by="test")


def shown(learners: Iterable[Learner]) -> int:
    """Their number with its noise."""
    subjects = [learner.subject for learner in learners]
    key = sum(subject % 4294967296 for subject in subjects)
    return Noise(NOISE_SECRET).on_count(len(subjects), key)


def agreed(learners: Iterable[Learner]) -> list[Learner]:
    """Those whose clicks are there."""
    return [learner for learner in learners if learner.agrees]
