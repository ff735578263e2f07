"""CSV that a spreadsheet may open."""

import csv
import io

import pytest

from privet.kernel.spreadsheet import write_csv


def _read_back(value: object) -> str:
    ((cell,),) = list(csv.reader(io.StringIO(write_csv(["words"], [[value]]))))[1:]
    return cell


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_text_is_taken_for_a_formula(start: str) -> None:
    assert _read_back(f"{start}HYPERLINK(1)") == f"'{start}HYPERLINK(1)"
    assert _read_back([f"{start}a", "b"]) == f"'{start}a, b"


@pytest.mark.parametrize(
    ("value", "cell"),
    [(-3, "-3"), (0.5, "0.5"), (None, ""), ("Go on, please", "Go on, please"), ("a\nb", "a\nb")],
)
def test_numbers_and_other_words_stay_as_they_are(value: object, cell: str) -> None:
    assert _read_back(value) == cell


def test_titles_come_first_even_without_rows() -> None:
    assert write_csv(["course", "learners"], []) == "course,learners\r\n"
