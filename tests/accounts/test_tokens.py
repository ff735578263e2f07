"""Identity tokens: what vouches for Alice, and all that Mallory tries instead."""

import base64
import json
from dataclasses import replace
from datetime import timedelta

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from privet.accounts.facts import Algorithm, IdentityKey
from privet.accounts.tokens import BadTokenError, TokenVerifier, verify_token
from tests.accounts.kit import (
    HEDGEROW,
    NOW,
    ORCHARD,
    PRIVATE,
    SECONDS,
    claims,
    pem,
    token,
)


def refuse(text, *, site=HEDGEROW, now=NOW):
    with pytest.raises(BadTokenError) as caught:
        verify_token(text, site=site, now=now)
    assert "alice" not in str(caught.value)
    return caught.value.what


@pytest.mark.parametrize("algorithm", Algorithm)
def test_a_token_under_a_registered_key_vouches_for_alice(algorithm):
    identity = verify_token(token(algorithm), site=HEDGEROW, now=NOW)
    assert (identity.site, identity.external_id) == ("hedgerow", "alice")
    assert (identity.issued, identity.expires) == (SECONDS, SECONDS + 600)


def test_a_token_says_what_the_platform_knows():
    said = {"birth_year": 2009, "country": "es", "institution": "hedge-university"}
    identity = verify_token(token(**said, locale="es", jti="one"), site=HEDGEROW, now=NOW)
    assert (identity.birth_year, identity.country) == (2009, "ES")
    assert (identity.institution, identity.locale) == ("hedge-university", "es")
    assert identity.token_id == "one"


def unsigned(**header):
    parts = ({"alg": "none", "kid": "EdDSA"} | header, claims())
    encoded = [base64.urlsafe_b64encode(json.dumps(p).encode()).rstrip(b"=") for p in parts]
    return b".".join([*encoded, b""]).decode()


def test_an_unsigned_token_proves_nothing():
    assert "algorithm" in refuse(unsigned())


def test_an_unsigned_token_that_claims_a_real_algorithm_proves_nothing():
    assert "signature" in refuse(unsigned(alg="EdDSA"))


def test_a_public_key_is_not_a_shared_secret():
    """The old confusion: signing HS256 with the text of the public key."""
    confused = forged_hs256(pem(PRIVATE[Algorithm.RS256]), kid="RS256")
    assert "algorithm" in refuse(confused)


def forged_hs256(secret, *, kid):
    import hmac
    from hashlib import sha256

    parts = ({"alg": "HS256", "typ": "JWT", "kid": kid}, claims())
    encoded = b".".join(
        base64.urlsafe_b64encode(json.dumps(p).encode()).rstrip(b"=") for p in parts
    )
    mac = base64.urlsafe_b64encode(hmac.digest(secret.encode(), encoded, sha256)).rstrip(b"=")
    return (encoded + b"." + mac).decode()


def test_the_token_cannot_choose_another_algorithm_than_its_key():
    assert "algorithm" in refuse(token(Algorithm.HS256, kid="EdDSA"))


def test_a_key_in_the_tokens_own_header_is_not_believed():
    own = jwt.encode(
        claims(),
        PRIVATE[Algorithm.HS256],
        algorithm="HS256",
        headers={"kid": "mallory", "jku": "https://mallory.example/keys", "jwk": {"kty": "oct"}},
    )
    assert "no key" in refuse(own)


@pytest.mark.parametrize("kid", ["unknown", "../EdDSA", "'; drop table", "\0"])
def test_a_key_that_is_not_registered_is_not_believed(kid):
    assert "no key" in refuse(token(kid=kid))


def test_a_token_without_kid_names_no_key():
    plain = jwt.encode(claims(), PRIVATE[Algorithm.EDDSA], algorithm="EdDSA")
    assert "no key" in refuse(plain)


def test_another_sites_token_does_not_count_here():
    assert "no key" in refuse(token(), site=ORCHARD)
    same_keys = replace(ORCHARD, identity_keys=HEDGEROW.identity_keys)
    assert "issuer" in refuse(token(), site=same_keys)


def test_a_token_for_somebody_else_is_not_for_us():
    assert "addressed" in refuse(token(aud="payments"))


@pytest.mark.parametrize("claim", ["iss", "sub", "aud", "exp", "iat"])
def test_every_claim_is_needed(claim):
    assert "missing" in refuse(token(**{claim: None}))


def test_an_expired_token_is_refused_after_half_a_minute_of_grace():
    verify_token(token(), site=HEDGEROW, now=NOW + timedelta(seconds=630))
    assert "expired" in refuse(token(), now=NOW + timedelta(seconds=631))


