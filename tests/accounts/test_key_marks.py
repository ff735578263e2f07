"""The link key belongs to the database."""

from pathlib import Path

import pytest

from privet.accounts.key_marks import OtherKeyError, check_link_key
from privet.kernel.crypto import KeyRing

pytestmark = pytest.mark.django_db


def test_the_same_key_is_known_again(tmp_path: Path) -> None:
    check_link_key(KeyRing(tmp_path))
    key = KeyRing(tmp_path).link_key()
    check_link_key(KeyRing(tmp_path))
    assert KeyRing(tmp_path).link_key() == key


def test_another_key_is_refused(tmp_path: Path) -> None:
    check_link_key(KeyRing(tmp_path / "ours"))
    KeyRing(tmp_path / "theirs").link_key()
    with pytest.raises(OtherKeyError, match="PRIVET_KEYS"):
        check_link_key(KeyRing(tmp_path / "theirs"))


def test_a_key_that_is_gone_is_not_made_anew(tmp_path: Path) -> None:
    keys = KeyRing(tmp_path)
    check_link_key(keys)
    (tmp_path / "link.key").unlink()
    with pytest.raises(OtherKeyError):
        check_link_key(KeyRing(tmp_path))
    assert not (tmp_path / "link.key").exists()
