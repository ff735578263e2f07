"""Versions: published once, numbered on, never changed, and only as they were seen."""

import pytest

from privet.audit.models import Record
from privet.consent.models import AppendOnlyError
from privet.consent.policies.document import PolicyKind, digest_of, fingerprint
from privet.consent.policies.models import PolicyVersion
from privet.consent.policies.service import (
    PolicyChangedError,
    PolicyError,
    _add,
    find_version,
    latest_version,
    list_versions,
    publish_policy,
)
from tests.consent.policies.kit import CLOCK, NOON, OFFICER, document, publish

pytestmark = pytest.mark.django_db
KIND = PolicyKind.COOKIES


def test_before_anything_is_published_there_is_no_version():
    assert latest_version(KIND) is None
    assert find_version(KIND, 1) is None
    assert list_versions(KIND) == []


def test_versions_are_numbered_on_and_keep_what_they_said():
    assert publish("a") == 1
    assert publish("a", "b", base=1) == 2
    first = find_version(KIND, 1)
    assert first is not None
    assert first.document("en") == document("a")
    assert (first.published, first.published_by, first.reason) == (NOON, OFFICER, "There is more.")
    assert first.digest == digest_of(first.texts)
    assert [version.number for version in list_versions(KIND)] == [2, 1]
    last = latest_version(KIND)
    assert last is not None
    assert last.number == 2


def test_each_policy_counts_its_own_versions():
    publish("a")
    assert publish("a", kind=PolicyKind.PRIVACY) == 1


def test_a_version_is_read_in_the_nearest_language():
    documents = {"en": document(says="Little."), "es": document(says="Poco.")}
    publish_policy(
        kind=KIND, documents=documents, base=0, seen=fingerprint(documents), reason="First.",
        by=OFFICER, clock=CLOCK,
    )  # fmt: skip
    version = latest_version(KIND)
    assert version is not None
    assert version.document("es-MX") == documents["es"]
    assert version.document("fr") == documents["en"]


def test_publishing_is_audited_with_who_and_why():
    publish("a")
    record = Record.objects.get(act="consent.publish_policy")
    assert (record.by, record.why) == (OFFICER, "There is more.")
    assert record.about == {
        "policy": "cookies", "version": 1, "digest": PolicyVersion.objects.get().digest,
    }  # fmt: skip


def test_what_somebody_published_meanwhile_is_not_overwritten():
    publish("a")
    publish("b", base=1)
    with pytest.raises(PolicyChangedError, match="Somebody else"):
        publish("c", base=1)
    assert PolicyVersion.objects.count() == 2
    assert Record.objects.filter(act="consent.publish_policy").count() == 2


def test_of_two_who_saw_the_same_last_version_the_table_lets_one_in():
    publish("a")
    other = PolicyVersion(
        kind=KIND, version=1, published=NOON, published_by=OFFICER, texts="{}", digest=""
    )
    with pytest.raises(PolicyChangedError, match="Somebody else"):
        _add(other)
    assert PolicyVersion.objects.get().texts != "{}"


def test_what_the_officer_has_not_seen_is_not_published():
    documents = {"en": document("a"), "es": document("a")}
    seen = fingerprint({"en": document(), "es": document()})
    with pytest.raises(PolicyChangedError, match="has changed since"):
        publish_policy(
            kind=KIND, documents=documents, base=0, seen=seen, reason="More.", by=OFFICER,
            clock=CLOCK,
        )  # fmt: skip
    assert not PolicyVersion.objects.exists()


def test_the_same_is_not_published_twice():
    publish("a")
    with pytest.raises(PolicyError, match="as it is already"):
        publish("a", base=1)


def test_what_learners_would_be_told_and_could_find_no_difference_in_is_not_published():
    publish("a", "b")
    with pytest.raises(PolicyError, match="as it is already"):
        publish("b", "a", base=1)


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
def test_without_a_reason_nothing_is_published(reason):
    documents = {"en": document(), "es": document()}
    with pytest.raises(PolicyError, match="reason"):
        publish_policy(
            kind=KIND, documents=documents, base=0, seen=fingerprint(documents), reason=reason,
            by=OFFICER, clock=CLOCK,
        )  # fmt: skip


def test_a_policy_must_be_there_in_each_language():
    documents = {"en": document()}
    with pytest.raises(PolicyError, match="es"):
        publish_policy(
            kind=KIND, documents=documents, base=0, seen=fingerprint(documents), reason="First.",
            by=OFFICER, clock=CLOCK,
        )  # fmt: skip


def test_a_version_cannot_be_changed_or_removed():
    publish("a")
    row = PolicyVersion.objects.get()
    row.reason = "Another."
    with pytest.raises(AppendOnlyError):
        row.save()
    with pytest.raises(AppendOnlyError):
        row.delete()
