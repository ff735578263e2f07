"""Step 2: tokens, keys and sites that are not what they say are refused."""

import base64
import json
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from privet.accounts.facts import Algorithm, IdentityKey
from tests.collector.kit import API_KEY, NOW, SECRET, Rig, allows

_SECONDS = int(NOW.timestamp())
_GOOD = {
    "iss": "hedgerow",
    "sub": "alice",
    "aud": "privet",
    "iat": _SECONDS,
    "exp": _SECONDS + 600,
}


def _signed(claims: Any = None, key: Any = SECRET, algorithm: str = "HS256", **header: Any) -> str:
    return jwt.encode(_GOOD | (claims or {}), key, algorithm, headers={"kid": "k1"} | header)


def _without(name: str) -> str:
    claims = {k: v for k, v in _GOOD.items() if k != name}
    return jwt.encode(claims, SECRET, "HS256", headers={"kid": "k1"})


def _unsigned() -> str:
    def part(value: Any) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    return f"{part({'alg': 'none', 'kid': 'k1'})}.{part(_GOOD)}."


def _changed() -> str:
    head, _, tail = _signed().split(".")
    claims = base64.urlsafe_b64encode(json.dumps(_GOOD | {"sub": "bob"}).encode())
    return f"{head}.{claims.rstrip(b'=').decode()}.{tail}"


@pytest.mark.parametrize(
    "token",
    [
        "rubbish",
        "a.b.c",
        _unsigned(),
        _changed(),
        _signed(key=b"another-secret-of-32-bytes-here!"),
        _signed(kid="k2"),
        jwt.encode(_GOOD, SECRET, "HS256"),
        _signed({"aud": "other"}),
        _signed({"iss": "elsewhere"}),
        _signed({"exp": _SECONDS - 60}),
        _signed({"exp": _SECONDS + 86_400}),
        _signed({"iat": _SECONDS + 600, "exp": _SECONDS + 900}),
        _signed({"nbf": _SECONDS + 600}),
        _signed({"exp": "soon"}),
        _signed({"sub": ""}),
        _signed({"sub": "x" * 300}),
        _signed(algorithm="HS512"),
        _without("exp"),
        _without("sub"),
        _without("aud"),
        _without("iss"),
    ],
)
def test_a_token_that_proves_nothing_is_refused_and_nothing_is_stored(rig: Rig, token: str) -> None:
    rig.decide("alice", allows())
    rig.decide("bob", allows())

    async def scenario() -> None:
        reply = await rig.post(rig.batch(token=token))
        assert (reply.status, reply.reason) == (401, "bad_token")
        assert "alice" not in reply.body.decode()

    assert rig.run(scenario()) == []


def test_a_public_key_is_never_taken_for_a_shared_secret(tmp_path: Path) -> None:
    rig = Rig(tmp_path)
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = private.public_key()
    pem = public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    rig.site.identity_keys["k1"] = IdentityKey(  # type: ignore[index]
        kid="k1", algorithm=Algorithm.RS256, material=public
    )
    rig.decide("alice", allows())
    head = base64.urlsafe_b64encode(b'{"alg":"HS256","kid":"k1","typ":"JWT"}').rstrip(b"=")
    claims = base64.urlsafe_b64encode(json.dumps(_GOOD).encode()).rstrip(b"=")
    import hmac

    signature = hmac.digest(pem, head + b"." + claims, "sha256")
    forged = b".".join([head, claims, base64.urlsafe_b64encode(signature).rstrip(b"=")]).decode()

    async def scenario() -> None:
        assert (await rig.post(rig.batch(token=forged))).reason == "bad_token"
        good = _signed(key=private, algorithm="RS256")
        assert (await rig.post(rig.batch(token=good))).json["accepted"] == 1

    rig.run(scenario())


@pytest.mark.parametrize(
    ("algorithm", "private"),
    [
        (Algorithm.EDDSA, ed25519.Ed25519PrivateKey.generate()),
        (Algorithm.ES256, ec.generate_private_key(ec.SECP256R1())),
    ],
)
def test_sites_may_sign_with_keys_of_their_own(
    rig: Rig, algorithm: Algorithm, private: Any
) -> None:
    rig.site.identity_keys["k1"] = IdentityKey(  # type: ignore[index]
        kid="k1", algorithm=algorithm, material=private.public_key()
    )
    rig.decide("alice", allows())

    async def scenario() -> None:
        good = _signed(key=private, algorithm=algorithm.value)
        assert (await rig.post(rig.batch(token=good))).json["accepted"] == 1
        assert (await rig.post(rig.batch(token=_signed()))).reason == "bad_token"

    rig.run(scenario())


def test_a_remembered_token_ends_with_its_time_and_with_its_key(rig: Rig) -> None:
    from datetime import timedelta

    rig.decide("alice", allows())
    token = rig.token()

    async def scenario() -> None:
        for _ in range(2):
            assert (await rig.post(rig.batch(token=token))).status == 200
        rig.clock.advance(timedelta(minutes=11))
        assert (await rig.post(rig.batch(token=token))).reason == "bad_token"
        fresh = rig.token()
        assert (await rig.post(rig.batch(token=fresh))).status == 200
        del rig.site.identity_keys["k1"]  # type: ignore[attr-defined]
        assert (await rig.post(rig.batch(token=fresh))).reason == "bad_token"

    rig.run(scenario())


@pytest.mark.parametrize("key", ["", "privet_wrong", API_KEY + "x", API_KEY.upper()])
def test_a_key_that_is_not_known_opens_nothing(rig: Rig, key: str) -> None:
    async def scenario() -> None:
        reply = await rig.post_server(rig.batch(rig.event("login", user="alice")), key)
        assert (reply.status, reply.reason) == (401, "bad_key")

    assert rig.run(scenario()) == []


def test_a_key_speaks_for_its_own_site_only(rig: Rig) -> None:
    async def scenario() -> None:
        body = rig.batch(rig.event("login", user="alice"), site="elsewhere")
        assert (await rig.post_server(body)).reason == "bad_key"

    assert rig.run(scenario()) == []


def test_a_key_that_does_not_say_bearer_is_none(rig: Rig) -> None:
    async def scenario() -> None:
        headers = {"authorization": f"Basic {API_KEY}"}
        assert (await rig.post(rig.batch(), headers)).reason == "bad_key"

    rig.run(scenario())


def test_an_unknown_site_is_told(rig: Rig) -> None:
    async def scenario() -> None:
        reply = await rig.post(rig.batch(site="nowhere"))
        assert (reply.status, reply.reason) == (400, "unknown_site")

    rig.run(scenario())


def test_an_app_without_an_origin_is_known_by_its_token(rig: Rig) -> None:
    rig.decide("alice", allows())

    async def scenario() -> None:
        headers = {"content-type": "application/json", "user-agent": "HedgeApp/3 (Android 14)"}
        body = rig.batch(token=rig.token())
        reply = await rig.request("POST", "/t/events", body, headers)
        assert reply.json["accepted"] == 1

    rig.run(scenario())
