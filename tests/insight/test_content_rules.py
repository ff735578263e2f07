"""How answers read, and what counts as a full view."""

import pytest

from privet.insight.content_results import share_of
from privet.insight.content_rules import say_answer


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"p1_2_1": "choice_2"}', "choice_2"),
        ('{"p1": ["a", "b"]}', "a, b"),
        ('{"p1_2_1": "3", "p1_3_1": "4"}', "3; 4"),
        ('{"p1": 7}', "7"),
        ('{"p1": null}', ""),
        ('["a", ["b"]]', "a; b"),
        ('{"p1": "cut of', '{"p1": "cut of'),
    ],
)
def test_an_answer_is_the_values_of_its_parts(text: str, words: str) -> None:
    assert say_answer(text) == words


def test_a_long_answer_is_cut() -> None:
    words = say_answer('{"p1": "' + "x" * 500 + '"}')
    assert len(words) == 120
    assert words.endswith("x…")


def test_a_share_is_of_something_and_at_most_all_of_it() -> None:
    assert share_of(1, 4) == 0.25
    assert share_of(1, 0) is None
    # Noise may make a part greater than its whole.
    assert share_of(5, 4) == 1.0
