"""Identity tokens say who is signed in, for minutes, once each."""

from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from demo.people import Learner
from demo.tokens import KEY_ID, TokenMaker, public_pem, read_or_make_key
from tests.demo.conftest import dice

NOW = 1_795_262_400_000
LEARNER = Learner(
    id="a1", email="a@x.example", name="Alice", birth_year=1990, country="GB", theme="light"
)


def vouch(key: Ed25519PrivateKey, seed: int = 1) -> str:
    return TokenMaker(key, "hedgerow").vouch(LEARNER, now=NOW, randomness=dice(seed))


def test_a_token_says_who_for_whom_and_how_long() -> None:
    key = Ed25519PrivateKey.generate()
    claims = jwt.decode(
        vouch(key),
        public_pem(key),
        algorithms=["EdDSA"],
        audience="privet",
        issuer="hedgerow",
        options={"verify_exp": False, "verify_iat": False},
    )
    assert claims["sub"] == "a1"
    assert claims["birth_year"] == 1990
    assert claims["country"] == "GB"
    assert claims["exp"] - claims["iat"] == 600
    assert claims["iat"] == NOW // 1000


def test_a_token_tells_neither_name_nor_address() -> None:
    claims = jwt.decode(vouch(Ed25519PrivateKey.generate()), options={"verify_signature": False})
    assert not {"Alice", "a@x.example"} & {str(value) for value in claims.values()}


def test_a_token_names_its_key() -> None:
    header = jwt.get_unverified_header(vouch(Ed25519PrivateKey.generate()))
    assert (header["kid"], header["alg"]) == (KEY_ID, "EdDSA")


def test_no_two_tokens_are_the_same() -> None:
    key = Ed25519PrivateKey.generate()
    assert vouch(key, 1) != vouch(key, 2)


def test_a_key_is_made_once_and_kept_to_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "identity.pem"
    first, second = read_or_make_key(path), read_or_make_key(path)
    assert public_pem(first) == public_pem(second)
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_file_that_holds_another_key_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "identity.pem"
    path.write_text("-----BEGIN NOTHING-----")
    with pytest.raises(ValueError, match="PEM"):
        read_or_make_key(path)
