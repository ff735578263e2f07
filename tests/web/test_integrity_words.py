"""Cases in words: nothing is without a word, chances are said as one in so many."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from enum import StrEnum
from itertools import pairwise

import pytest

from privet.integrity.case_rules import ActKind, Outcome, State, Verdict
from privet.integrity.evidence import Evidence, Explanation, Gap, Line, make_evidence
from privet.integrity.findings import DetectorKind, How
from privet.network.facts import NetworkKind
from privet.web import integrity_words as words
from privet.web.components.timeline import MOST_ROWS, draw_timeline
from privet.web.integrity_evidence import show_evidence
from privet.web.integrity_words import say_chance, say_false
from privet.web.words import NOTHING
from tests.integrity.cast import ALICE, MALLORY, a_finding, an_item


@pytest.mark.parametrize(
    ("known", "all_of_them"),
    [
        (words.STATES, State), (words.OUTCOMES, Outcome), (words.VERDICTS, Verdict),
        (words.EXPLANATIONS, Explanation), (words.GAPS, Gap), (words.ACTS, ActKind),
        (words.OWN_ACTS, ActKind), (words.NETWORKS, NetworkKind),
    ],
)  # fmt: skip
def test_nothing_is_without_a_word(
    known: Mapping[str, object], all_of_them: Collection[StrEnum]
) -> None:
    assert set(known) == set(all_of_them)


@pytest.mark.parametrize(
    ("p", "said"),
    [
        (1.0, "not reckoned"),
        (0.5, "1 in 2"),
        (1 / 47, "1 in 47"),
        (1 / 1234, "1 in 1,200"),
        (2.3e-9, "1 in 430,000,000"),
        (1e-13, "less than 1 in a million million"),
        (0.0, "less than 1 in a million million"),
    ],
)
def test_a_chance_is_one_in_so_many(p: float, said: str) -> None:
    assert say_chance(p) == said


@pytest.mark.parametrize(
    ("q", "said"),
    [
        (1.0, "not reckoned"),
        (0.01, "of 100 findings as strong as this, about one"),
        (0.0, "of a million million findings as strong as this, less than one"),
    ],
)
def test_how_many_are_wrong_is_said_of_so_many(q: float, said: str) -> None:
    assert say_false(q) == said


def _lines(*seconds: float) -> list[Line]:
    items = [an_item(place, dt=dt) for place, dt in enumerate(seconds)]
    return [
        Line(
            problem=item.problem, source="A", obtained=item.answer_obtained, how=How.SHOWANSWER,
            submitted=item.submitted, correct=True, dt_seconds=item.dt_seconds,
        )
        for item in items
    ]  # fmt: skip


class TestTimeline:
    """The picture."""

    def test_each_item_is_a_row_from_the_answer_to_the_submission(self) -> None:
        drawn = draw_timeline(_lines(20, 3600, -60), width=720, name="wide")
        nought = next(tick.x for tick in drawn.ticks if tick.is_nought)
        assert [row.start for row in drawn.rows] == [nought] * 3
        first, second, before = drawn.rows
        assert before.end < nought < first.end < second.end
        assert [row.is_before for row in drawn.rows] == [False, False, True]

    @pytest.mark.parametrize("width", [320, 720])
    @pytest.mark.parametrize(
        "seconds", [(0.0,), (5.0,), (-5.0,), (1e7, 1.0), (-1e7, 1e7), (20.0,) * 60]
    )
    def test_all_of_it_lies_inside(self, width: int, seconds: tuple[float, ...]) -> None:
        drawn = draw_timeline(_lines(*seconds), width=width, name="any")
        places = [row.end for row in drawn.rows] + [tick.x for tick in drawn.ticks]
        assert all(drawn.left <= x <= drawn.right for x in places)
        assert all(drawn.top < row.y < drawn.bottom for row in drawn.rows)

    @pytest.mark.parametrize("width", [320, 720])
    def test_words_of_the_scale_do_not_touch(self, width: int) -> None:
        drawn = draw_timeline(_lines(-9e5, 9e5), width=width, name="any")
        places = [tick.x for tick in drawn.ticks]
        assert min(b - a for a, b in pairwise(places)) >= 40

    def test_only_the_first_rows_are_drawn(self) -> None:
        drawn = draw_timeline(_lines(*[20.0] * 200), width=720, name="wide")
        assert len(drawn.rows) == MOST_ROWS
        assert drawn.summary == "200 of 200 after the answer, from 20 s to 20 s later."

    def test_none_after_the_answer_is_said(self) -> None:
        drawn = draw_timeline(_lines(-5), width=720, name="wide")
        assert drawn.summary == "None was submitted after the answer was had."

    def test_of_two_places_nobody_had_an_answer(self) -> None:
        drawn = draw_timeline(_lines(60.0, -120.0), width=720, name="wide", is_sharing=True)
        assert drawn.summary == "Between the two places lie from 1 min to 2 min."
        assert "answer" not in drawn.meaning
        alike = draw_timeline(_lines(60.0), width=720, name="wide", is_sharing=True)
        assert alike.summary == "Between the two places lie 1 min."
        assert draw_timeline([], width=720, name="wide", is_sharing=True).summary == ""

    def test_nothing_to_draw_is_an_empty_picture(self) -> None:
        assert draw_timeline([], width=720, name="wide").rows == ()


def _shared() -> Evidence:
    finding = a_finding(
        DetectorKind.SHARING_TRAVEL, subjects=(ALICE,), n=22, x=5, shared_network=False,
        ip_degree=0, network_kinds=(), items=(),
    )  # fmt: skip
    return make_evidence(finding, letters={ALICE: "A"})


def test_a_shared_account_is_told_by_days() -> None:
    shown = show_evidence(_shared(), lambda letter: f"account {letter}")
    assert shown.sentence == "Account A was active in two places on 5 of 22 days looked at."
    assert [figure.value for figure in shown.figures] == [22, 5]
    assert shown.networks == "not known"
    assert shown.table.caption == "The evidence, line by line"
    assert "There are few days; one more or less would change the picture." in shown.gaps
    assert not any("items" in str(gap) for gap in shown.gaps)


@pytest.mark.parametrize(("days", "title"), [(2, "Day"), (1, "Item")])
def test_a_shared_account_is_shown_by_days_but_a_single_evening_by_its_problems(
    days: int, title: str
) -> None:
    finding = a_finding(
        DetectorKind.SHARING_CONCURRENCY, subjects=(ALICE,), n=22, x=days,
        items=(an_item(0), an_item(1)),
    )  # fmt: skip
    evidence = make_evidence(finding, letters={ALICE: "A"})
    assert show_evidence(evidence, lambda letter: letter).table.columns[0].title == title


def test_no_time_between_is_no_time() -> None:
    items = (an_item(0, dt=0), an_item(1))
    finding = a_finding(items=items)
    evidence = make_evidence(finding, letters={MALLORY: "A", ALICE: "B"})
    (first, second) = show_evidence(evidence, lambda letter: letter).table.rows
    assert (first[3].words, second[3].words) == (NOTHING, "20 s")
    assert first[0].about == "A: had it shown"


def test_several_accounts_are_listed_with_an_and() -> None:
    finding = a_finding(DetectorKind.SEVERAL_HARVESTERS, subjects=(MALLORY, 7, ALICE))
    evidence = make_evidence(finding, letters={MALLORY: "A", 7: "B", ALICE: "C"})
    shown = show_evidence(evidence, lambda letter: letter)
    assert shown.sentence == "Of 12 items, A and B had the answer of 12 before C submitted it."


def test_answers_that_were_tried_out_are_said_to_be() -> None:
    items = (replace(an_item(), how=How.EXHAUSTED),)
    evidence = make_evidence(a_finding(items=items), letters={MALLORY: "A", ALICE: "B"})
    (row,) = show_evidence(evidence, lambda letter: letter).table.rows
    assert row[0].about == "A: by wrong attempts"
