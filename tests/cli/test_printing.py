"""Tables for people: nothing in them is cut."""

import pytest

from privet.cli.printing import print_rows

NAME = "activity_over_time_of_event"


@pytest.fixture(autouse=True)
def _narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


def test_a_name_stays_whole_beside_long_sentences(capsys: pytest.CaptureFixture[str]) -> None:
    print_rows(
        [{"name": NAME, "says": "how often it happened " * 9, "takes": "course, event, " * 5}],
        as_json=False,
        empty="",
    )
    said = capsys.readouterr().out
    assert f" {NAME} " in said
    assert "…" not in said
    assert max(map(len, said.splitlines())) <= 80
    assert said.count("course,") == 5


def test_where_a_table_is_too_wide_each_row_is_a_block(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{f"number_{n}": f"value_{n}_of_{row}" for n in range(8)} for row in range(2)]
    print_rows(rows, as_json=False, empty="")
    first, second = capsys.readouterr().out.split("\n\n")
    assert first.splitlines()[0] == "number_0: value_0_of_0"
    assert second.splitlines()[-1] == "number_7: value_7_of_1"


def test_without_rows_it_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    print_rows([], as_json=False, empty="There is none.")
    assert capsys.readouterr().out == "There is none.\n"
