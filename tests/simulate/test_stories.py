"""What is said to be copied, shared or done together shows in what people do."""

import numpy as np
import pytest

from privet.simulate.acts import DAY_MICROS, MICROS, Kind
from privet.simulate.plots import Mode, Shared, Tie
from privet.simulate.randomness import Array, stream
from tests.simulate.town import Town, make_town


@pytest.fixture(scope="module")
def city() -> Town:
    """A small one with five times as many stories, so that there are some of each."""
    return make_town(learners=10_000, seed=11, days=70, courses=4, stories=5)


def _waits(city: Town, *modes: Mode, jittered: bool = False) -> list[float]:
    """Seconds between a harvester's last act on an item and the master's submission of it."""
    found = []
    for cheat in city.world.people.plots.cheats:
        if cheat.mode not in modes or cheat.is_jittered != jittered:
            continue
        first = city.first_answers(cheat.master)
        for harvester in cheat.harvesters:
            got = city.of_learner(harvester, Kind.SHOWANSWER, Kind.PROBLEM_CHECK)
            for item in np.unique(got["item"]).tolist():
                last = got["time"][got["item"] == item].max()
                if item in first:
                    found.append((first[item] - last) / MICROS)
    return found


def test_immediate_copies_come_some_seconds_after_the_answer(city: Town) -> None:
    waits = _waits(city, Mode.IMMEDIATE, Mode.OTHER_IP, Mode.LIGHT)
    assert len(waits) > 300
    assert np.median(waits) == pytest.approx(20, rel=0.25)
    assert min(waits) > 0


def test_delayed_copies_come_about_an_hour_after_it(city: Town) -> None:
    assert np.median(_waits(city, Mode.DELAYED)) == pytest.approx(3600, rel=0.3)


def test_jittered_copies_come_after_six_to_thirty_minutes(city: Town) -> None:
    waits = _waits(city, Mode.IMMEDIATE, jittered=True)
    assert waits
    assert 360 <= min(waits) <= max(waits) <= 1800


def test_who_exhausts_attempts_asks_for_no_answer(city: Town) -> None:
    cheats = [c for c in city.world.people.plots.cheats if c.mode is Mode.EXHAUSTED]
    assert cheats
    for cheat in cheats:
        acts = city.of_learner(cheat.harvesters[0], Kind.PROBLEM_CHECK, Kind.SHOWANSWER)
        assert not np.any(acts["kind"] == Kind.SHOWANSWER)
        assert acts["a"].max() >= 3


def test_several_harvesters_take_turns(city: Town) -> None:
    cheats = [c for c in city.world.people.plots.cheats if c.mode is Mode.SEVERAL]
    assert cheats
    assert all(len(cheat.harvesters) > 1 for cheat in cheats)


def test_an_address_is_shared_unless_the_mode_says_otherwise(city: Town) -> None:
    home = city.world.people.home
    for cheat in city.world.people.plots.cheats:
        same = {int(home[n]) == int(home[cheat.master]) for n in cheat.harvesters}
        assert same == {cheat.mode is not Mode.OTHER_IP}


def test_a_master_copies_as_many_items_as_the_truth_says(city: Town) -> None:
    for cheat in city.world.people.plots.cheats:
        items = len(city.world.platform.courses[cheat.course].problems)
        submitted = city.of_learner(cheat.master, Kind.PROBLEM_CHECK)
        tried = len(np.unique(submitted["item"]))
        got = [city.of_learner(n, Kind.SHOWANSWER, Kind.PROBLEM_CHECK) for n in cheat.harvesters]
        copied = len(np.unique(np.concatenate(got)["item"]))
        assert copied <= min(tried, max(2, round(cheat.share * items)))


def test_rotating_homes_change_their_address_but_not_their_network(city: Town) -> None:
    cheats = [c for c in city.world.people.plots.cheats if c.is_rotating]
    assert cheats
    addresses = city.book.addresses()
    used = np.unique(np.concatenate([city.of_learner(c.master)["address"] for c in cheats[:1]]))
    sixes = [addresses[n] for n in used if addresses[n].version == 6]
    assert len(sixes) > 1
    assert len({int(address) >> 72 for address in sixes}) == 1


