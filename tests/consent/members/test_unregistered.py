"""What is registered nowhere is counted by name, without anybody's number in it."""

from datetime import timedelta

import pytest

from privet.consent.members.models import Unregistered
from privet.consent.members.service import accept_entry
from privet.consent.members.unregistered import (
    KEPT,
    MOST_A_COURSE,
    MOST_A_MEMBER,
    Reporter,
    Seen,
    list_unregistered,
    plain_name,
    report_unregistered,
)
from privet.consent.technologies import TechnologyKind
from privet.kernel.clock import FixedClock
from tests.consent.kit import NOW
from tests.consent.members.kit import CLOCK, COURSE, OFFICER, make_members, propose

COOKIE = TechnologyKind.COOKIE


@pytest.fixture(autouse=True)
def _members(db: None) -> None:
    make_members()


def _report(*names: str, host: str = "", clock=CLOCK, reporter=Reporter.PAGE, **more):
    where = {"institution": "hedge", "course": COURSE} | more
    seen = [Seen(name=name, kind=COOKIE, host=host) for name in names]
    return report_unregistered(seen=seen, reporter=reporter, clock=clock, **where)


def test_what_is_registered_is_not_counted():
    counted = _report("privet_consent", "sneaky")
    assert (counted.registered, counted.unregistered) == (1, 1)
    assert [one.name for one in list_unregistered()] == ["sneaky"]


def test_pages_and_scans_are_counted_apart():
    _report("sneaky")
    _report("sneaky", clock=FixedClock(NOW + timedelta(hours=1)))
    _report("sneaky", reporter=Reporter.SCAN)
    found = list_unregistered()[0]
    assert (found.by_pages, found.by_scans) == (2, 1)
    assert (found.first_seen, found.institution, found.course) == (NOW, "hedge", COURSE)


def test_the_same_name_twice_in_a_report_counts_once():
    assert _report("sneaky", "sneaky").unregistered == 1
    assert list_unregistered()[0].by_pages == 1


def test_the_last_script_and_page_that_are_known_are_kept():
    def seen(**where: str) -> None:
        one = Seen(name="sneaky", kind=COOKIE, **where)
        kept = {"institution": "hedge", "course": COURSE, "reporter": Reporter.PAGE}
        report_unregistered(seen=[one], clock=CLOCK, **kept)

    seen(setter="lab.example", page="/unit/1?learner=alice")
    seen()
    assert [(one.setter, one.page) for one in list_unregistered()] == [("lab.example", "/unit/1")]
    seen(setter="other.example", page="/unit/2")
    assert [(one.setter, one.page) for one in list_unregistered()] == [("other.example", "/unit/2")]


def test_a_name_of_privets_own_on_a_foreign_host_is_not_registered():
    _report("privet_consent", host="tracker.example", own_hosts=["hedgerow.example"])
    _report("privet_consent", host="www.hedgerow.example", own_hosts=["hedgerow.example"])
    assert [(one.name, one.host) for one in list_unregistered()] == [
        ("privet_consent", "tracker.example")
    ]


def test_what_is_the_sites_own_names_no_host():
    _report("sneaky", host="www.hedgerow.example", own_hosts=["hedgerow.example"])
    assert list_unregistered()[0].host == ""


def test_what_was_registered_since_is_shown_no_longer():
    _report("lab_layout")
    accept_entry(number=propose(), by=OFFICER, clock=CLOCK)
    assert list_unregistered() == []
    assert _report("lab_layout").registered == 1


def test_what_only_resembles_an_entry_is_still_shown():
    # Its number is left out of the name, and what is left could be "privet_visitor" too.
    _report("privet_visit1234", "*", "privet_*or")
    assert {one.name for one in list_unregistered()} == {"privet_*", "*", "privet_*or"}


def test_an_entry_of_the_exact_name_covers_the_name_without_its_number():
    _report("lab_12345")
    accept_entry(number=propose(name="lab_12345"), by=OFFICER, clock=CLOCK)
    assert list_unregistered() == []


def test_only_so_many_names_of_a_member_are_kept():
    names = [f"n_{letter}" for letter in "abcdefghij"]
    for course in range(MOST_A_MEMBER // 10):
        _report(*names, course=f"c{course}")
    assert Unregistered.objects.count() == MOST_A_MEMBER
    assert _report("more", course="another").left_out == 1
    assert _report("more", institution="thicket").left_out == 0


def test_the_list_asks_once_for_each_course(django_assert_max_num_queries):
    _report(*[f"n_{letter}" for letter in "abcdefghij"])
    with django_assert_max_num_queries(2):
        assert len(list_unregistered()) == 10


def test_an_entry_for_a_host_covers_only_what_is_there():
    _report("lab_layout")
    _report("lab_layout", host="lab.example")
    accept_entry(number=propose(host="lab.example"), by=OFFICER, clock=CLOCK)
    assert [one.host for one in list_unregistered()] == [""]


def test_each_member_sees_its_own():
    _report("sneaky")
    _report("hidden", institution="thicket")
    assert [one.name for one in list_unregistered(institutions={"thicket"})] == ["hidden"]
    assert list_unregistered(institutions=frozenset()) == []


def test_only_so_many_names_of_a_course_are_kept():
    letters = "abcdefghijklmnopqrst"
    names = [f"n_{one}{other}" for one in letters for other in letters][: MOST_A_COURSE + 1]
    assert _report(*names).left_out == 1
    assert Unregistered.objects.count() == MOST_A_COURSE


def test_what_was_not_seen_for_long_is_forgotten():
    _report("sneaky")
    _report("newer", clock=FixedClock(NOW + KEPT + timedelta(seconds=1)))
    assert [one.name for one in list_unregistered()] == ["newer"]


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("_ga", "_ga"),
        ("lab_layout_v2", "lab_layout_v2"),
        ("utf8names", "utf8names"),
        ("_ga_G1234ABCD", "_ga_*"),
        ("user.alice@example.org.seen", "*"),
        ("state:550e8400-e29b-41d4-a716-446655440000", "state:*"),
        ("learner-20261121", "learner-*"),
        ("a\x00b\n", "ab"),
        ("x" * 300, "x" * 200),
    ],
)
def test_a_name_holds_nobodys_number_or_address(name, plain):
    assert plain_name(name) == plain


def test_nothing_of_a_person_is_kept():
    _report("user.alice@example.org", host="u123456.tracker.example")
    row = Unregistered.objects.values().get()
    assert "alice" not in str(row)
    assert "123456" not in str(row)
