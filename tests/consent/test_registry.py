"""The registry's file is complete, versioned and believed only if every entry of it is right."""

from pathlib import Path

import pytest

from demo.people import SESSION_SECONDS
from demo.views.catalogue import SEEN_COOKIE, SEEN_SECONDS
from demo.visit import SESSION_COOKIE
from privet.consent.cookies import CONSENT_COOKIE, CONSENT_DAYS, VISITOR_COOKIE, VISITOR_DAYS
from privet.consent.registry import (
    OPERATORS_FILE,
    Category,
    TechnologyError,
    find_file_fault,
    match,
    read_platform_registry,
    read_registry,
    read_registry_file,
)

ENTRY = """
[[technology]]
name = "hedgerow_session"
kind = "cookie"
setter = "the course site"
party = "first"
lifetime = "session"
category = "necessary"
vendor = "Hedgerow Courses"
data = ["user.authorization"]
purpose.en = "Keeps you signed in."
purpose.es = "Mantiene su sesión abierta."
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PRIVET_HOME", str(tmp_path))
    return tmp_path


def test_privet_says_of_each_of_its_own_what_it_is_for_in_both_languages(home):
    found = read_platform_registry().technologies
    assert len({(one.kind, one.name) for one in found}) == len(found)
    assert all(set(one.purpose) == {"en", "es"} for one in found)


def test_the_lifetimes_are_those_that_the_cookies_are_set_with(home):
    found = {one.name: one.lifetime for one in read_platform_registry().technologies}
    assert found[CONSENT_COOKIE] == f"P{CONSENT_DAYS}D"
    assert found[VISITOR_COOKIE] == f"P{VISITOR_DAYS}D"


def test_a_category_lists_what_is_in_it(home):
    registry = read_platform_registry()
    assert registry.of(Category.TARGETING) == ()
    assert [one.name for one in registry.of(Category.FUNCTIONALITY)] == [
        "privet_chance",
        "privet_prefs*",
        "privet_drafts*",
    ]


def test_the_operator_adds_what_the_platform_sets(home):
    before = read_platform_registry()
    (home / OPERATORS_FILE).write_text("version = 4\n" + ENTRY)
    after = read_platform_registry()
    assert (before.version, after.version) == ("2", "2+4")
    assert before.digest != after.digest
    found = match("hedgerow_session", "cookie")
    assert found is not None
    assert found.vendor == "Hedgerow Courses"


@pytest.mark.parametrize("broken", [b"version = ", b"\xff", b"version = 5\n[[technology]]\n"])
def test_a_file_that_somebody_breaks_leaves_in_force_what_it_said(home, broken):
    file = home / OPERATORS_FILE
    file.write_text("version = 4\n" + ENTRY)
    before = read_platform_registry()
    assert find_file_fault() is None
    file.write_bytes(broken)
    assert read_platform_registry() == before
    assert find_file_fault() is not None
    file.write_text("version = 6\n" + ENTRY)
    assert read_platform_registry().version == "2+6"
    assert find_file_fault() is None


def test_a_file_that_was_never_right_is_refused(home):
    (home / OPERATORS_FILE).write_text("version = ")
    with pytest.raises(TechnologyError, match="not TOML"):
        read_platform_registry()


def test_the_cookie_of_the_decision_lasts_as_long_as_the_operator_lets_it(home, monkeypatch):
    monkeypatch.setenv("PRIVET_CONSENT_DAYS", "90")
    found = match(CONSENT_COOKIE, "cookie")
    assert found is not None
    assert found.lifetime == "P90D"


def test_the_same_texts_have_the_same_digest():
    text = "version = 1\n" + ENTRY
    assert read_registry([text]).digest == read_registry([text]).digest


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("version = ", "not TOML"),
        ("version = 1", "no list of technologies"),
        ("technology = []", "no version"),
        ("version = 1" + ENTRY.replace('"session"', '"a while"'), "lifetime"),
        ("version = 1" + ENTRY.replace("setter", "sitter"), "not known"),
        ("version = 1" + ENTRY.replace('kind = "cookie"', ""), "lacks a field"),
        ("version = 1" + ENTRY.replace('"necessary"', '"harmless"'), "cannot be"),
        ("version = 1" + ENTRY.replace('purpose.es = "Mantiene su sesión abierta."', ""), "lacks"),
    ],
)
def test_a_wrong_file_is_refused_with_what_is_wrong(text, what):
    with pytest.raises(TechnologyError, match=what):
        read_registry([text])


def test_the_demos_platform_registers_the_cookies_that_it_sets(home):
    text = (Path(__file__).parents[2] / "demo" / "registry.toml").read_text()
    found = read_registry([text]).technologies
    assert [(one.name, one.lifetime) for one in found] == [
        (SESSION_COOKIE, f"P{SESSION_SECONDS // 86_400}D"),
        (SEEN_COOKIE, f"P{SEEN_SECONDS // 86_400}D"),
    ]


def test_a_file_beside_the_installation_is_read_as_if_it_were_the_operators(tmp_path):
    file = tmp_path / "cookies.toml"
    file.write_text("version = 3\n" + ENTRY)
    found = read_registry_file(file)
    assert found.version.endswith("+3")
    names = {one.name for one in found.technologies}
    assert {"hedgerow_session", CONSENT_COOKIE, VISITOR_COOKIE} <= names


@pytest.mark.parametrize("content", [None, b"version = 1\n# \xff"])
def test_a_file_beside_the_installation_that_cannot_be_read_is_refused(tmp_path, content):
    file = tmp_path / "cookies.toml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(TechnologyError, match="cannot be read"):
        read_registry_file(file)


@pytest.mark.parametrize("kind", ["cookie", "session_storage"])
@pytest.mark.parametrize("lifetime", ["unlimited", "P0D"])
def test_what_always_ends_cannot_be_registered_as_lasting_for_ever_or_not_at_all(kind, lifetime):
    entry = ENTRY.replace('"cookie"', f'"{kind}"').replace('"session"', f'"{lifetime}"')
    with pytest.raises(TechnologyError, match="A lifetime cannot be that of such a thing"):
        read_registry(["version = 1\n" + entry])
