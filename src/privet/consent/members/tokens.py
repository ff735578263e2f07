"""Consent tokens: what a browser decided, signed for a member's iframe for five minutes.

A token is a JWT (RFC 7519) under Ed25519 (RFC 8037). It names a site, a course, a member and the
choices in force, and nobody: two learners who chose alike get tokens that differ in no claim but
the time. `verifier/privet_consent.py` checks it on the member's server.
"""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from privet.catalogue.uses import Choice
from privet.consent.notices import choice_name
from privet.kernel.crypto import KeyRing

LIFE_SECONDS = 300
TYPE = "privet-consent+jwt"
ISSUER = "privet"


@dataclass(frozen=True, kw_only=True)
class Consented:
    """What a token says: never who."""

    site: str
    institution: str
    """The slug of the member that it is for; no other may rely on it."""
    course: str
    """The course's id; empty on pages of no course."""
    choices: Choice
    """In force, GPC applied."""
    notice: int
    """The version of the notice that was decided on."""
    gpc: bool


def sign_token(said: Consented, *, ring: KeyRing, now: datetime) -> str:
    """The token, good for `LIFE_SECONDS` from ``now``."""
    issued = int(now.timestamp())
    claims = {
        "iss": ISSUER,
        "aud": said.institution,
        "site": said.site,
        "institution": said.institution,
        "course": said.course,
        "choices": [choice_name(choice) for choice in Choice if choice in said.choices],
        "notice": said.notice,
        "gpc": said.gpc,
        "iat": issued,
        "exp": issued + LIFE_SECONDS,
    }
    private = _private(ring)
    headers = {"kid": _key_id(private), "typ": TYPE}
    return jwt.encode(claims, private, algorithm="EdDSA", headers=headers)


def public_keys(ring: KeyRing) -> Mapping[str, list[dict[str, str]]]:
    """The public key that tokens are checked with, as a JSON Web Key Set (RFC 7517, RFC 8037)."""
    private = _private(ring)
    raw = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    key = {
        "kty": "OKP",
        "crv": "Ed25519",
        "alg": "EdDSA",
        "use": "sig",
        "kid": _key_id(private),
        "x": urlsafe_b64encode(raw).rstrip(b"=").decode(),
    }
    return {"keys": [key]}


def _private(ring: KeyRing) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(ring.signing_key("consent-token"))


def _key_id(private: Ed25519PrivateKey) -> str:
    raw = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return sha256(raw).hexdigest()[:16]
