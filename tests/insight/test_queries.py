"""No query of the room gives a number away: each column is a dimension, or protected."""

from collections.abc import Iterator
from importlib.resources import files

import pytest
import sqlglot
from sqlglot import exp

from privet.insight.protection import read_text, shape_of

TEXTS = {
    path.name: path.read_text()
    for path in files("privet.insight.sql").iterdir()
    if path.name.endswith(".sql")
}
NAMED_SPANS = {"span.sql"}
"""The first and the last day with events are no number of anybody."""


def _tree(text: str) -> exp.Expr:
    return sqlglot.parse_one(f"{text}\n", dialect="duckdb")


def _names(text: str) -> tuple[str, ...]:
    tree = _tree(text)
    while isinstance(tree, exp.Union):
        tree = tree.left
    assert isinstance(tree, exp.Select)
    return tuple(tree.named_selects)


def _made_of(text: str) -> Iterator[tuple[str, exp.Expr]]:
    """Each output name anywhere in a text, with what it is made of."""
    for select in _tree(text).find_all(exp.Select):
        for column in select.expressions:
            yield column.alias_or_name, column.unalias()


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_every_column_is_a_declared_dimension_or_protected(name: str) -> None:
    shape = shape_of(_names(TEXTS[name]), read_text(TEXTS[name]).dimensions)
    assert shape.counts or shape.dimensions


@pytest.mark.parametrize("name", sorted(set(TEXTS) - NAMED_SPANS))
def test_no_dimension_counts_or_adds_up(name: str) -> None:
    dimensions = read_text(TEXTS[name]).dimensions
    for alias, made_of in _made_of(TEXTS[name]):
        if alias in dimensions:
            assert not isinstance(made_of, exp.Count | exp.Sum | exp.Avg | exp.Median), alias


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_a_declared_dimension_is_a_column_of_the_answer(name: str) -> None:
    spoken, names = read_text(TEXTS[name]), _names(TEXTS[name])
    assert spoken.dimensions <= {*names, *shape_of(names, spoken.dimensions).spreads}


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_it_says_what_is_shown_of_values_and_their_numbers_and_of_nothing_else(name: str) -> None:
    spoken, names = read_text(TEXTS[name]), _names(TEXTS[name])
    assert set(spoken.of) == set(shape_of(names, spoken.dimensions).spreads)


OF_ALL_LEARNERS = {("content_videos.sql", "seen")}
"""Statistics to which each learner of the row gives a value."""


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_each_statistic_says_of_how_many_learners_it_is(name: str) -> None:
    spoken, names = read_text(TEXTS[name]), _names(TEXTS[name])
    shape = shape_of(names, spoken.dimensions)
    statistics = set(shape.spreads) - spoken.dimensions
    of_all = {statistic for query, statistic in OF_ALL_LEARNERS if query == name}
    assert not shape.statistics
    assert {f"{one}_learners" for one in statistics - of_all} <= set(shape.counts)


def test_keys_are_made_of_the_learners_pseudonyms() -> None:
    for name, text in TEXTS.items():
        for alias, made_of in _made_of(text):
            if alias.endswith("_key"):
                assert "4294967296" in made_of.sql() or isinstance(
                    made_of, exp.Column | exp.Sum | exp.Null | exp.Cast | exp.Max
                ), (name, alias)


MAY_BE_LESS = {
    "activity_by_course.sql": {"sessions"},
    "activity_over_time.sql": {"sessions"},
    "origin_ads.sql": {"seen"},
    "paths_pages.sql": {"entries", "exits", "leaves", "seconds", "scrolled"},
}
"""Amounts of which a learner who is counted may have no part: acts of a server have no session."""


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_each_amount_is_at_least_its_learners_or_known_to_be_less(name: str) -> None:
    spoken, names = read_text(TEXTS[name]), _names(TEXTS[name])
    shape = shape_of(names, spoken.dimensions)
    assert {floor.amount for floor in spoken.floors} == set(shape.amounts) - MAY_BE_LESS.get(
        name, set()
    )
    assert {floor.count for floor in spoken.floors} <= set(shape.counts)
    assert {floor.dimension for floor in spoken.floors} <= {"", *shape.dimensions}
