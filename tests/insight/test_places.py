"""From where learners came, put to a real lake."""

from privet.insight.places import show_places
from tests.insight.expected import QUESTION
from tests.population import Learner


def test_places_count_learners(filled: list[Learner]) -> None:
    places = show_places(QUESTION)
    assert places.countries
    assert places.regions == ()
    assert {line.name for line in places.kinds} >= {"residential", "mobile"}
    assert places.operators[0].asn
