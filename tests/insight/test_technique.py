"""With what learners came, put to a real lake."""

from privet.insight.technique import show_technique
from tests.insight.expected import QUESTION, agreed, shown
from tests.population import Learner


def test_technique_counts_learners(filled: list[Learner]) -> None:
    technique = show_technique(QUESTION)
    mobile = [one for one in agreed(filled) if one.number % 7 in (2, 4, 5)]
    assert {line.name: line.learners for line in technique.devices}["mobile"] == shown(mobile)
    assert technique.browsers
    assert technique.systems
