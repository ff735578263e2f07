"""Identity tokens: how a platform vouches for a learner, and how that is checked.

A token is a JWT (RFC 7519). The registered key settles the algorithm (RFC 8725, 3.1), so that no
token can choose one. Nothing here touches the database.
"""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

import jwt

from privet.accounts.facts import BIRTH_YEARS, Identity, IdentityKey, SiteFacts
from privet.kernel.errors import PrivetError

AUDIENCE = "privet"
LONGEST_LIFE_SECONDS = 15 * 60
LEEWAY_SECONDS = 30
LONGEST_TOKEN = 4096
_MOST_REMEMBERED = 20_000
_REQUIRED = ("iss", "sub", "aud", "exp", "iat")
_REMEDY = "Ask the platform for a new token; see docs/reference/identity-tokens.md."


class BadTokenError(PrivetError):
    """An identity token that proves nothing."""


def verify_token(token: str, *, site: SiteFacts, now: datetime) -> Identity:
    """Whom the token vouches for at ``site``; raises `BadTokenError` with the reason."""
    if len(token) > LONGEST_TOKEN:
        raise _bad("The token is longer than 4096 characters.")
    claims = _decode(token, _key_of(token, site), site)
    _check_times(claims, now.timestamp())
    return _identity(claims, site)


class TokenVerifier:
    """Verifies tokens and remembers those it found good, until they expire.

    A signature costs about 100 µs and a browser sends the same token with every batch.
    """

    def __init__(self, *, most_remembered: int = _MOST_REMEMBERED) -> None:
        self._most_remembered = most_remembered
        self._known: dict[tuple[str, bytes], tuple[IdentityKey, Identity]] = {}

    def __len__(self) -> int:
        return len(self._known)

    def verify(self, token: str, *, site: SiteFacts, now: datetime) -> Identity:
        """As `verify_token`."""
        mark = (site.slug, sha256(token.encode()).digest())
        known = self._known.get(mark)
        if known and self._still_good(known, site, now):
            return known[1]
        identity = verify_token(token, site=site, now=now)
        if len(self._known) >= self._most_remembered:
            self._known.clear()
        self._known[mark] = (_key_of(token, site), identity)
        return identity

    @staticmethod
    def _still_good(known: tuple[IdentityKey, Identity], site: SiteFacts, now: datetime) -> bool:
        key, identity = known
        in_force = site.identity_keys.get(key.kid)
        return (
            in_force is not None
            and (in_force is key or in_force.material == key.material)
            and now.timestamp() <= identity.expires + LEEWAY_SECONDS
        )


def _key_of(token: str, site: SiteFacts) -> IdentityKey:
    try:
        kid = jwt.get_unverified_header(token).get("kid")
    except jwt.InvalidTokenError as error:
        raise _bad("The token is not a JWT.") from error
    key = site.identity_keys.get(kid) if isinstance(kid, str) else None
    if key is None:
        raise _bad("The token names no key that is registered for this site.")
    return key


def _decode(token: str, key: IdentityKey, site: SiteFacts) -> Mapping[str, Any]:
    try:
        return jwt.decode(
            token,
            key.material,
            algorithms=[key.algorithm.value],
            audience=AUDIENCE,
            issuer=site.slug,
            options={
                "require": list(_REQUIRED),
                # The times are checked below, against the clock that was passed in.
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
            },
        )
    except (jwt.InvalidTokenError, ValueError, TypeError) as error:
        raise _bad(f"The token was refused: {_word(error)}.") from error


def _word(error: Exception) -> str:
    """A word for what is wrong that repeats nothing of the token."""
    match error:
        case jwt.InvalidAlgorithmError():
            return "its algorithm is not that of its key"
        case jwt.InvalidSignatureError():
            return "its signature does not fit"
        case jwt.InvalidAudienceError():
            return "it is not addressed to privet"
        case jwt.InvalidIssuerError():
            return "its issuer is not this site"
        case jwt.MissingRequiredClaimError():
            return "one of iss, sub, aud, exp and iat is missing"
        case _:
            return "it is malformed"


def _check_times(claims: Mapping[str, Any], now: float) -> None:
    times = [claims[name] for name in ("iat", "exp", "nbf") if name in claims]
    if not all(isinstance(t, int) and not isinstance(t, bool) for t in times):
        raise _bad("The token's times are not whole seconds.")
    if now > claims["exp"] + LEEWAY_SECONDS:
        raise _bad("The token has expired.")
    if max(claims["iat"], claims.get("nbf", 0)) > now + LEEWAY_SECONDS:
        raise _bad("The token is of the future.")
    if claims["exp"] > claims["iat"] + LONGEST_LIFE_SECONDS:
        raise _bad("The token lives longer than 15 minutes.")


def _identity(claims: Mapping[str, Any], site: SiteFacts) -> Identity:
    external_id = claims["sub"]
    if not isinstance(external_id, str) or not 0 < len(external_id) <= 255:
        raise _bad("The token's sub is not a text of 1 to 255 characters.")
    if "\0" in external_id:
        raise _bad("The token's sub holds a NUL character.")
    return Identity(
        site=site.slug,
        external_id=external_id,
        issued=claims["iat"],
        expires=claims["exp"],
        token_id=_text(claims, "jti", 255),
        birth_year=_year(claims.get("birth_year")),
        country=_text(claims, "country", 2).upper(),
        institution=_text(claims, "institution", 80),
        locale=_text(claims, "locale", 35),
    )


def _text(claims: Mapping[str, Any], name: str, longest: int) -> str:
    value = claims.get(name, "")
    if not isinstance(value, str) or len(value) > longest or "\0" in value:
        raise _bad(f"The token's {name} is not a text of at most {longest} characters.")
    return value


def _year(value: Any) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise _bad("The token's birth_year is not a year.")
    # Platforms hand on what people typed; one that cannot be true tells as much as none.
    return value if value in BIRTH_YEARS else None


def _bad(what: str) -> BadTokenError:
    return BadTokenError(what, remedy=_REMEDY)
