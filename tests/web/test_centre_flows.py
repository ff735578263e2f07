"""The picture's geometry and the aims it is made of, without a page around them."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from privet.catalogue.recipients import RECIPIENTS, Recipient
from privet.catalogue.registry import EVENTS
from privet.catalogue.uses import TERMS, Choice, Use
from privet.consent.places import Regime
from privet.consent.rules import ALL_CHOICES, UNDECIDED, AgeGroup, Answers
from privet.consent.state import State
from privet.holder import Holder, Kept
from privet.holder import Person as Somebody
from privet.web.centre import aims
from privet.web.centre.amounts import Amounts, measure
from privet.web.centre.flows import ROW, draw

ADULT = State(regime=Regime.OPT_IN, age=AgeGroup.ADULT, birth_year=1980)
DECIDED = datetime(2026, 10, 3, 9, tzinfo=UTC)
ENDS = [one.value for one in Recipient]
NOBODY = Somebody(account_id=None, subjects=frozenset(), person_keys=frozenset())


def now_of(
    state: State | None, *, gpc: bool = False, kept: dict[str, int] | None = None
) -> dict[str, aims.Now]:
    standing = state.standing() if state else UNDECIDED
    person = aims.Person(standing=standing, state=state, gpc=gpc, kept=kept or {})
    return {now.aim.key: now for now in aims.aims_now(person)}


def says_yes(choices: Choice) -> State:
    return replace(ADULT, answers=Answers(ALL_CHOICES, choices), decided=DECIDED)


def amounts_of(**ways: int) -> Amounts:
    by_way = Counter({tuple(way.split("__")): number for way, number in ways.items()})
    by_kind: Counter[str] = Counter()
    for (kind, _), number in by_way.items():
        by_kind[kind] += number
    return Amounts(by_kind=by_kind, by_way=by_way, possible=frozenset(by_way))  # type: ignore[arg-type]


class Files:
    """A room of later times, which keeps something on a legitimate interest."""

    name = "files"

    def describe(self) -> list[Kept]:
        basis = "legitimate_interest"
        return [Kept(what="", data_category="", purpose="", lawful_basis=basis, retention="")]

    def find(self, person: Somebody) -> int:
        del person
        return 3


def test_each_use_names_who_receives_it():
    assert RECIPIENTS.keys() == TERMS.keys()


def test_every_use_has_an_aim_and_every_choice_too():
    assert {aim.use for aim in aims.AIMS} == {*Use, None}
    assert {aim.choice for aim in aims.AIMS} == {*Choice, None}


def test_what_an_advertisement_serves_is_not_told_as_mail():
    found = {aim.key for aim in aims.aims_of(EVENTS["ad_seen"], Use.MARKETING | Use.SHARING)}
    assert found == {"targeting", "sale_sharing"}


def test_who_has_not_decided_has_only_what_is_necessary_on():
    on = {key for key, now in now_of(None).items() if now.is_on}
    assert on == {"instruction", "integrity", "security", "duty"}


def test_what_the_platform_brought_before_a_decision_is_shown_as_on():
    now = now_of(None, kept={"performance": 4})["performance"]
    assert (now.is_on, now.is_unasked, now.switch) == (True, True, aims.Switch.CHOICE)


@pytest.mark.parametrize("state", [replace(ADULT, restricted=True), says_yes(Choice(0))])
def test_what_was_refused_or_restricted_is_off_although_records_wait_to_be_removed(state):
    assert not now_of(state, kept={"performance": 4})["performance"].is_on


def test_a_yes_is_on_by_the_decision_of_its_day():
    now = now_of(says_yes(Choice.PERFORMANCE))["performance"]
    assert (now.is_on, now.says) == (True, "on, decided on 3 Oct")


def test_the_browsers_signal_keeps_targeting_off_and_says_so():
    now = now_of(says_yes(Choice.TARGETING), gpc=True)["targeting"]
    assert (now.is_on, now.switch) == (False, aims.Switch.SIGNAL)


def test_who_may_be_a_minor_is_not_asked_about_advertisements():
    assert now_of(None)["targeting"].switch is aims.Switch.AGE


def test_who_objected_to_suggestions_can_switch_them_on_again():
    state = replace(says_yes(ALL_CHOICES), objected=Use.PERSONALISATION)
    now = now_of(state)["functionality"]
    assert (now.is_on, now.says) == (False, "off, you turned it off")


def test_restriction_is_the_reason_that_is_given():
    now = now_of(replace(says_yes(ALL_CHOICES), restricted=True))["performance"]
    assert now.says == "off while your data is restricted"


def test_nobody_receives_what_is_off():
    assert now_of(None)["research"].recipients == (Recipient.NOBODY,)


def test_events_of_one_kind_serve_each_of_their_uses():
    counted = [
        ("problem_check", Use.INSTRUCTION | Use.ANALYTICS, 7),
        ("unheard of", Use.ANALYTICS, 2),
    ]
    found = measure(counted, (), NOBODY)
    assert found.by_way == {("coursework", "instruction"): 7, ("coursework", "performance"): 7}
    assert (found.by_kind["coursework"], found.by_kind["other"]) == (7, 2)
    assert found.by_aim["performance"] == 7


def test_a_room_that_nobody_named_is_shown_by_its_basis():
    holders: tuple[Holder, ...] = (Files(),)  # type: ignore[assignment]
    found = measure([], holders, NOBODY)
    assert found.by_way["records", "security"] == 3
    assert "records" in found.kinds


def test_a_band_is_as_high_at_its_row_as_the_row_allows():
    amounts = amounts_of(coursework__instruction=100_000, pages__performance=1)
    drawing = draw(amounts, list(now_of(says_yes(ALL_CHOICES)).values()), ENDS, kind="", aim="")
    assert drawing.height == ROW * len(aims.AIMS)
    assert max(band.width for band in drawing.left) <= ROW * 0.7
    assert min(band.width for band in drawing.left) >= 2


def test_more_records_make_a_wider_band():
    amounts = amounts_of(coursework__instruction=10, forum__instruction=1000)
    drawing = draw(amounts, list(now_of(None).values()), ENDS, kind="", aim="")
    width = {band.source: band.width for band in drawing.left}
    assert width["forum"] > width["coursework"]


def test_what_is_off_is_drawn_as_off_and_leads_to_nobody():
    amounts = amounts_of(pages__performance=5)
    drawing = draw(amounts, list(now_of(says_yes(Choice(0))).values()), ENDS, kind="", aim="")
    assert [(band.is_on, band.number) for band in drawing.left] == [(False, 0)]
    ends = [band.target for band in drawing.right if band.source == "performance"]
    assert ends == ["nobody"]


def test_what_is_on_and_holds_nothing_is_not_drawn():
    amounts = amounts_of(pages__performance=0)
    drawing = draw(amounts, list(now_of(says_yes(ALL_CHOICES)).values()), ENDS, kind="", aim="")
    assert drawing.left == ()


def test_a_chosen_kind_and_a_chosen_aim_leave_only_their_bands():
    amounts = amounts_of(coursework__instruction=4, coursework__security=4, forum__instruction=4)
    now = list(now_of(None).values())
    by_kind = draw(amounts, now, ENDS, kind="forum", aim="")
    by_aim = draw(amounts, now, ENDS, kind="", aim="security")
    assert {band.source for band in by_kind.left} == {"forum"}
    assert {band.target for band in by_aim.left} == {"security"}
    assert {band.source for band in by_aim.right} == {"security"}