def test_the_second_of_two_roommates_always_starts_after_the_first(city: Town) -> None:
    pairs = [c for c in city.world.people.plots.companies if c.tie is Tie.ROOMMATES]
    assert pairs
    units = np.arange(1, 11)
    for pair in pairs:
        first, second = (_starts(city, member, units) for member in pair.members)
        assert np.all(second > first)


def test_a_study_group_starts_within_minutes(city: Town) -> None:
    groups = [c for c in city.world.people.plots.companies if c.tie is Tie.STUDY_GROUP]
    units = np.arange(1, 11)
    starts = np.stack([[_starts(city, n, units) for n in group.members] for group in groups])
    after = (starts - starts.min(axis=1, keepdims=True)).max(axis=1) / MICROS
    # The range of four exponential waits of 240 s: 240 · (1 + 1/2 + 1/3) on average.
    assert np.mean(after) == pytest.approx(440, rel=0.1)


def test_siblings_share_one_device(city: Town) -> None:
    device = city.world.people.device
    pairs = [c for c in city.world.people.plots.companies if c.tie is Tie.SIBLINGS]
    assert pairs
    assert all(device[pair.members[0]] == device[pair.members[1]] for pair in pairs)


def test_a_tutor_opens_answers_before_the_other_tries(city: Town) -> None:
    pairs = [c for c in city.world.people.plots.companies if c.tie is Tie.TUTOR]
    opened = 0
    for pair in pairs:
        first = city.first_answers(pair.members[1])
        shown = city.of_learner(pair.members[0], Kind.SHOWANSWER)
        common = [act for act in shown if int(act["item"]) in first]
        opened += len(common)
        assert all(act["time"] < first[int(act["item"])] for act in common)
    assert opened > 50


def test_a_class_answers_each_item_within_a_minute_or_two(city: Town) -> None:
    classes = [c for c in city.world.people.plots.companies if c.tie is Tie.CLASS]
    assert classes
    firsts = [city.first_answers(member) for member in classes[0].members]
    item = max({i for one in firsts for i in one}, key=lambda i: sum(i in one for one in firsts))
    times = [one[item] for one in firsts if item in one]
    assert len(times) > 5
    assert np.std(times) < 60 * MICROS


def test_a_retaker_comes_back_some_weeks_later(city: Town) -> None:
    pairs = [c for c in city.world.people.plots.companies if c.tie is Tie.RETAKERS]
    weeks = dict(
        zip(
            city.world.people.enrolments.learner.tolist(),
            city.world.people.enrolments.week.tolist(),
            strict=True,
        )
    )
    assert pairs
    assert all(weeks[second] - weeks[first] >= 3 for first, second in (p.members for p in pairs))


@pytest.mark.parametrize("shared", list(Shared))
def test_a_shared_account_is_used_from_elsewhere_on_several_days(
    city: Town, shared: Shared
) -> None:
    people = city.world.people
    days, is_abroad = [], []
    facts, at = city.book.facts, city.book.facts_at()
    for one, address in zip(people.plots.shared, people.elsewhere.tolist(), strict=True):
        if one.shared is shared:
            acts = city.of_learner(one.learner)
            days.append(len(np.unique(acts["time"][acts["address"] == address] // 86_400_000_000)))
            home = facts[at[people.home[one.learner]]].country
            is_abroad.append(facts[at[address]].country != home)
    assert np.median(days) >= 3
    assert all(is_abroad) is (shared is Shared.TRAVEL)


def _starts(city: Town, learner: int, units: Array) -> Array:
    """The moments at which a learner means to begin each unit, in microseconds."""
    who = np.full(len(units), learner)
    together = city.world.people.together
    _, found = together.starts_of(stream(1, learner), who, units, units * 7 * DAY_MICROS)
    return found
