"""A member proposes, an officer reviews, and the registry follows."""

import pytest

from privet.audit.models import Record
from privet.consent.members.models import InstitutionEntry
from privet.consent.members.rules import EntryError, EntryState
from privet.consent.members.service import (
    MOST_WAITING,
    accept_entry,
    differences,
    find_before,
    find_entry,
    list_entries,
    propose_entry,
    refuse_entry,
    withdraw_entry,
)
from privet.consent.registry import entries_for, read_platform_registry, registry_for
from privet.consent.technologies import Category, TechnologyError
from tests.consent.kit import NOW
from tests.consent.members.kit import CLOCK, COURSE, LAB, MEMBER, OFFICER, make_members, propose


@pytest.fixture(autouse=True)
def _members(db: None) -> None:
    make_members()


def _accept(number: int) -> None:
    accept_entry(number=number, by=OFFICER, clock=CLOCK)


def _names(**where: str) -> list[str]:
    platform = len(read_platform_registry().technologies)
    return [one.name for one in entries_for(**where)][platform:]


def test_a_proposal_waits_and_is_not_in_the_registry():
    number = propose()
    found = find_entry(number)
    assert found is not None
    assert (found.technology, found.state, found.proposed) == (LAB, EntryState.PROPOSED, NOW)
    assert _names(institution="hedge") == []


def test_an_accepted_entry_is_in_the_registry_of_its_member_and_its_courses_alone():
    _accept(propose())
    assert _names(institution="hedge") == ["lab_layout"]
    assert _names(institution="hedge", course=COURSE) == ["lab_layout"]
    assert _names(institution="hedge", course="another") == []
    assert _names(institution="thicket") == []
    assert _names() == []


def test_an_entry_without_courses_is_for_all_of_them():
    _accept(propose(courses=()))
    assert _names(institution="hedge", course="any") == ["lab_layout"]


def test_the_digest_of_a_registry_changes_with_a_members_entry_and_only_there():
    before = registry_for(institution="hedge")
    _accept(propose())
    after = registry_for(institution="hedge")
    assert before.digest == read_platform_registry().digest
    assert after.digest != before.digest
    assert registry_for(institution="hedge").digest == after.digest
    assert registry_for(institution="thicket").digest == before.digest


def test_a_refusal_gives_its_reason():
    number = propose()
    refuse_entry(number=number, reason=" Say what it is for. ", by=OFFICER, clock=CLOCK)
    found = find_entry(number)
    assert found is not None
    assert (found.state, found.reason) == (EntryState.REFUSED, "Say what it is for.")
    assert (found.reviewed_by, found.reviewed) == (OFFICER, NOW)


def test_a_refusal_without_a_reason_is_none():
    with pytest.raises(EntryError, match="no reason"):
        refuse_entry(number=propose(), reason="  ", by=OFFICER, clock=CLOCK)


def test_a_withdrawn_entry_leaves_the_registry():
    number = propose()
    _accept(number)
    withdraw_entry(number=number, by=MEMBER, clock=CLOCK)
    assert _names(institution="hedge") == []


def test_an_accepted_change_takes_the_place_of_what_was_there():
    _accept(propose())
    number = propose(lifetime="P30D")
    changed = find_entry(number)
    assert changed is not None
    before = find_before(changed)
    assert before == LAB
    assert differences(before, changed.technology) == {"lifetime": ("P90D", "P30D")}
    _accept(number)
    assert [one.lifetime for one in entries_for(institution="hedge") if one.name == LAB.name] == [
        "P30D"
    ]
    assert find_before(changed) == changed.technology


def test_an_accepted_entry_takes_nothing_from_another_member():
    for institution in ("hedge", "thicket"):
        number = propose(institution=institution, courses=())
        accept_entry(number=number, by=OFFICER, clock=CLOCK)
    accepted = list_entries(states=[EntryState.ACCEPTED])
    assert {one.technology.institution for one in accepted} == {"hedge", "thicket"}


def test_a_new_entry_replaces_nothing():
    found = find_entry(propose())
    assert found is not None
    assert find_before(found) is None


def test_who_proposed_does_not_review():
    with pytest.raises(EntryError, match="proposed"):
        accept_entry(number=propose(), by=MEMBER, clock=CLOCK)


def test_an_entry_is_reviewed_once():
    number = propose()
    _accept(number)
    with pytest.raises(EntryError, match="accepted"):
        _accept(number)
    with pytest.raises(EntryError, match="no such entry"):
        _accept(number + 1)


def test_what_waits_already_is_not_proposed_twice():
    propose()
    with pytest.raises(EntryError, match="waits"):
        propose()
    propose(host="lab.example")


def test_only_so_many_entries_wait():
    first = propose()
    row = InstitutionEntry.objects.get(pk=first)
    rows = []
    for number in range(MOST_WAITING - 1):
        row.pk, row.name = None, f"lab_{number}"
        rows.append(InstitutionEntry(**{f.name: getattr(row, f.name) for f in row._meta.fields}))
    InstitutionEntry.objects.bulk_create(rows)
    with pytest.raises(EntryError, match="200 entries"):
        propose(name="one_more")


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"institution": "nowhere"}, EntryError),
        ({"courses": ("c",) * 101}, EntryError),
        ({"courses": ("c" * 161,)}, EntryError),
        ({"courses": ("",)}, EntryError),
        ({"lifetime": "for ever"}, TechnologyError),
        ({"name": "privet_visitor", "category": Category.NECESSARY}, EntryError),
    ],
)
def test_what_may_not_be_is_not_even_proposed(change, error):
    with pytest.raises(error):
        propose(**change)
    assert not InstitutionEntry.objects.exists()


def test_every_step_is_on_record_in_the_same_words():
    number = propose()
    _accept(number)
    withdraw_entry(number=number, by=MEMBER, clock=CLOCK, reason="no longer used")
    refuse_entry(number=propose(), reason="why", by=OFFICER, clock=CLOCK)
    said = [
        (record.act, record.by, record.why)
        for record in Record.objects.filter(act__endswith="_entry").order_by("seq")
    ]
    assert said == [
        ("consent.propose_entry", MEMBER, ""),
        ("consent.accept_entry", OFFICER, ""),
        ("consent.withdraw_entry", MEMBER, "no longer used"),
        ("consent.propose_entry", MEMBER, ""),
        ("consent.refuse_entry", OFFICER, "why"),
    ]


def test_lists_are_of_the_members_and_states_that_were_asked_for():
    one = propose()
    two = propose(institution="thicket")
    _accept(two)
    assert [e.number for e in list_entries()] == [two, one]
    assert [e.number for e in list_entries(institutions={"hedge"})] == [one]
    assert [e.number for e in list_entries(states=[EntryState.ACCEPTED])] == [two]
    assert list_entries(institutions=frozenset()) == []


def test_an_entry_that_is_not_there_is_not_found():
    assert find_entry(1) is None


def test_the_sites_stricter_category_counts_from_the_moment_it_is_stricter():
    number = propose_entry(entry=LAB, by=MEMBER, clock=CLOCK)
    _accept(number)
    InstitutionEntry.objects.filter(pk=number).update(name="privet_visitor", category="necessary")
    found = entries_for(institution="hedge")[-1]
    assert (found.name, found.category) == ("privet_visitor", Category.PERFORMANCE)
