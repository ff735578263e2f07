"""Whether the link key is still the one under which the people of this database are known.

Person keys in the database and in the log are made under it. With another one nothing would fail:
everybody would be somebody new, and nobody's decisions would be found.
"""

import hmac
from hashlib import sha256

from privet.accounts.models import KeyMark
from privet.kernel.crypto import KeyRing
from privet.kernel.errors import PrivetError

_LINK = "link"
_MARK_BYTES = 16


class OtherKeyError(PrivetError):
    """The directory of keys belongs to another database."""


def check_link_key(keys: KeyRing) -> None:
    """Raise `OtherKeyError` if the link key is gone or another; the first time, remember it."""
    known = KeyMark.objects.filter(name=_LINK).first()
    if known is None:
        mark = _mark_of(keys.link_key())
        known, _ = KeyMark.objects.get_or_create(name=_LINK, defaults={"mark": mark})
    # A key that is gone must not be made anew before anybody was told.
    if not keys.has_link_key() or not hmac.compare_digest(
        bytes(known.mark), _mark_of(keys.link_key())
    ):
        raise OtherKeyError(
            "The link key is not the one under which the people in this database are known.",
            remedy="Put the keys that belong to the database into the directory PRIVET_KEYS.",
        )


def _mark_of(key: bytes) -> bytes:
    return hmac.digest(key, b"privet link key", sha256)[:_MARK_BYTES]
