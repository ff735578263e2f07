"""How far long work has come is shown to people, and to nobody else."""

import pytest

from privet.cli.progress import progress_bar


def test_a_person_sees_what_is_done_and_how_much(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    with progress_bar("Beginning") as show:
        show("Algebra", 3, 12)
    shown = capsys.readouterr()
    assert "Algebra" in shown.err
    assert "25%" in shown.err
    assert not shown.out


def test_a_file_or_a_program_gets_no_bar(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bar("Beginning") as show:
        show("Algebra", 3, 12)
    shown = capsys.readouterr()
    assert not shown.out + shown.err.strip()
