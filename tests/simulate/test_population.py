"""The shares in which people come are those of the published figures."""

import numpy as np
import pytest

from privet.simulate.acts import DAY_MICROS
from privet.simulate.choices import NEVER, WAYS
from privet.simulate.countries import CODES
from privet.simulate.population import Effort, Sharing
from privet.simulate.visits import choose_address
from tests.simulate.town import Town


@pytest.mark.parametrize(
    ("effort", "share"), [(Effort.LURKER, 0.60), (Effort.PARTIAL, 0.28), (Effort.COMPLETER, 0.12)]
)
def test_enrolments_are_lurkers_partial_and_completers(
    town: Town, effort: Effort, share: float
) -> None:
    assert np.mean(town.world.people.enrolments.effort == effort) == pytest.approx(share, abs=0.02)


@pytest.mark.parametrize(
    ("sharing", "share", "most"),
    [
        (Sharing.HOME, 0.10, 2), (Sharing.DORMITORY, 0.03, 40), (Sharing.CARRIER, 0.10, 200),
        (Sharing.VPN, 0.03, 100),
    ],
)  # fmt: skip
def test_addresses_are_shared_as_the_figures_say(
    town: Town, sharing: Sharing, share: float, most: int
) -> None:
    people = town.world.people
    told = set()
    for cheat in people.plots.cheats:
        told |= {cheat.master, *cheat.harvesters}
    for company in people.plots.companies:
        told |= set(company.members)
    plain = np.setdiff1d(np.flatnonzero(people.sharing == sharing), list(told))
    assert np.mean(people.sharing == sharing) == pytest.approx(share, abs=0.012)
    _, counts = np.unique(people.home[plain], return_counts=True)
    assert 2 <= counts.max() <= most


def test_a_seventh_of_all_weeks_is_spent_on_another_network(town: Town) -> None:
    people, period = town.world.people, town.world.period
    learner = np.repeat(np.arange(len(people)), 10)
    week = np.tile(np.arange(10), len(people))
    at = period.starts + week * 7 * DAY_MICROS + DAY_MICROS
    away = choose_address(learner, at, people, period) == people.second[learner]
    assert away.mean() == pytest.approx(0.15, abs=0.01)


def test_people_answer_the_banner_by_the_law_of_their_place(town: Town) -> None:
    people = town.world.people
    accepts = people.decisions.way == [name for name, _ in WAYS].index("accept_all")
    is_american = people.country == CODES.index("US")
    assert accepts[~is_american].mean() == pytest.approx(0.40, abs=0.03)
    assert accepts[is_american].mean() == pytest.approx(0.62, abs=0.03)


def test_some_never_decide_and_some_take_back_what_they_allowed(town: Town) -> None:
    decisions = town.world.people.decisions
    assert 0.09 < np.mean(decisions.decided == NEVER) < 0.16
    assert 0.003 < np.mean(decisions.withdrawn != NEVER) < 0.03
    taken_back = decisions.withdrawn != NEVER
    assert np.all(decisions.withdrawn[taken_back] > decisions.decided[taken_back])


def test_every_learner_has_one_story_at_most(town: Town) -> None:
    plots = town.world.people.plots
    people = [n for cheat in plots.cheats for n in (cheat.master, *cheat.harvesters)]
    people += [n for company in plots.companies for n in company.members]
    people += [one.learner for one in plots.shared]
    assert len(people) == len(set(people))


def test_about_as_many_of_the_completers_cheat_as_was_found(town: Town) -> None:
    effort = town.world.people.enrolments.effort
    cheats = len(town.world.people.plots.cheats)
    assert cheats / np.count_nonzero(effort == Effort.COMPLETER) == pytest.approx(0.013, abs=0.002)
