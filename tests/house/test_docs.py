"""The documents say what is there: settings, links, commands of make."""

import re
from pathlib import Path

import pytest

from privet.server import OWN_PATHS

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("demo/**/*.md")])


def test_the_settings_page_lists_exactly_the_settings_that_are_read() -> None:
    listed = re.findall(r"^\| `(PRIVET_\w+)`", page("docs/reference/settings.md"), re.M)
    sources = (path.read_text() for path in (ROOT / "src" / "privet").rglob("*.py"))
    read = {name for text in sources for name in re.findall(r'"(PRIVET_[A-Z_]+)"', text)}
    assert set(listed) == read
    assert len(listed) == len(set(listed))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_inside_the_repository_leads_somewhere(path: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", without_code(path.read_text()))
    missing = [t for t in targets if not t.startswith("/") and not (path.parent / t).exists()]
    assert missing == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_make_command_in_a_page_exists(path: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", page("Makefile"), re.M))
    code = "\n".join(re.findall(r"```.*?```|`make [^`]*`", path.read_text(), re.S))
    named = set(re.findall(r"\bmake ([a-z]+)", code))
    assert named <= targets


def test_every_page_of_the_documentation_is_in_its_index() -> None:
    index = page("docs/README.md")
    pages = [p.relative_to(ROOT / "docs") for p in ROOT.glob("docs/*/**/*.md")]
    assert [str(p) for p in pages if f"]({p})" not in index] == []


def page(name: str) -> str:
    return (ROOT / name).read_text()


def without_code(text: str) -> str:
    return re.sub(r"```.*?```", "", text, flags=re.S)


@pytest.mark.parametrize("name", ["connect-a-platform", "embed-the-sdk"])
def test_who_sends_privets_paths_to_it_is_told_all_of_them(name: str) -> None:
    told = page(f"docs/how-to/{name}.md")
    assert [path for path in OWN_PATHS if path not in told] == []
