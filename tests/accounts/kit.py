"""What tests of people share: a clock that stands still, keys, a site that signs tokens."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, SECP384R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as generate_rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from privet.accounts.facts import Algorithm, IdentityKey, SiteFacts
from privet.kernel.crypto import KeyRing

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
SECRET = "0123456789abcdef0123456789abcdef"
PRIVATE: dict[Algorithm, Any] = {
    Algorithm.EDDSA: Ed25519PrivateKey.generate(),
    Algorithm.ES256: generate_private_key(SECP256R1()),
    Algorithm.RS256: generate_rsa(65537, 2048),
    Algorithm.HS256: SECRET.encode(),
}
P384 = generate_private_key(SECP384R1())


def public(algorithm: Algorithm) -> Any:
    """What verifies a token of this algorithm."""
    key = PRIVATE[algorithm]
    return key if algorithm is Algorithm.HS256 else key.public_key()


def pem(key: Any) -> str:
    """The public half of a private key, as operators paste it."""
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def private_pem(key: Any) -> str:
    """The private half, which has no business here."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


HEDGEROW = SiteFacts(
    slug="hedgerow",
    name="Hedgerow Courses",
    origins=frozenset({"https://hedgerow.example"}),
    identity_keys={
        algorithm.value: IdentityKey(
            kid=algorithm.value, algorithm=algorithm, material=public(algorithm)
        )
        for algorithm in Algorithm
    },
)
ORCHARD = SiteFacts(slug="orchard", name="Orchard", origins=frozenset())


def claims(**changes: Any) -> dict[str, Any]:
    """What Alice's platform says of her; None takes a claim away."""
    said = {
        "iss": "hedgerow",
        "sub": "alice",
        "aud": "privet",
        "iat": SECONDS,
        "exp": SECONDS + 600,
    } | changes
    return {name: value for name, value in said.items() if value is not None}


def token(
    algorithm: Algorithm = Algorithm.EDDSA, *, key: Any = None, kid: str = "", **changes: Any
) -> str:
    """A token as Alice's platform signs it."""
    return jwt.encode(
        claims(**changes),
        key or PRIVATE[algorithm],
        algorithm=algorithm.value,
        headers={"kid": kid or algorithm.value},
    )


def ring(directory: Path) -> KeyRing:
    """Keys of an installation of the test's own."""
    return KeyRing(directory / "keys")
