"""The model of suggestions: which courses speak for which, what is left out, and its file."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privet.insight.recommend_evaluation import evaluate
from privet.insight.recommend_fit import LEAST_LEARNERS, fit
from privet.insight.recommend_model import Model, read_model, write_model

NOW = datetime(2026, 9, 15, 12, tzinfo=UTC)
BOTANY, POETRY, MUSIC = "botany", "poetry", "music"


def both(learners: int, *courses: str, after: int = 0) -> list[tuple[int, str]]:
    return [(after + n, course) for n in range(learners) for course in courses]


def test_courses_that_the_same_learners_took_speak_for_each_other():
    model = fit(both(8, BOTANY, POETRY), built=NOW)
    (found,) = model.suggest([BOTANY], known={BOTANY}, most=5)
    assert (found.course, found.because) == (POETRY, BOTANY)


def test_a_pair_of_too_few_learners_does_not_stand_in_the_model():
    model = fit(both(LEAST_LEARNERS - 1, BOTANY, POETRY), built=NOW)
    assert (model.neighbours, model.popular) == ({}, ())


def test_just_enough_learners_are_enough():
    model = fit(both(LEAST_LEARNERS, BOTANY, POETRY), built=NOW)
    assert set(model.neighbours) == {BOTANY, POETRY}


def test_nobody_counts_twice_for_coming_twice():
    model = fit(both(LEAST_LEARNERS - 1, BOTANY, POETRY) * 3, built=NOW)
    assert model.neighbours == {}


def test_what_is_like_a_courses_likes_counts_too():
    taken = both(8, BOTANY, POETRY) + both(8, POETRY, MUSIC, after=100)
    found = fit(taken, built=NOW).suggest([BOTANY], known={BOTANY}, most=5)
    assert [one.course for one in found] == [POETRY, MUSIC]
    assert {one.because for one in found} == {BOTANY}


def test_what_many_took_fills_up_and_says_no_reason():
    taken = both(8, BOTANY, POETRY) + both(9, MUSIC, after=100)
    found = fit(taken, built=NOW).suggest([BOTANY], known={BOTANY}, most=5)
    assert [(one.course, one.because) for one in found] == [(POETRY, BOTANY), (MUSIC, "")]


def test_nothing_known_is_suggested_and_no_more_than_asked():
    model = fit(both(8, BOTANY, POETRY, MUSIC), built=NOW)
    assert model.suggest([BOTANY], known={BOTANY, POETRY, MUSIC}, most=5) == []
    assert len(model.suggest([BOTANY], known={BOTANY}, most=1)) == 1


def test_the_course_that_speaks_most_is_the_reason():
    model = Model(built=NOW, neighbours={BOTANY: [(MUSIC, 0.2)], POETRY: [(MUSIC, 0.7)]})
    (found,) = model.suggest([BOTANY, POETRY], known={BOTANY, POETRY}, most=5)
    assert found.because == POETRY


def test_nobody_took_anything():
    assert fit([], built=NOW).neighbours == {}


@given(st.lists(st.tuples(st.integers(1, 40), st.sampled_from("abcdef")), max_size=200))
def test_the_model_never_names_a_pair_that_few_share(taken: list[tuple[int, str]]):
    model = fit(taken, built=NOW)
    of = {course: {who for who, one in taken if one == course} for course in "abcdef"}
    firsts = {(one, near[0][0]) for one, near in model.neighbours.items() if near[0][1] > 0.5}
    assert all(len(of[one] & of[other]) >= LEAST_LEARNERS or _joins(of, one, other)
               for one, other in firsts)  # fmt: skip


def _joins(of: dict[str, set[int]], one: str, other: str) -> bool:
    """Whether enough learners join the two over a third course."""
    return any(
        len(of[one] & of[third]) >= LEAST_LEARNERS and len(of[third] & of[other]) >= LEAST_LEARNERS
        for third in of
    )


def test_the_file_brings_the_same_model_back_and_is_its_owners(tmp_path: Path):
    path = tmp_path / "recommendations" / "model.json"
    model = fit(both(8, BOTANY, POETRY), built=NOW)
    write_model(model, path)
    found = read_model(path)
    assert found is not None
    assert found.suggest([BOTANY], known=(), most=5) == model.suggest([BOTANY], known=(), most=5)
    assert (found.built, path.stat().st_mode & 0o777) == (NOW, 0o600)


def test_the_file_holds_no_learner(tmp_path: Path):
    path = tmp_path / "model.json"
    write_model(fit(both(8, BOTANY, POETRY, after=7_100_000_001), built=NOW), path)
    assert "71000" not in path.read_text()


@pytest.mark.parametrize("text", ["", "no JSON", "[]", '{"version": 99}'])
def test_a_file_that_is_no_model_counts_as_none(tmp_path: Path, text: str):
    path = tmp_path / "model.json"
    path.write_text(text)
    assert read_model(path) is None
    assert read_model(tmp_path / "missing") is None


def test_ours_finds_the_last_course_where_popularity_does_not():
    history = {n: [f"a{n % 2}", "b", "c"] for n in range(60)}
    history |= {100 + n: ["x", "y", "z"] for n in range(60)} | {200: ["x"]}
    found = evaluate(history, built=NOW)
    assert (found.learners, found.tested, found.courses) == (121, 120, 7)
    assert 0 <= found.popularity.recall_at_10 <= found.ours.recall_at_10 + 1e-9


def test_nobody_to_test_scores_nothing():
    found = evaluate({}, built=NOW)
    assert (found.ours.recall_at_10, found.ours.coverage, found.tested) == (0, 0, 0)
