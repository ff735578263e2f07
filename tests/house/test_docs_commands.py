"""Each command line, anchor and default of a setting that a page names is what the code has."""

import re
import shlex
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import typer

from privet.cli.app import app
from privet.kernel.config import read_config

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md")])
TREE = typer.main.get_command(app)


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_every_command_line_of_a_page_is_understood(path: Path) -> None:
    assert [line for line in command_lines(path.read_text()) if fault_of(line)] == []


def test_a_command_line_that_does_not_exist_is_found() -> None:
    text = "`privet integrity run --curse X`\n```\nx=1 .venv/bin/privet auditt verify | less\n```"
    assert [fault_of(line) for line in command_lines(text)] == ["--curse", "auditt"]


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_every_anchor_that_a_page_links_to_is_a_heading(path: Path) -> None:
    text = without_blocks(path.read_text())
    missing = []
    for target, anchor in re.findall(r"\]\(([^)#\s:]*)#([^)\s]+)\)", text):
        other = path.parent / target if target else path
        if unquote(anchor) not in anchors(other.read_text()):
            missing.append(f"{target}#{anchor}")
    assert missing == []


def test_headings_get_the_anchors_that_the_forge_gives_them() -> None:
    text = "# In a member's course\n## `GET /api/v1/x`: [why](y.md)\n```\n# no\n```\n# a_b\n# a_b"
    assert anchors(text) == {"in-a-members-course", "get-apiv1x-why", "a_b", "a_b-1"}


def command_lines(text: str) -> list[str]:
    """The lines, from the word ``privet`` on, of blocks and of code within sentences."""
    blocks = re.findall(r"^ *```[^\n]*\n(.*?)^ *```", text, re.S | re.M)
    lines = [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    quoted = re.findall(r"`([^`]+)`", without_blocks(text))
    at_start = re.compile(
        r"^\s*(?:\$ |taskset -c \d+ |runuser -u \w+ -- |ExecStart=|\w+=\S+ )*"
        r"(?:[\w./-]+/)?privet (?=[a-z-])"
    )
    both = [*(" ".join(each.split()) for each in quoted), *lines]
    return [line[found.end() :] for line in both if (found := at_start.match(line))]


def fault_of(line: str) -> str:
    """The first word that the tree of commands does not know; empty if it knows all."""
    words = shlex.split(line, comments=True)
    command: Any = TREE
    while hasattr(command, "commands") and words:
        word = words.pop(0)
        if word.startswith("-"):
            return "" if word in options_of(command) else word
        if word not in command.commands:
            return word
        command = command.commands[word]
    ends = [place for place, word in enumerate(words) if word in ("|", ">", "&", "&&", ";", "<")]
    given = words[: min(ends, default=len(words))]
    options = options_of(command)
    names = (word.partition("=")[0] for word in given if word.startswith("-") and word != "-")
    return next((name for name in names if name not in options), "")


def options_of(command: Any) -> set[str]:
    names = {name for each in command.params for name in [*each.opts, *each.secondary_opts]}
    return names | {"--help"}


def anchors(text: str) -> set[str]:
    """The anchor of each heading: words in lower case, joined by hyphens, told apart by number."""
    found: set[str] = set()
    for heading in re.findall(r"^#{1,6} +(.+?) *$", without_blocks(text), re.M):
        shown = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        plain = re.sub(r"[^\w\- ]", "", shown).replace(" ", "-")
        taken = (plain, *(f"{plain}-{number}" for number in range(1, 99)))
        found.add(next(name for name in taken if name not in found))
    return found


def without_blocks(text: str) -> str:
    return re.sub(r"^ *```.*?^ *```", "", text, flags=re.S | re.M)


DEFAULTS = re.findall(
    r"^\| `(PRIVET_\w+)` \| (.+?) \|", (ROOT / "docs/reference/settings.md").read_text(), re.M
)


@pytest.mark.parametrize(("name", "told"), DEFAULTS, ids=[name for name, _ in DEFAULTS])
def test_the_default_of_a_setting_is_as_the_page_tells_it(name: str, told: str) -> None:
    elsewhere = {"PRIVET_HOME": "/nowhere"} if name != "PRIVET_HOME" else {}
    config = read_config(elsewhere)
    if told == "none":
        assert getattr(config, name.removeprefix("PRIVET_").lower()) in ("", ())
        return
    value = told.strip("`").replace("PRIVET_HOME", "/nowhere")
    assert value
    assert read_config({**elsewhere, name: value}) == config