def test_a_token_of_the_future_is_refused():
    verify_token(token(iat=SECONDS + 30), site=HEDGEROW, now=NOW)
    assert "future" in refuse(token(iat=SECONDS + 31, exp=SECONDS + 100))
    assert "future" in refuse(token(nbf=SECONDS + 31))


def test_a_token_that_lives_longer_than_a_quarter_of_an_hour_is_refused():
    verify_token(token(exp=SECONDS + 900), site=HEDGEROW, now=NOW)
    assert "15 minutes" in refuse(token(exp=SECONDS + 901))


@pytest.mark.parametrize("value", [1.5, True])
def test_times_are_whole_seconds(value):
    assert "whole seconds" in refuse(token(iat=value))


@pytest.mark.parametrize("sub", ["", "a" * 256, "alice\0bob"])
def test_a_learners_id_is_a_text_of_bounded_length(sub):
    assert "sub" in refuse(token(sub=sub))


def test_a_learners_id_that_is_no_text_is_malformed():
    forged = jwt.api_jws.encode(
        json.dumps(claims(sub=7)).encode(),
        PRIVATE[Algorithm.EDDSA],
        algorithm="EdDSA",
        headers={"kid": "EdDSA"},
    )
    assert "malformed" in refuse(forged)


@pytest.mark.parametrize("year", ["2009", True, 1.5])
def test_a_birth_year_is_a_number(year):
    assert "birth_year" in refuse(token(birth_year=year))


@pytest.mark.parametrize("year", [12, 1890, 2201, -2009])
def test_a_birth_year_that_cannot_be_true_is_as_none(year):
    identity = verify_token(token(birth_year=year), site=HEDGEROW, now=NOW)
    assert identity.birth_year is None


@pytest.mark.parametrize(
    ("claim", "value"),
    [("country", "ESP"), ("institution", 7), ("locale", "x" * 36), ("jti", "a\0")],
)
def test_further_claims_are_short_texts(claim, value):
    assert claim in refuse(token(**{claim: value}))


def test_a_huge_token_is_refused_before_it_is_read():
    assert "4096" in refuse("a" * 4097)


@given(st.text(max_size=200))
def test_no_text_passes_for_a_token(text):
    assert refuse(text)


@given(st.binary(max_size=200))
def test_no_bytes_pass_for_the_body_of_a_token(body):
    forged = jwt.api_jws.encode(
        body, PRIVATE[Algorithm.EDDSA], algorithm="EdDSA", headers={"kid": "EdDSA"}
    )
    assert refuse(forged)


def test_a_changed_token_is_refused():
    head, _, mac = token().split(".")
    other = token(sub="bob").split(".")[1]
    assert "signature" in refuse(f"{head}.{other}.{mac}")


# --- The verifier remembers ---


def test_a_token_that_was_found_good_is_not_verified_again():
    verifier = TokenVerifier()
    text = token()
    first = verifier.verify(text, site=HEDGEROW, now=NOW)
    assert verifier.verify(text, site=HEDGEROW, now=NOW) is first


def test_a_remembered_token_expires_all_the_same():
    verifier = TokenVerifier()
    text = token()
    verifier.verify(text, site=HEDGEROW, now=NOW)
    with pytest.raises(BadTokenError):
        verifier.verify(text, site=HEDGEROW, now=NOW + timedelta(hours=1))


def test_a_remembered_token_ends_with_its_key():
    verifier = TokenVerifier()
    text = token()
    verifier.verify(text, site=HEDGEROW, now=NOW)
    without = replace(HEDGEROW, identity_keys={})
    with pytest.raises(BadTokenError):
        verifier.verify(text, site=without, now=NOW)


def test_a_remembered_token_ends_when_its_key_is_replaced_under_the_same_name():
    verifier = TokenVerifier()
    text = token(Algorithm.HS256)
    verifier.verify(text, site=HEDGEROW, now=NOW)
    other = IdentityKey(kid="HS256", algorithm=Algorithm.HS256, material=b"x" * 32)
    with pytest.raises(BadTokenError):
        verifier.verify(text, site=replace(HEDGEROW, identity_keys={"HS256": other}), now=NOW)


def test_a_token_remembered_for_one_site_is_not_good_for_another():
    verifier = TokenVerifier()
    text = token()
    verifier.verify(text, site=HEDGEROW, now=NOW)
    with pytest.raises(BadTokenError):
        verifier.verify(text, site=ORCHARD, now=NOW)


def test_the_verifier_forgets_before_it_grows_too_large():
    verifier = TokenVerifier(most_remembered=2)
    texts = [token(Algorithm.HS256, sub=f"learner-{n}") for n in range(5)]
    for text in texts:
        verifier.verify(text, site=HEDGEROW, now=NOW)
    assert len(verifier) <= 2
