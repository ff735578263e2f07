"""One town for all tests: a population that is large enough for its shares to be seen."""

import pytest

from privet.events.query import register_queries
from tests.simulate.town import Town, make_town

register_queries("tests.events.sql")


@pytest.fixture(scope="session")
def town() -> Town:
    """12,000 learners in eight courses for ten weeks, and all that they do."""
    return make_town(learners=12_000, seed=5, days=70, courses=8)
