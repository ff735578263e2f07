"""Notices at sign-up and enrolment: made of what is collected, kept by their hash."""

import json

import pytest

from privet.audit.models import Record
from privet.catalogue import acts
from privet.consent.ledger import Place
from privet.consent.members.service import accept_entry
from privet.consent.notices import current_words, digest_of
from privet.consent.occasions.models import OccasionText
from privet.consent.occasions.service import (
    OccasionNotice,
    UnknownMemberError,
    enrolment_notice,
    sign_up_notice,
)
from privet.consent.technologies import Category
from tests.consent.members.kit import CLOCK, COURSE, OFFICER, make_members, propose

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _members(db: None) -> None:
    make_members()


def enrolment(institution: str = "hedge", course: str = COURSE, language: str = "en"):
    return enrolment_notice(language, institution=institution, course=course, clock=CLOCK)


def all_words(notice: OccasionNotice) -> str:
    return json.dumps(notice.text, ensure_ascii=False)


def register(**change: object) -> None:
    accept_entry(number=propose(**change), by=OFFICER, clock=CLOCK)


def test_a_sign_up_says_each_act_that_is_kept_of_an_account():
    notice = sign_up_notice("en", clock=CLOCK)
    assert notice.place is Place.SIGN_UP
    for event in acts.ACCOUNTS:
        assert event.says in all_words(notice)


def test_a_sign_up_lists_what_is_always_on_and_what_needs_a_yes():
    notice = sign_up_notice("en", clock=CLOCK)
    assert "privet_consent" in all_words(notice)
    for said in current_words("en", clock=CLOCK).text["choices"].values():
        assert said["says"] in all_words(notice) or said["name"] == "Strictly necessary"


def test_an_enrolment_says_each_act_that_is_kept_in_a_course_with_its_use_and_its_end():
    notice = enrolment()
    for event in acts.PROBLEMS + acts.ENROLMENTS + acts.CERTIFICATES + acts.FORUM:
        assert event.says in all_words(notice)
    assert "To teach you, as the contract says; kept for 5 years" in all_words(notice)
    assert "Hedge University" in notice.text["title"]


def test_a_members_cookies_are_named_in_its_courses_alone():
    register()
    assert "lab_layout (Hedge University" in all_words(enrolment())
    assert "lab_layout" not in all_words(enrolment(course="another"))
    assert "lab_layout" not in all_words(enrolment("thicket"))
    assert "It has registered none" in all_words(enrolment("thicket"))


def test_a_members_cookie_says_which_yes_it_waits_for():
    register(category=Category.TARGETING)
    assert "only with your yes to targeting, 90 days" in all_words(enrolment())


@pytest.mark.parametrize(
    ("lifetime", "said"),
    [
        ("session", "until the browser is closed"),
        ("PT30M", "1 day"),
        ("P2Y", "400 days"),
    ],
)
def test_lifetimes_are_said_in_words(lifetime, said):
    register(lifetime=lifetime)
    assert said in all_words(enrolment())


def test_what_stays_until_it_is_cleared_says_so():
    from privet.consent.technologies import TechnologyKind

    register(kind=TechnologyKind.LOCAL_STORAGE, lifetime="unlimited")
    assert "until it is cleared" in all_words(enrolment())


def test_the_hash_leads_to_the_exact_words():
    notice = enrolment()
    row = OccasionText.objects.get(digest=notice.shown.digest)
    assert digest_of(row.words) == notice.shown.digest
    assert json.loads(row.words) == {"place": "enrolment", **notice.text}
    assert (row.version, row.language) == (notice.shown.version, notice.shown.language)


def test_the_same_words_are_one_text_and_other_words_are_another():
    first, again = enrolment(), enrolment()
    assert first == again
    register()
    later = enrolment()
    assert later.shown.version == first.shown.version + 1
    assert OccasionText.objects.count() == 2
    assert Record.objects.filter(act="consent.tell_notice").count() == 2


def test_courses_without_entries_of_their_own_share_a_text():
    for course in ("a", "b", "c" * 160):
        enrolment(course=course)
    assert OccasionText.objects.count() == 1


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [("es", "es"), ("es-MX", "es"), ("tlh", "en"), ("", "en"), ("x" * 40, "en")],
)
def test_a_language_that_is_not_spoken_is_english(asked, spoken):
    assert sign_up_notice(asked, clock=CLOCK).shown.language == spoken


def test_the_same_occasion_in_two_languages_is_two_texts():
    english, spanish = (sign_up_notice(one, clock=CLOCK) for one in ("en", "es"))
    assert english.shown.digest != spanish.shown.digest


@pytest.mark.parametrize("institution", ["", "nowhere"])
def test_an_unknown_member_has_no_notice(institution):
    with pytest.raises(UnknownMemberError):
        enrolment(institution)
