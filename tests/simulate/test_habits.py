"""People who are seen in two places and are one person; and where those are who really are two."""

import numpy as np
import pytest

from privet.simulate.acts import MICROS, Kind
from privet.simulate.plots import HABITS, Mode, Tie
from privet.simulate.visits import VISITS_A_BLOCK
from tests.simulate.town import Town, make_town

HOUR = 3600 * MICROS


@pytest.fixture(scope="module")
def village() -> Town:
    return make_town(learners=6000, seed=23, days=70, courses=3, stories=4)


def _of(village: Town, tie: Tie) -> list[tuple[int, int]]:
    """The learner and the other address of each who has a habit."""
    people = village.world.people
    return [
        (one.members[0], int(people.away[place]))
        for place, one in enumerate(people.plots.companies)
        if one.tie is tie
    ]


@pytest.mark.parametrize("tie", sorted(HABITS))
def test_whoever_has_a_habit_is_alone_and_seen_in_two_places(village: Town, tie: Tie) -> None:
    there = [np.isin(away, village.of_learner(who)["address"]) for who, away in _of(village, tie)]
    assert sum(bool(one) for one in there) > 5


def test_a_commuter_needs_three_minutes_at_least_from_work_to_home(village: Town) -> None:
    half = VISITS_A_BLOCK // 2
    for who, work in _of(village, Tie.COMMUTER):
        acts = village.of_learner(who)
        there = acts[acts["address"] == work]
        for visit in np.unique(there["visit"]).tolist():
            left = there["time"][there["visit"] == visit].max()
            came = acts["time"][acts["visit"] == visit - half].min()
            assert came - left >= 180 * MICROS


def test_a_traveller_needs_hours_between_two_countries(village: Town) -> None:
    for who, abroad in _of(village, Tie.TRAVELLER):
        acts = village.of_learner(who, Kind.PROBLEM_CHECK, Kind.SHOWANSWER, Kind.LOGIN)
        acts = acts[np.argsort(acts["time"], kind="stable")]
        moves = np.flatnonzero(np.diff((acts["address"] == abroad).astype(int)))
        assert np.all(np.diff(acts["time"])[moves] > 14 * HOUR)


def test_a_vpn_is_switched_on_with_the_same_device(village: Town) -> None:
    for who, tunnel in _of(village, Tie.VPN_USER):
        acts = village.of_learner(who)
        for visit in np.unique(acts["visit"][acts["address"] == tunnel]).tolist():
            assert len(np.unique(acts["device"][acts["visit"] == visit])) == 1


def test_who_has_two_devices_does_each_thing_once_and_goes_over_it_when_all_is_done(
    village: Town,
) -> None:
    again = 0
    for who, phone in _of(village, Tie.TWO_DEVICES):
        acts = village.of_learner(who, Kind.PROBLEM_CHECK)
        for visit in np.unique(acts["visit"]).tolist():
            here = acts[acts["visit"] == visit]
            here = here[np.argsort(here["time"], kind="stable")]
            right = here[here["b"] == 1]
            repeats = np.flatnonzero(
                [item in right["item"][:place] for place, item in enumerate(right["item"])]
            )
            again += len(repeats)
            assert np.all(right["address"][repeats] == phone)
            assert all(right["time"][r] >= here["time"][here["a"] == 1].max() for r in repeats)
    assert again > 20


def test_what_a_router_sends_twice_comes_within_half_a_minute_by_the_other_line(
    village: Town,
) -> None:
    twice = 0
    for who, _ in _of(village, Tie.TWO_LINES):
        acts = village.of_learner(who, Kind.PROBLEM_CHECK)
        for item in np.unique(acts["item"]).tolist():
            right = acts[(acts["item"] == item) & (acts["b"] == 1)]
            right = right[np.argsort(right["time"], kind="stable")]
            assert np.all(np.diff(right["time"]) <= 30 * MICROS)
            assert np.all(np.diff(right["address"]) != 0)
            twice += len(right) > 1
    assert twice > 3


def test_one_person_with_two_accounts_is_in_one_place_unless_they_take_care(village: Town) -> None:
    checked = 0
    for cheat in village.world.people.plots.cheats:
        if cheat.mode is Mode.OTHER_IP or cheat.is_rotating:
            continue
        home = village.of_learner(cheat.master, Kind.PROBLEM_CHECK)
        where = dict(zip(home["item"].tolist(), home["address"].tolist(), strict=True))
        for harvester in cheat.harvesters:
            got = village.of_learner(harvester, Kind.SHOWANSWER)
            if cheat.mode is Mode.IMMEDIATE and not cheat.is_jittered:
                checked += len(got)
                assert all(where[act["item"]] == act["address"] for act in got)
    assert checked > 50
