"""A language is a file: found when it comes, followed when it changes, never half shown."""

import json
from importlib.resources import files
from pathlib import Path

import pytest

from privet.consent.languages import OPERATORS_FOLDER, read_languages, read_purposes
from privet.consent.models import Notice, NoticeText
from privet.consent.notices import current_words, languages_of, publish_notice
from privet.consent.registry import read_platform_registry
from privet.kernel.clock import FixedClock
from tests.consent.kit import NOW

CLOCK = FixedClock(NOW)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PRIVET_HOME", str(tmp_path))
    (tmp_path / OPERATORS_FOLDER).mkdir()
    return tmp_path / OPERATORS_FOLDER


def english() -> dict[str, object]:
    found: dict[str, object] = json.loads(
        (files("privet.consent") / "notices" / "en.json").read_text()
    )
    return found


def put(folder: Path, name: str, **changed: object) -> None:
    (folder / name).write_text(json.dumps(english() | changed))


def test_the_shipped_languages_are_the_files_that_are_there(folder):
    assert list(read_languages()) == ["en", "es"]


def test_an_operators_file_is_a_further_language(folder):
    put(folder, "pt-BR.json", title="Seus dados", technologies={"privet_visit": "Uma visita."})
    assert read_languages()["pt-BR"]["title"] == "Seus dados"
    assert "technologies" not in read_languages()["pt-BR"]
    assert read_purposes()["pt-BR"] == {"privet_visit": "Uma visita."}


def test_an_operators_file_stands_in_for_the_shipped_one(folder):
    put(folder, "es.json", title="Otro título")
    assert read_languages()["es"]["title"] == "Otro título"


@pytest.mark.parametrize("name", ["notes.about.json", "1.json", "x.json"])
def test_a_file_that_is_not_called_like_a_language_is_left_out(folder, name):
    put(folder, name)
    assert list(read_languages()) == ["en", "es"]


def test_the_registry_says_what_things_are_for_in_a_further_language(folder):
    put(folder, "fr.json", technologies={"privet_visit": "Une visite.", "other": "?"})
    found = {one.name: one for one in read_platform_registry().technologies}
    assert found["privet_visit"].says("fr") == "Une visite."
    assert found["privet_queue"].says("fr") == found["privet_queue"].says("en")
    assert found["privet_visit"].says("es").startswith("Un número")


@pytest.mark.parametrize("said", [5, ["x"], {"privet_visit": {"a": 1}}, {"privet_visit": ""}, None])
def test_what_is_no_explanation_is_passed_over(folder, said):
    put(folder, "es.json", technologies=said)
    found = {one.name: one for one in read_platform_registry().technologies}
    assert found["privet_visit"].says("es").startswith("Un número")


# --- The notice follows the files ---

WRONG = [
    {"title": ""},
    {"title": 5},
    {"rule": None},
    {"edition": "99"},
    {"edition": None},
    {"choices": []},
    {"choices": {}},
    {"choices": dict.fromkeys(english()["choices"], "x")},
    {"choices": {name: {"name": "x", "says": 5} for name in english()["choices"]}},
    {"uses": []},
    {"uses": {}},
]


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", WRONG, ids=str)
@pytest.mark.parametrize("is_first", [True, False])
def test_a_shipped_language_stays_whole_whatever_an_operators_file_says(folder, wrong, is_first):
    if not is_first:
        current_words("en", clock=CLOCK)
    for name in ("en.json", "es.json", "he.json"):
        put(folder, name, **({"edition": 99, "body": "Mine"} | wrong))
    assert current_words("en", clock=CLOCK).text == english()
    assert current_words("he", clock=CLOCK).shown.language == "en"
    assert languages_of(current_words("es", clock=CLOCK).shown.version) == ["en", "es"]


@pytest.mark.django_db
def test_a_language_whose_file_went_is_still_told_as_it_was_published(folder):
    put(folder, "fr.json")
    assert languages_of(current_words("fr", clock=CLOCK).shown.version) == ["en", "es", "fr"]
    (folder / "fr.json").unlink()
    assert current_words("fr", clock=CLOCK).shown.language == "fr"
    assert Notice.objects.count() == 1


@pytest.mark.django_db
def test_newer_words_that_are_shipped_replace_older_ones(folder):
    current_words("en", clock=CLOCK)
    put(folder, "en.json", title="Newer", edition=99)
    assert current_words("en", clock=CLOCK).text["title"] == "Newer"
    assert Notice.objects.count() == 2


@pytest.mark.django_db
def test_an_offices_own_words_stay_when_newer_ones_are_shipped(folder):
    texts = {code: dict(text, title="Ours") for code, text in read_languages().items()}
    publish_notice(texts=texts, by="account:1", clock=CLOCK)
    put(folder, "en.json", title="Newer", edition=99)
    assert current_words("en", clock=CLOCK).text["title"] == "Ours"
    assert Notice.objects.count() == 1


@pytest.mark.django_db
def test_what_an_offices_own_words_lack_is_added_from_those_shipped(folder):
    publish_notice(texts=read_languages(), by="account:1", clock=CLOCK)
    text = NoticeText.objects.get(language="en")
    said = {name: words for name, words in json.loads(text.words).items() if name != "rule"}
    # As if it had been published before the banner had that sentence.
    NoticeText.objects.filter(pk=text.pk).update(words=json.dumps(said | {"title": "Ours"}))
    words = current_words("en", clock=CLOCK).text
    assert (words["title"], words["rule"]) == ("Ours", english()["rule"])
    assert "edition" not in words
