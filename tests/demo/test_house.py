"""The platform and Privet know each other only through what any platform would use."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COMPOSITION = ROOT / "demo" / "composition.py"
DEMO = sorted((ROOT / "demo").rglob("*.py"))
PRIVET = sorted((ROOT / "src" / "privet").rglob("*.py"))


def imported(path: Path) -> set[str]:
    """The packages that a file imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").partition(".")[0])
    return found


@pytest.mark.parametrize("path", DEMO, ids=lambda path: path.stem)
def test_only_the_composition_imports_privet(path: Path) -> None:
    assert ("privet" in imported(path)) == (path == COMPOSITION)


def test_privet_knows_nothing_of_the_demo() -> None:
    assert not [path for path in PRIVET if "demo" in imported(path)]


@pytest.mark.parametrize("path", DEMO, ids=lambda path: path.stem)
def test_a_file_stays_short(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) < 400
