"""The page of the command says what ``--help`` says."""

import subprocess

from tests.cli.reference import PAGE, page
from tests.intake.edx.installation import COMMAND


def test_the_page_lists_every_command_and_parameter() -> None:
    assert PAGE.read_text() == page(), "Write it anew with: python -m tests.cli.reference"


def test_help_is_told_without_an_installation() -> None:
    for words in ([], ["import"], ["import", "edx"], ["serve"], ["account", "role"]):
        done = subprocess.run([*COMMAND, *words, "--help"], capture_output=True, check=True)
        assert b"Usage: " in done.stdout
