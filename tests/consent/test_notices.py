"""Notices: complete in each language, published once, known by the hash of their exact words."""

import json
from hashlib import sha256
from importlib.resources import files

import pytest

from privet.audit.models import Record
from privet.consent.models import Notice, NoticeText
from privet.consent.notices import (
    LANGUAGES,
    NoticeError,
    canonical,
    current_words,
    find_shown,
    publish_notice,
    publish_shipped_notice,
)
from privet.consent.rules import AgeGroup
from privet.kernel.clock import FixedClock
from tests.consent.kit import NOW

pytestmark = pytest.mark.django_db
CLOCK = FixedClock(NOW)


def shipped():
    folder = files("privet.consent") / "notices"
    return {name: json.loads((folder / f"{name}.json").read_text()) for name in LANGUAGES}


def test_the_shipped_notice_is_published_when_it_is_first_asked_for():
    assert current_words("en", clock=CLOCK).shown.version == 1
    assert current_words("es", clock=CLOCK).shown.version == 1
    assert Notice.objects.get().published == NOW
    assert list(Record.objects.values_list("act", flat=True)) == ["consent.publish_notice"]


def test_the_hash_is_that_of_the_exact_words():
    words = current_words("es", clock=CLOCK)
    row = NoticeText.objects.get(language="es")
    assert words.shown.digest == row.digest == sha256(row.words.encode()).hexdigest()
    assert json.loads(row.words) == shipped()["es"] == words.text


@pytest.mark.parametrize(
    ("asked", "given"),
    [("en", "en"), ("es", "es"), ("es-MX", "es"), ("es-419", "es"), ("fr", "en"), ("", "en")],
)
def test_a_language_finds_its_words_or_english(asked, given):
    assert current_words(asked, clock=CLOCK).shown.language == given


def test_flat_texts_are_those_of_the_banner():
    texts = current_words("en", clock=CLOCK).texts
    assert texts["accept_all"] == "Accept all"
    assert "choices" not in texts


def test_what_is_closed_is_said_as_it_fits_to_the_age_that_is_known():
    words = current_words("en", clock=CLOCK)
    said = {age: words.texts_for(age)["closed"] for age in AgeGroup}
    assert said[AgeGroup.UNKNOWN].endswith("we do not know that you are one.")
    assert said[AgeGroup.MINOR] == said[AgeGroup.CHILD] == words.text["closed_at_age"]
    assert all("closed_at_age" not in words.texts_for(age) for age in AgeGroup)


def test_words_of_others_without_a_sentence_for_a_known_age_show_theirs_for_all():
    texts = shipped()
    for text in texts.values():
        del text["closed_at_age"]
    publish_notice(texts=texts, by="operator", clock=CLOCK)
    words = current_words("en", clock=CLOCK)
    assert words.texts_for(AgeGroup.CHILD)["closed"] == words.text["closed"]


def test_a_new_notice_is_in_force_and_the_old_one_can_still_be_referred_to():
    old = current_words("en", clock=CLOCK).shown
    texts = shipped()
    texts["en"]["title"] = "Something else"
    assert publish_notice(texts=texts, by="account:1", clock=CLOCK) == 2
    assert current_words("en", clock=CLOCK).text["title"] == "Something else"
    assert find_shown(version=1, digest=old.digest) == old


def test_words_that_were_never_published_cannot_be_referred_to():
    shown = current_words("en", clock=CLOCK).shown
    for version, digest in ((1, "0" * 64), (2, shown.digest)):
        with pytest.raises(NoticeError):
            find_shown(version=version, digest=digest)


def test_the_order_in_which_words_are_written_does_not_change_their_hash():
    assert canonical({"a": 1, "b": "ñ"}) == canonical({"b": "ñ", "a": 1}) == '{"a":1,"b":"ñ"}'


def without(language, *path):
    texts = shipped()
    at = texts[language]
    for step in path[:-1]:
        at = at[step]
    del at[path[-1]]
    return texts


@pytest.mark.parametrize(
    "texts",
    [
        without("en", "title"),
        without("es", "reject_all"),
        without("es", "choices", "research"),
        without("en", "choices", "targeting", "says"),
        without("en", "choices"),
        {"en": shipped()["en"]},
        {"en": shipped()["en"], "es": shipped()["es"] | {"body": ""}},
    ],
)
def test_an_incomplete_notice_is_not_published(texts):
    with pytest.raises(NoticeError):
        publish_notice(texts=texts, by="account:1", clock=CLOCK)
    assert not Notice.objects.exists()


def test_both_languages_have_the_same_texts():
    english, spanish = shipped()["en"], shipped()["es"]
    assert set(english) == set(spanish)
    assert publish_shipped_notice(clock=CLOCK) == 1
    assert publish_shipped_notice(clock=CLOCK) == 1
