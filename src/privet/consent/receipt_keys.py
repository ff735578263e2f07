"""The key under which receipts are signed, and what of it is published."""

from base64 import urlsafe_b64encode
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from privet.kernel.crypto import KeyRing

_PURPOSE = "consent-receipt"


def public_key(ring: KeyRing) -> dict[str, str]:
    """The published key: its short id and its 32 bytes in base64url."""
    raw = _signer(ring).public_key().public_bytes_raw()
    return {"id": sha256(raw).hexdigest()[:16], "ed25519": _encode(raw)}


def sign(message: bytes, ring: KeyRing) -> str:
    """An Ed25519 signature (RFC 8032) in base64url."""
    return _encode(_signer(ring).sign(message))


def _signer(ring: KeyRing) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(ring.signing_key(_PURPOSE))


def _encode(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
