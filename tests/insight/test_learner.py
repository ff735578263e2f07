"""One learner: looks on record, what they show, and to whom."""

from datetime import timedelta

import pytest

from privet.accounts.finding import Found
from privet.accounts.models import Account, Site, Subject
from privet.accounts.registry import create_site
from privet.accounts.roles import Role
from privet.accounts.rules import Grant, NotAllowedError
from privet.audit.models import Record
from privet.audit.service import verify_chain
from privet.catalogue.uses import Use
from privet.events.service import restrict, withhold
from privet.holder import Person
from privet.insight.learner import (
    CourseOfLearner,
    LearnerPicture,
    look_for_learner,
    look_from_list,
    show_learner,
)
from privet.insight.looking import (
    LOOK_MINUTES,
    Looker,
    LookKind,
    LookOverError,
    NobodyFoundError,
    OpenLook,
    ReasonError,
    find_look,
    list_looks,
    looker_of,
    open_list,
    open_look,
    read_reason,
)
from privet.insight.models import Look
from privet.insight.personal_data import InsightHolder
from privet.kernel.clock import FixedClock
from privet.kernel.config import Config
from privet.kernel.crypto import KeyRing
from tests.events.rows import ALICE, BOB, NOON
from tests.insight.kit import (
    COURSE,
    PROBLEM,
    SERVER_ONLY,
    check,
    days_ago,
    enrol,
    event,
    keep,
    video,
)

HEDGE, BRAMBLE = "hedge-university", "bramble-college"
TESS = Looker(account_id=40, role="tutor", institutions=frozenset({HEDGE}))
WHY = "She asked me by mail for help with unit 2"


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOON)


@pytest.fixture
def keys(empty_home: Config) -> KeyRing:
    return KeyRing(empty_home.keys)


@pytest.fixture
def alice(empty_home: Config) -> Account:
    """A learner who agreed, in a course of Hedge University."""
    site = create_site(slug="hedgerow", name="H", origins=["https://x.example"], by="test")
    account = Account.objects.create_user(email="alice@example.org", name="Alice")
    account.externalid_set.create(site=Site.objects.get(pk=site.pk), external_id="alice-17")
    Subject.objects.create(pk=ALICE, person=ALICE, account=account)
    later = NOON + timedelta(seconds=50)
    keep(
        enrol(at=days_ago(20)), check(0, at=days_ago(3)), check(2, at=days_ago(2)),
        event("showanswer", object=PROBLEM, uses=SERVER_ONLY, at=days_ago(1)),
        event("page_view", at=days_ago(1)),
        video("play_video", 0), video("stop_video", 50, at=later),
    )  # fmt: skip
    return account


def _look(
    keys: KeyRing, clock: FixedClock, wanted: str = "alice-17", looker: Looker = TESS,
    why: str = WHY,
) -> OpenLook:  # fmt: skip
    return look_for_learner(wanted=wanted, why=why, looker=looker, keys=keys, clock=clock)


def _show(keys: KeyRing, clock: FixedClock) -> LearnerPicture:
    return show_learner(look=_look(keys, clock), looker=TESS)


def test_a_look_is_on_record_with_its_reason_before_anything_is_shown(
    alice: Account, keys: KeyRing, clock: FixedClock, empty_home: Config
) -> None:
    opened = _look(keys, clock)
    look = Look.objects.get(pk=opened.look_id)
    assert (look.account_id, look.subject, look.viewer) == (alice.pk, ALICE, 40)
    assert (look.role, look.institutions, look.kind, look.why) == ("tutor", HEDGE, "one", WHY)
    record = Record.objects.get(act="insight.look_at_learner")
    assert (record.seq, record.by, record.why) == (look.act, "account:40", WHY)
    assert record.about == {"looks": 1, "account": alice.pk}
    assert verify_chain(keys=keys, file=empty_home.home / "none") == []


def test_the_learner_is_found_by_address_too(
    alice: Account, keys: KeyRing, clock: FixedClock
) -> None:
    assert _look(keys, clock, "Alice@Example.org").account_id == alice.pk


@pytest.mark.parametrize("wanted", ["alice", "nobody@example.org", ""])
def test_who_is_not_found_leaves_no_look_but_a_trace(
    wanted: str, alice: Account, keys: KeyRing, clock: FixedClock
) -> None:
    with pytest.raises(NobodyFoundError):
        _look(keys, clock, wanted)
    assert not Look.objects.exists()
    record = Record.objects.get(act="insight.search_in_vain")
    assert (record.by, record.about) == ("account:40", {})


def test_a_learner_of_another_institution_is_as_if_there_were_nobody(
    alice: Account, keys: KeyRing, clock: FixedClock
) -> None:
    carol = Looker(account_id=41, role="tutor", institutions=frozenset({BRAMBLE}))
    with pytest.raises(NobodyFoundError) as here:
        _look(keys, clock, looker=carol)
    with pytest.raises(NobodyFoundError) as nobody:
        _look(keys, clock, "nobody", looker=carol)
    assert str(here.value) == str(nobody.value)


