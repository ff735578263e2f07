"""Every sentence is translated, and the translations fit the sentences."""

import json
import re
import shutil
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.utils.translation import gettext, override

from privet.web import messages
from privet.web.words import say_moment, say_short_day

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
        assert gettext("You opened a page") == "Abriste una página"


def test_learners_are_spoken_to_alike_on_every_page() -> None:
    """Catalogue, banner and centre say “tú”; what is said of others may say “su”."""
    catalogue, formal = set(messages.catalogue_words()), re.compile(r"\busted\b", re.I)
    assert [a for a, b in _translated() if a in catalogue and formal.search(b)] == []
    shipped = (WEB.parent / "consent" / "notices" / "es.json").read_text(encoding="utf-8")
    assert re.findall(r"\b(?:usted|le)\b", shipped, re.I) == []


def test_short_dates_in_spanish_have_small_letters() -> None:
    with override("es"):
        assert say_short_day(date(2026, 12, 13)) == "13 dic"
        assert "13 dic 2026" in say_moment(datetime(2026, 12, 13, 14, tzinfo=UTC))


def _translated() -> list[tuple[str, str]]:
    """Each sentence with its translation, but for those in several numbers."""
    pair = rf"^msgid {_QUOTED}\nmsgstr {_QUOTED}"
    text = FILES[0].read_text(encoding="utf-8")
    return [(_text(a), _text(b)) for a, b in re.findall(pair, text, re.MULTILINE)]
