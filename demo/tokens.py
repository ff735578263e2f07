"""Identity tokens: how the platform vouches to Privet for a learner who is signed in."""

import os
from pathlib import Path

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from demo.ids import Randomness, make_name
from demo.people import Learner

KEY_ID = "hedgerow-1"
TOKEN_SECONDS = 10 * 60


class TokenMaker:
    """Signs tokens with the platform's own Ed25519 key."""

    def __init__(self, key: Ed25519PrivateKey, site: str) -> None:
        self._key = key
        self._site = site

    def vouch(self, learner: Learner, *, now: int, randomness: Randomness) -> str:
        """A token that says who is signed in; good for 10 minutes from ``now`` (milliseconds).

        Each has an id of its own (``jti``), so that Privet can take it only once where that
        matters.
        """
        seconds = now // 1000
        claims = {
            "iss": self._site,
            "sub": learner.id,
            "aud": "privet",
            "iat": seconds,
            "exp": seconds + TOKEN_SECONDS,
            "jti": make_name(randomness, 16),
            "birth_year": learner.birth_year,
            "country": learner.country,
            "locale": "en",
        }
        return jwt.encode(claims, self._key, algorithm="EdDSA", headers={"kid": KEY_ID})


def read_or_make_key(path: Path) -> Ed25519PrivateKey:
    """The key in that PEM file, which is made, readable by its owner alone, if it is missing."""
    if not path.exists():
        pem = Ed25519PrivateKey.generate().private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(pem)
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError(f"{path} holds no Ed25519 key; delete it and a new one is made.")
    return key


def public_pem(key: Ed25519PrivateKey) -> str:
    """The public half, as it is registered at Privet."""
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