def test_a_reason_is_asked_for_before_anybody_is_searched(
    alice: Account, keys: KeyRing, clock: FixedClock
) -> None:
    with pytest.raises(ReasonError):
        _look(keys, clock, why="help")
    assert not Record.objects.filter(act__startswith="insight.").exists()


@pytest.mark.parametrize(
    ("text", "fits"),
    [("x" * 9, False), ("x" * 10, True), ("x" * 500, True), ("x" * 501, False), (" " * 20, False)],
)
def test_a_reason_has_its_length(text: str, fits: bool) -> None:
    if fits:
        assert read_reason(f"  {text} ") == text
    else:
        with pytest.raises(ReasonError):
            read_reason(text)


def test_a_look_shows_courses_and_results(alice: Account, keys: KeyRing, clock: FixedClock) -> None:
    found = _show(keys, clock)
    assert found.person.name == "Alice"
    (course,), (problem,) = found.courses, found.problems
    assert (course.course, course.mode, course.tries) == (COURSE, "audit", 2)
    assert course.is_enrolled
    assert (problem.problem, problem.tries, problem.shown) == (PROBLEM, 2, 1)
    assert (problem.first_grade, problem.last_grade, problem.max_grade) == (0, 2, 2)
    assert found.last_time is not None
    assert found.last_time.date() == days_ago(1).date()


def test_what_a_browser_observed_is_never_shown_of_one_person(
    alice: Account, keys: KeyRing, clock: FixedClock
) -> None:
    before = _show(keys, clock)
    keep(
        event("page_view", course="course-v1:Hedge+Seen+2026", at=NOON),
        video("play_video", 0, course="course-v1:Hedge+Seen+2026", at=NOON),
    )
    assert _show(keys, clock) == before


def test_a_learner_who_withdrew_analytics_is_taught_all_the_same(
    alice: Account, keys: KeyRing, clock: FixedClock
) -> None:
    withhold(subjects=[ALICE], uses=Use.ANALYTICS, by="test")
    assert len(_show(keys, clock).problems) == 1


def test_who_is_restricted_cannot_be_looked_at(
    alice: Account, keys: KeyRing, clock: FixedClock
) -> None:
    restrict(subjects=[ALICE], by="test")
    with pytest.raises(NobodyFoundError):
        _look(keys, clock)


def test_courses_of_other_institutions_are_not_shown(
    alice: Account, keys: KeyRing, clock: FixedClock
) -> None:
    keep(enrol(institution=BRAMBLE, course="course-v1:Bramble+P1+2026"))
    assert [line.institution for line in _show(keys, clock).courses] == [HEDGE]


def test_nothing_of_anybody_else_is_shown(alice: Account, keys: KeyRing, clock: FixedClock) -> None:
    keep(check(1, BOB), enrol(BOB))
    assert [line.tries for line in _show(keys, clock).problems] == [2]


def test_a_picture_without_rows_has_no_last_time() -> None:
    person = Found(account_id=None, subjects=frozenset())
    empty = LearnerPicture(person=person, courses=(), problems=())
    assert empty.last_time is None


@pytest.mark.parametrize(
    ("enrolled", "gone", "is_enrolled"),
    [(None, None, False), (1, None, True), (2, 1, True), (1, 2, False)],
)
def test_who_left_last_is_not_enrolled(
    enrolled: int | None, gone: int | None, is_enrolled: bool
) -> None:
    line = CourseOfLearner(
        institution=HEDGE, course=COURSE, first_time=NOON, last_time=NOON, mode="", certified=None,
        tries=0, posts=0,
        enrolled=NOON + timedelta(days=enrolled) if enrolled else None,
        gone=NOON + timedelta(days=gone) if gone else None,
    )  # fmt: skip
    assert line.is_enrolled is is_enrolled


def test_a_look_ends_after_its_minutes(alice: Account, keys: KeyRing, clock: FixedClock) -> None:
    opened = _look(keys, clock)
    found = find_look(look_id=opened.look_id, kind=LookKind.ONE, looker=TESS, clock=clock)
    assert found == opened
    later = FixedClock(NOON + timedelta(minutes=LOOK_MINUTES))
    with pytest.raises(LookOverError):
        find_look(look_id=opened.look_id, kind=LookKind.ONE, looker=TESS, clock=later)


def test_nobody_uses_another_persons_look(alice: Account, keys: KeyRing, clock: FixedClock) -> None:
    opened = _look(keys, clock)
    mallory = Looker(account_id=66, role="tutor", institutions=None)
    with pytest.raises(LookOverError):
        find_look(look_id=opened.look_id, kind=LookKind.ONE, looker=mallory, clock=clock)


