"""What learners are told before they decide: published once, never changed, known by its hash."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from typing import Any

from django.db import transaction

from privet.audit.service import record_act
from privet.catalogue.uses import Choice
from privet.consent.ledger import NoticeShown
from privet.consent.material import (
    NOTHING_NEW,
    Growth,
    controllers_in,
    growth,
    material_of,
)
from privet.consent.models import Notice, NoticeText
from privet.consent.registry import read_platform_registry
from privet.kernel.clock import Clock
from privet.kernel.errors import PrivetError

LANGUAGES = ("en", "es")
"""The languages in which every notice must be complete; the first is shown if none fits."""
NECESSARY = "necessary"
"""The name under which a notice explains what is always on."""
_NEEDED = frozenset(
    {"title", "body", "privacy_link", "accept_all", "reject_all", "choose", "save", "close"}
    | {"always_on", "gpc", "gpc_short", "failed", "cookies_none", "cookies_one", "cookies_many"}
)


class NoticeError(PrivetError):
    """A notice is incomplete, or a decision refers to words that were never shown."""


@dataclass(frozen=True, kw_only=True)
class Words:
    """A notice in one language, as it is served and shown."""

    shown: NoticeShown
    text: Mapping[str, Any]
    """The flat texts of the banner, and ``choices`` (name → ``name`` and ``says``)."""

    @property
    def texts(self) -> dict[str, str]:
        """The flat texts alone."""
        return {name: text for name, text in self.text.items() if isinstance(text, str)}


def publish_notice(
    *,
    texts: Mapping[str, Mapping[str, Any]],
    by: str,
    clock: Clock,
    controllers: Sequence[str] | None = None,
) -> int:
    """Publish a new version in all languages; returns its number.

    Purposes, vendors and categories are those of the registry now; ``controllers`` without a word
    are those of the version before. What is new of these asks people again, the words do not.
    """
    for language in LANGUAGES:
        _check_complete(language, texts.get(language, {}))
    with transaction.atomic():
        last = Notice.objects.order_by("-version").select_for_update().first()
        version = last.version + 1 if last else 1
        if controllers is None:
            controllers = controllers_in(last.material) if last else ()
        notice = Notice.objects.create(
            version=version,
            published=clock.now(),
            published_by=by,
            material=material_of(read_platform_registry(), controllers),
        )
        for language, text in sorted(texts.items()):
            words = canonical(text)
            NoticeText.objects.create(
                notice=notice, language=language, words=words, digest=digest_of(words)
            )
        record_act(act="consent.publish_notice", by=by, about={"version": version}, clock=clock)
    return version


def publish_shipped_notice(*, clock: Clock) -> int:
    """Publish the notice that Privet ships if there is none yet; returns the version in force.

    The same words are published anew when the registry names more vendors or purposes than they
    were published with, so that people are asked about those.
    """
    last = Notice.objects.order_by("-version").first()
    if last is not None:
        return _follow_registry(last, clock)
    folder = files("privet.consent") / "notices"
    texts = {
        language: json.loads((folder / f"{language}.json").read_text()) for language in LANGUAGES
    }
    return publish_notice(texts=texts, by="privet", clock=clock)


def find_growth(version: int | None, *, now: int) -> Growth:
    """What the notice of version ``now`` has that the one decided on had not."""
    if not version or version == now:
        return NOTHING_NEW
    said = dict(Notice.objects.filter(pk__in=[version, now]).values_list("version", "material"))
    return growth(before=said.get(version, ""), after=said.get(now, ""))


def _follow_registry(last: Notice, clock: Clock) -> int:
    now = material_of(read_platform_registry(), controllers_in(last.material))
    if not growth(before=last.material, after=now).reasons:
        return last.version
    with transaction.atomic():
        held = Notice.objects.select_for_update().order_by("-version").first()
        if held is None or held.version != last.version:
            return last.version + 1  # Another process was first.
        texts = {text.language: json.loads(text.words) for text in held.texts.all()}
        return publish_notice(texts=texts, by="privet", clock=clock)


def current_words(language: str, *, clock: Clock) -> Words:
    """The notice in force in a language (``es-MX`` finds ``es``), else in English."""
    version = publish_shipped_notice(clock=clock)
    texts = {text.language: text for text in NoticeText.objects.filter(notice_id=version)}
    found = texts.get(language) or texts.get(language.partition("-")[0]) or texts[LANGUAGES[0]]
    return Words(shown=_shown(found), text=json.loads(found.words))


def find_shown(*, version: int, digest: str) -> NoticeShown:
    """The published text of that version and hash; raises `NoticeError` if there is none.

    Decisions on an older version count: the page may have been open for a while.
    """
    found = NoticeText.objects.filter(notice_id=version, digest=digest).first()
    if found is None:
        raise NoticeError(
            "No notice of that version and hash was ever published.",
            remedy="Get the notice in force from GET /api/v1/consent and show that one.",
        )
    return _shown(found)


def choice_name(choice: Choice) -> str:
    """How a choice is called in notices, in the API and in forms."""
    return (choice.name or "").lower()


def canonical(text: Mapping[str, Any]) -> str:
    """The one way of writing a text down, so that equal texts have equal hashes."""
    return json.dumps(text, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(words: str) -> str:
    """SHA-256 (hex) of the exact words."""
    return sha256(words.encode()).hexdigest()


def _shown(text: NoticeText) -> NoticeShown:
    return NoticeShown(version=text.notice_id, digest=text.digest, language=text.language)


def _check_complete(language: str, text: Mapping[str, Any]) -> None:
    choices = text.get("choices", {})
    wanted = {(choice.name or "").lower() for choice in Choice} | {"necessary"}
    is_complete = (
        all(text.get(name) for name in _NEEDED)
        and set(choices) == wanted
        and all(words.get("name") and words.get("says") for words in choices.values())
    )
    if not is_complete:
        raise NoticeError(
            f"The notice is not complete in {language!r}.",
            remedy="Give every text of the banner, and a name and a sentence for every choice.",
        )
