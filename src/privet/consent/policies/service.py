"""The verbs of policies: publish a version, read versions again."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from privet.audit.service import record_act
from privet.consent.policies.difference import compare
from privet.consent.policies.document import (
    Document,
    Documents,
    PolicyKind,
    digest_of,
    fingerprint,
    read,
    write,
)
from privet.consent.policies.models import PolicyVersion
from privet.kernel.clock import Clock
from privet.kernel.errors import PrivetError

LONGEST_REASON = 500
LANGUAGES = ("en", "es")
"""The languages in which every version is complete; the first is shown if none fits."""


class PolicyError(PrivetError):
    """A policy cannot be published as it was asked for."""


class PolicyChangedError(PolicyError):
    """What would be published is not what the officer has seen."""


@dataclass(frozen=True, kw_only=True)
class Version:
    """A policy as it was published."""

    kind: PolicyKind
    number: int
    published: datetime
    published_by: str
    reason: str
    digest: str
    texts: str

    @property
    def documents(self) -> dict[str, Document]:
        """The policy by language."""
        return read(self.texts)

    def document(self, language: str) -> Document:
        """The policy in a language (``es-MX`` finds ``es``), else in English."""
        found = self.documents
        return found.get(language) or found.get(language.partition("-")[0]) or found[LANGUAGES[0]]


def publish_policy(
    *, kind: PolicyKind, documents: Documents, base: int, seen: str, reason: str, by: str,
    clock: Clock,
) -> int:  # fmt: skip
    """Freeze the policy as it is now under the next number, which is returned.

    ``base`` is the version that the officer compared with (0 for none), ``seen`` the
    `fingerprint` of what they saw: if somebody published meanwhile, or the truth has moved on,
    nothing is published and `PolicyChangedError` says so.
    """
    _check(documents, seen=seen, reason=reason)
    with transaction.atomic():
        last = PolicyVersion.objects.select_for_update().filter(kind=kind).first()
        if (last.version if last else 0) != base:
            raise _somebody_else()
        if last is not None and not _differ(read(last.texts), documents):
            raise PolicyError(
                "The policy is published as it is already.", remedy="There is nothing to do."
            )
        texts = write(documents)
        row = PolicyVersion(
            kind=kind, version=base + 1, published=clock.now(), published_by=by,
            reason=reason.strip(), texts=texts, digest=digest_of(texts),
        )  # fmt: skip
        _add(row)
        record_act(
            act="consent.publish_policy",
            by=by,
            about={"policy": kind.value, "version": row.version, "digest": row.digest},
            why=row.reason,
            clock=clock,
        )
    return base + 1


def latest_version(kind: PolicyKind) -> Version | None:
    """The version in force; none if none was ever published."""
    row = PolicyVersion.objects.filter(kind=kind).first()
    return _version(row) if row else None


def find_version(kind: PolicyKind, number: int) -> Version | None:
    """The version of that number."""
    row = PolicyVersion.objects.filter(kind=kind, version=number).first()
    return _version(row) if row else None


def list_versions(kind: PolicyKind) -> list[Version]:
    """All versions, the newest first."""
    return [_version(row) for row in PolicyVersion.objects.filter(kind=kind)]


def _check(documents: Documents, *, seen: str, reason: str) -> None:
    if not 0 < len(reason.strip()) <= LONGEST_REASON:
        raise PolicyError(
            "A version gives no reason, or one of more than 500 letters.",
            remedy="Say in a sentence or two what has changed and why; learners read it.",
        )
    missing = [language for language in LANGUAGES if language not in documents]
    if missing:
        raise PolicyError(
            f"The policy is not there in {', '.join(missing)}.",
            remedy="Give it in each of the languages.",
        )
    if fingerprint(documents) != seen:
        raise PolicyChangedError(
            "What the policy is made of has changed since you opened the page.",
            remedy="Read the difference again, then publish.",
        )


def _differ(was: Documents, now: Documents) -> bool:
    """Whether anybody could find a difference; a mere other order is none."""
    return was.keys() != now.keys() or any(compare(was[code], now[code]) for code in now)


def _add(row: PolicyVersion) -> None:
    """Two at once may both have seen the same last version: the table lets one of them in."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise _somebody_else() from error


def _somebody_else() -> PolicyChangedError:
    return PolicyChangedError(
        "Somebody else has published a version since you opened the page.",
        remedy="Read the difference again, then publish if something is still missing.",
    )


def _version(row: PolicyVersion) -> Version:
    return Version(
        kind=PolicyKind(row.kind),
        number=row.version,
        published=row.published,
        published_by=row.published_by,
        reason=row.reason,
        digest=row.digest,
        texts=row.texts,
    )