def test_a_place_on_a_list_becomes_a_look_of_its_own(alice: Account, clock: FixedClock) -> None:
    person = Found(account_id=alice.pk, subjects=frozenset({ALICE}))
    (listed,) = open_list(people=[person], course=COURSE, why=WHY, looker=TESS, clock=clock)
    with pytest.raises(LookOverError):
        find_look(look_id=listed.look_id, kind=LookKind.ONE, looker=TESS, clock=clock)
    opened = look_from_list(look_id=listed.look_id, looker=TESS, clock=clock)
    assert (opened.why, opened.account_id) == (WHY, alice.pk)
    assert sorted(Look.objects.values_list("kind", flat=True)) == ["list", "one"]


def test_somebody_whom_only_a_log_knows_can_be_looked_at(
    empty_home: Config, clock: FixedClock
) -> None:
    Subject.objects.create(pk=BOB, person=BOB)
    keep(check(1, BOB))
    person = Found(account_id=None, subjects=frozenset({BOB}))
    opened = open_look(person=person, why=WHY, looker=TESS, clock=clock)
    assert Record.objects.get(act="insight.look_at_learner").about == {"looks": 1}
    assert [line.tries for line in show_learner(look=opened, looker=TESS).problems] == [1]


def test_a_person_without_pseudonyms_has_nothing_to_show(
    empty_home: Config, keys: KeyRing, clock: FixedClock
) -> None:
    Account.objects.create_user(email="new@example.org")
    with pytest.raises(NobodyFoundError):
        _look(keys, clock, "new@example.org")


TUTOR = Grant(Role.TUTOR, HEDGE)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.TUTOR])
def test_only_a_tutor_may_look(role: Role) -> None:
    with pytest.raises(NotAllowedError):
        looker_of(account_id=1, grants={Grant(role)})


def test_a_tutor_looks_at_their_institutions_and_no_further() -> None:
    found = looker_of(account_id=1, grants={TUTOR, Grant(Role.TUTOR, BRAMBLE), Grant(Role.LEARNER)})
    assert found.scope.institutions == {HEDGE, BRAMBLE}
    assert (found.role, found.by) == ("tutor", "account:1")
    assert looker_of(account_id=1, grants={Grant(Role.TUTOR)}).institutions is None


def test_the_learner_sees_who_looked_the_newest_first(
    alice: Account, keys: KeyRing, clock: FixedClock
) -> None:
    _look(keys, clock)
    _look(keys, FixedClock(NOON + timedelta(hours=1)), why="A second look at her answers")
    looks = list_looks(account_id=alice.pk, subjects=[])
    assert [look.why for look in looks] == ["A second look at her answers", WHY]
    assert (looks[0].role, looks[0].institutions, looks[0].viewer) == ("tutor", (HEDGE,), 40)
    assert list_looks(account_id=0, subjects=[ALICE]) == looks
    assert list_looks(account_id=0, subjects=[BOB]) == []


def _person(account_id: int | None, *subjects: int) -> Person:
    return Person(account_id=account_id, subjects=frozenset(subjects), person_keys=frozenset())


def test_a_look_is_personal_data_of_both(alice: Account, keys: KeyRing, clock: FixedClock) -> None:
    _look(keys, clock)
    holder, learner, tutor = InsightHolder(), _person(alice.pk, ALICE), _person(40)
    assert holder.find(learner) == holder.find(tutor) == 1
    assert holder.preview(learner)["look at you"] == holder.preview(tutor)["look by you"] == 1
    (seen,) = holder.export(learner)
    (done,) = holder.export(tutor)
    assert (seen["kind"], done["kind"]) == ("look at you", "look by you")
    # Neither export names the other.
    assert {"viewer", "account_id", "subject"} & (set(seen) | set(done)) == set()
    assert seen["why"] == done["why"] == WHY


def test_the_erasure_of_the_learner_takes_the_look_and_its_reason(
    alice: Account, keys: KeyRing, clock: FixedClock, empty_home: Config
) -> None:
    _look(keys, clock)
    person = _person(alice.pk, ALICE)
    assert not InsightHolder().verify([person])
    InsightHolder().erase([person], by="test")
    assert InsightHolder().verify([person])
    assert not Look.objects.exists()
    assert Record.objects.get(act="insight.look_at_learner").why is None
    assert verify_chain(keys=keys, file=empty_home.home / "none") == []


def test_the_erasure_of_who_looked_leaves_the_learner_their_record(
    alice: Account, keys: KeyRing, clock: FixedClock
) -> None:
    _look(keys, clock)
    InsightHolder().erase([_person(40)], by="test")
    assert InsightHolder().verify([_person(40)])
    (look,) = list_looks(account_id=alice.pk, subjects=[])
    assert (look.viewer, look.why) == (None, WHY)


def test_a_log_learners_erasure_finds_the_look_by_pseudonym(
    empty_home: Config, clock: FixedClock
) -> None:
    person = Found(account_id=None, subjects=frozenset({BOB}))
    open_look(person=person, why=WHY, looker=TESS, clock=clock)
    InsightHolder().erase([_person(None, BOB)], by="test")
    assert not Look.objects.exists()
