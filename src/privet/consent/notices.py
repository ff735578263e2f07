"""What learners are told before they decide: published once, never changed, known by its hash."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.db import transaction

from privet.audit.service import record_act
from privet.catalogue.uses import CHOICE_USES, Choice
from privet.consent.languages import read_languages
from privet.consent.ledger import NoticeShown
from privet.consent.material import (
    NOTHING_NEW,
    Growth,
    controllers_in,
    growth,
    material_of,
    without_gone,
)
from privet.consent.models import Notice, NoticeText
from privet.consent.registry import read_platform_registry
from privet.consent.rules import AgeGroup
from privet.kernel.clock import Clock
from privet.kernel.errors import PrivetError

LANGUAGES = ("en", "es")
"""The languages in which every notice must be complete; the first is shown if none fits. Others
are offered as soon as they have a file, see `privet.consent.languages`."""
NECESSARY = "necessary"
"""The name under which a notice explains what is always on."""
EDITION = "edition"
"""In words that Privet ships: a number that grows when they change. Others' words have none."""
_NEEDED = frozenset(
    {"title", "body", "privacy_link", "accept_all", "reject_all", "choose", "save", "close"}
    | {"always_on", "gpc", "gpc_short", "gpc_row", "gpc_confirmed", "failed", "closed"}
    | {"cookies", "cookies_none", "cookies_one", "cookies_many", "cookies_others"}
    | {"first", "third", "session", "unlimited", "beyond", "beyond_says", "do_not_sell"}
    | {"conflict", "conflict_says", "conflict_keep", "conflict_allow"}
    | {"again", "again_expiry", "new_purpose", "new_vendor", "new_category", "new_controller"}
    | {"rule", "rule_opt_in", "rule_opt_out", "rule_unknown", "rule_unlisted", "rule_law"}
    | {"rule_age", "rule_signal"}
)
_CLOSED_AT_AGE = "closed_at_age"
"""Stands in for ``closed`` where it is shown to somebody whose age is known. Words of others may
lack it; then theirs for all are shown."""
_USES = frozenset((use.name or "").lower() for use in CHOICE_USES.values())
_PARTS = ("name", "says")
_SHIPPED_BY = "privet"


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

    def texts_for(self, age: AgeGroup) -> dict[str, str]:
        """The flat texts for somebody of that age: ``closed`` says why it is closed to them."""
        texts = self.texts
        at_age = texts.pop(_CLOSED_AT_AGE, texts["closed"])
        return texts if age is AgeGroup.UNKNOWN else texts | {"closed": at_age}


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
    for language in sorted({*LANGUAGES, *texts}):
        _check_complete(language, texts.get(language, {}))
    if by != _SHIPPED_BY:
        texts = {language: _own(text) for language, text in texts.items()}
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

    It is published anew when the registry names more vendors or purposes than it was published
    with, so that people are asked about those; and, which asks nobody, when there is a file of a
    further language or newer words of those that are shipped.
    """
    last = Notice.objects.order_by("-version").first()
    if last is not None:
        return _follow(last, clock)
    return publish_notice(texts=read_languages(_is_complete), by=_SHIPPED_BY, clock=clock)


def languages_of(version: int) -> list[str]:
    """The languages of a published notice."""
    found = NoticeText.objects.filter(notice_id=version).values_list("language", flat=True)
    return sorted(found)


def find_growth(version: int | None, *, now: int) -> Growth:
    """What the notice of version ``now`` has that the one decided on had not.

    A vendor that has left the registry since is nothing to ask about.
    """
    if not version or version == now:
        return NOTHING_NEW
    said = dict(Notice.objects.filter(pk__in=[version, now]).values_list("version", "material"))
    after = said.get(now, "")
    held = material_of(read_platform_registry())
    return growth(before=said.get(version, ""), after=without_gone(after, now=held))


def _follow(last: Notice, clock: Clock) -> int:
    said = {text.language: json.loads(text.words) for text in last.texts.all()}
    wanted = _followed(said, read_languages(_is_complete))
    now = material_of(read_platform_registry(), controllers_in(last.material))
    if wanted == said and not growth(before=last.material, after=now).reasons:
        return last.version
    with transaction.atomic():
        held = Notice.objects.select_for_update().order_by("-version").first()
        if held is None or held.version != last.version:
            return last.version + 1  # Another process was first.
        return publish_notice(texts=wanted, by=_SHIPPED_BY, clock=clock)


def _followed(
    said: Mapping[str, Mapping[str, Any]], shipped: Mapping[str, Mapping[str, Any]]
) -> dict[str, Mapping[str, Any]]:
    """The words in force, with those of further languages and of newer editions.

    An office's own words stay; only what they lack is added, so that no sentence is missing.
    """
    wanted = {**shipped, **said}
    for language, text in said.items():
        file = shipped.get(language)
        if file is None:
            continue
        if text.get(EDITION, 0) < file.get(EDITION, 0) and EDITION in text:
            wanted[language] = file
        elif not _is_complete(text):
            wanted[language] = {**_own(file), **text}
    return wanted


def _own(text: Mapping[str, Any]) -> dict[str, Any]:
    return {name: said for name, said in text.items() if name != EDITION}


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
    if not _is_complete(text):
        raise NoticeError(
            f"The notice is not complete in {language!r}.",
            remedy="Give every text of the banner, and a name and a sentence for every choice.",
        )


def _is_complete(text: Mapping[str, Any]) -> bool:
    choices, uses = text.get("choices", {}), text.get("uses", {})
    wanted = {choice_name(choice) for choice in Choice} | {NECESSARY}
    return (
        all(_is_said(text.get(name)) for name in _NEEDED)
        and isinstance(text.get(EDITION, 0), int)
        and isinstance(choices, dict)
        and set(choices) == wanted
        and all(isinstance(words, dict) for words in choices.values())
        and all(_is_said(words.get(part)) for words in choices.values() for part in _PARTS)
        and isinstance(uses, dict)
        and all(_is_said(uses.get(use)) for use in _USES)
    )


def _is_said(words: object) -> bool:
    return isinstance(words, str) and bool(words)
