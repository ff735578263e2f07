"""What may become of an entry, and what its category may be."""

from dataclasses import replace

import pytest

from privet.consent.members.rules import (
    EntryError,
    EntryState,
    EntryStep,
    can_take,
    check_category,
    check_step,
    raise_category,
)
from privet.consent.technologies import Category
from tests.consent.members.kit import LAB

ALLOWED = {
    (EntryStep.ACCEPT, EntryState.PROPOSED),
    (EntryStep.REFUSE, EntryState.PROPOSED),
    (EntryStep.WITHDRAW, EntryState.PROPOSED),
    (EntryStep.WITHDRAW, EntryState.ACCEPTED),
}
SITES = replace(LAB, institution="", courses=(), name="lab_*", category=Category.PERFORMANCE)


@pytest.mark.parametrize("step", EntryStep)
@pytest.mark.parametrize("state", EntryState)
def test_only_the_steps_of_the_table_can_be_taken(step, state):
    assert can_take(step, state) is ((step, state) in ALLOWED)
    if (step, state) in ALLOWED:
        check_step(step, state)
        return
    with pytest.raises(EntryError, match=state):
        check_step(step, state)


@pytest.mark.parametrize("category", [Category.NECESSARY, Category.FUNCTIONALITY])
def test_a_category_that_asks_less_or_something_else_than_the_sites_is_refused(category):
    with pytest.raises(EntryError, match="performance") as caught:
        check_category(replace(LAB, category=category), [SITES])
    assert "Choose" in caught.value.remedy


@pytest.mark.parametrize("category", [Category.PERFORMANCE, Category.TARGETING])
def test_the_sites_category_or_a_stricter_one_is_taken(category):
    check_category(replace(LAB, category=category), [SITES])


def test_a_pattern_cannot_hide_the_sites_entry():
    with pytest.raises(EntryError):
        check_category(replace(LAB, name="lab*out", category=Category.NECESSARY), [SITES])


def test_what_the_site_does_not_know_is_the_members_choice():
    check_category(replace(LAB, category=Category.NECESSARY), [replace(SITES, name="other")])


def test_an_entry_is_raised_when_the_site_became_stricter():
    loose = replace(LAB, category=Category.NECESSARY)
    assert raise_category(loose, [SITES]).category is Category.PERFORMANCE
    assert raise_category(LAB, [SITES]).category is Category.TARGETING
    assert raise_category(LAB, [replace(SITES, name="other")]) is LAB
