"""Simulated learners stand in the tables as any others, so every right works on them."""

from pathlib import Path

import pytest

from privet.accounts.facts import Identity
from privet.accounts.registry import institution_names, read_sites
from privet.accounts.service import find_or_make_account_for, key_of, subjects_of
from privet.catalogue.uses import Use
from privet.events.lake import Lake
from privet.events.service import erase_subjects, withhold
from privet.kernel.crypto import KeyRing
from privet.simulate.people import drawn_subjects, external_id, link_learners
from privet.simulate.service import simulate_into_lake
from tests.events.rows import make_lake, subjects_seen
from tests.simulate.town import make_wanted, means

pytestmark = pytest.mark.django_db
LEARNERS, SEED = 200, 9


def _alice(keys: KeyRing) -> tuple[Identity, set[int]]:
    """The simulated learner 0 as the platform would vouch for her, and her pseudonyms."""
    alice = Identity(site="simulated", external_id=external_id(SEED, 0), issued=0, expires=0)
    account = find_or_make_account_for(identity=alice, keys=keys, by="test")
    return alice, set(subjects_of(account.pk))


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    made = make_lake(tmp_path)
    wanted = make_wanted(learners=LEARNERS, seed=SEED, days=14, courses=2)
    simulate_into_lake(wanted, lake=made, means=means(tmp_path), by="test")
    return made


def test_a_learner_who_signs_in_finds_what_the_simulation_made(lake: Lake, tmp_path: Path) -> None:
    _, subjects = _alice(means(tmp_path).keys)
    assert subjects == {int(drawn_subjects(SEED, LEARNERS)[0])}
    assert subjects <= set(subjects_seen(lake, Use.SECURITY))


def test_who_withdraws_is_seen_no_longer(lake: Lake, tmp_path: Path) -> None:
    before = set(subjects_seen(lake, Use.ANALYTICS))
    somebody = min(before)
    withhold(subjects=[somebody], uses=Use.ANALYTICS, by="test")
    assert before - set(subjects_seen(lake, Use.ANALYTICS)) == {somebody}


def test_who_is_erased_is_seen_for_nothing(lake: Lake, tmp_path: Path) -> None:
    keys = means(tmp_path).keys
    alice, subjects = _alice(keys)
    person = key_of(alice, keys)
    erase_subjects(subjects=subjects, person_keys=[person], by="test", keys=keys)
    assert not subjects & set(subjects_seen(lake, Use.SECURITY))


def test_the_platform_is_registered_once(lake: Lake, tmp_path: Path) -> None:
    keys = means(tmp_path).keys
    again = make_wanted(learners=20, seed=SEED + 1, days=14, courses=2)
    simulate_into_lake(again, lake=lake, means=means(tmp_path), by="test")
    assert set(again.platform.institutions) <= set(institution_names())
    assert "simulated" in read_sites(keys)


def test_linking_again_gives_the_same_pseudonyms(tmp_path: Path) -> None:
    keys = means(tmp_path).keys
    one = link_learners(site="simulated", seed=1, learners=50, keys=keys)
    more = link_learners(site="simulated", seed=1, learners=80, keys=keys)
    assert one.tolist() == more[:50].tolist() == drawn_subjects(1, 50).tolist()


def test_two_sites_have_two_people_of_one_name(tmp_path: Path) -> None:
    keys = means(tmp_path).keys
    link_learners(site="simulated", seed=1, learners=5, keys=keys)
    other = link_learners(site="elsewhere", seed=2, learners=5, keys=keys)
    assert other.tolist() == drawn_subjects(2, 5).tolist()
