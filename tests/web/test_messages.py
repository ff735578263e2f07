"""Every sentence is translated, and the translations fit the sentences."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.utils.translation import gettext, override

from privet.web import messages

WEB = Path(messages.__file__).parent
FILES = sorted(WEB.glob("locale/*/LC_MESSAGES/django.po"))
_QUOTED = r'((?:"(?:[^"\\]|\\.)*"\s*)+)'


def _text(quoted: str) -> str:
    return "".join(json.loads(part) for part in re.findall(r'"(?:[^"\\]|\\.)*"', quoted))


def _sentences(file: Path) -> set[str]:
    found = re.findall(rf"^msgid {_QUOTED}", file.read_text(encoding="utf-8"), re.MULTILINE)
    return {_text(quoted) for quoted in found} - {""}


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages and their translations in another place, collected anew."""
    there = tmp_path_factory.mktemp("messages") / "web"
    shutil.copytree(WEB, there, ignore=shutil.ignore_patterns("static", "__pycache__", "*.mo"))
    messages.collect(there)
    return there


def test_there_is_a_second_language() -> None:
    assert [file.parts[-3] for file in FILES] == ["es"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parts[-3])
def test_each_sentence_is_translated_and_none_by_guessing(file: Path, collected: Path) -> None:
    anew = collected / file.relative_to(WEB)
    told = subprocess.run(
        ["msgfmt", "--check", "--statistics", "-o", "/dev/null", anew],
        check=True,
        capture_output=True,
        env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
    )
    assert re.fullmatch(rb"\d+ translated messages?\.\n", told.stderr)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parts[-3])
def test_the_file_holds_what_pages_say_now(file: Path, collected: Path) -> None:
    assert _sentences(file) == _sentences(collected / file.relative_to(WEB))


def test_what_the_catalogue_says_is_among_it() -> None:
    assert set(messages.catalogue_words()) <= _sentences(FILES[0])


def test_translations_are_compiled_and_in_use() -> None:
    with override("es"):
        assert gettext("You opened a page") == "Abrió una página"
