"""What was worked out from a text is remembered, and what is remembered stays bounded."""

import pytest

from privet.collector.remember import remembered


class _Counting:
    """Doubles a text, and knows how often it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, text: str) -> str:
        self.asked.append(text)
        if not text:
            raise LookupError
        return text * 2


def test_the_same_text_is_worked_out_once() -> None:
    make = _Counting()
    double = remembered(make)
    assert [double(text) for text in ("a", "b", "a")] == ["aa", "bb", "aa"]
    assert make.asked == ["a", "b"]


def test_when_there_are_too_many_texts_all_are_forgotten_and_worked_out_again() -> None:
    make = _Counting()
    double = remembered(make, 2)
    assert [double(text) for text in "abcab"] == ["aa", "bb", "cc", "aa", "bb"]
    assert make.asked == ["a", "b", "c", "a", "b"]


def test_no_more_texts_are_held_than_was_said() -> None:
    make = _Counting()
    double = remembered(make, 3)
    for number in range(1, 100):
        double(str(number))
    make.asked.clear()
    held = [str(number) for number in range(1, 100)]
    for text in reversed(held):
        double(text)
        if make.asked:
            break
    assert len(held) - held.index(make.asked[0]) - 1 <= 3


def test_what_cannot_be_worked_out_is_tried_again() -> None:
    make = _Counting()
    double = remembered(make)
    for _ in range(2):
        with pytest.raises(LookupError):
            double("")
    assert make.asked == ["", ""]
