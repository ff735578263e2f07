"""Check on your own server what a learner allowed: the token that Privet gives to your iframes.

Copy this file into your project; it needs Python 3.11 or newer and ``PyJWT[crypto]``.

    verifier = Verifier(site="hedgerow", institution="hedge", keys=fetch_keys("https://learn…"))
    consent = verifier.check(token, course="course-v1:Hedge+HR101+2026")
    if consent.allows("performance"):
        ...

Whatever is wrong with a token, `Verifier.check` answers with no consent and the reason, and never
raises. Ask it at each request that depends on consent: a token lives for five minutes at most.
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import jwt

LONGEST_LIFE_SECONDS = 300
LEEWAY_SECONDS = 30
LONGEST_TOKEN = 4096
UNKNOWN_KEY = "of an unknown key"
"""Why a token is refused that may be signed under a key newer than those you fetched."""
NEEDS_NO_CHOICE = "necessary"
KEYS_PATH = "/api/v1/consent/keys"
_TYPE = "privet-consent+jwt"
_CLAIMS = ["iss", "aud", "site", "institution", "course", "choices", "notice", "iat", "exp"]
_NAMES = frozenset(
    {"performance", "functionality", "targeting", "marketing_mail", "sale_sharing", "research"}
)


@dataclass(frozen=True)
class Consent:
    """What a learner allowed, or why it counts as nothing."""

    choices: frozenset[str] = frozenset()
    """Of performance, functionality, targeting, marketing_mail, sale_sharing and research."""
    refused: str = ""
    """Why the token says nothing; empty if it is good."""
    notice: int = 0
    """The version of the notice that was decided on."""

    def allows(self, name: str) -> bool:
        """Whether you may do what needs this choice; the strictly necessary needs none."""
        return name == NEEDS_NO_CHOICE or name in self.choices


class Verifier:
    """Checks tokens of one site for one member."""

    def __init__(
        self,
        *,
        site: str,
        institution: str,
        keys: Mapping[str, Any],
        now: Callable[[], float] = time.time,
    ) -> None:
        """``keys`` is the JSON of the site's ``/api/v1/consent/keys``; see `fetch_keys`."""
        self._site = site
        self._institution = institution
        self._now = now
        self._keys = {key["kid"]: jwt.PyJWK(key, algorithm="EdDSA").key for key in keys["keys"]}

    def check(self, token: object, *, course: str) -> Consent:
        """What the token allows in that course (empty: on a page of no course)."""
        if not isinstance(token, str) or not 0 < len(token) <= LONGEST_TOKEN:
            return Consent(refused="no token")
        try:
            claims = self._decode(token)
        except _UnknownKeyError:
            return Consent(refused=UNKNOWN_KEY)
        except (jwt.InvalidTokenError, ValueError, TypeError, KeyError, RecursionError):
            return Consent(refused="forged or malformed")
        reason = self._fault(claims, course)
        if reason:
            return Consent(refused=reason)
        return Consent(choices=frozenset(claims["choices"]) & _NAMES, notice=claims["notice"])

    def _decode(self, token: str) -> dict[str, Any]:
        header = jwt.get_unverified_header(token)
        if header.get("typ") != _TYPE:
            raise ValueError
        if header["kid"] not in self._keys:
            raise _UnknownKeyError
        # The algorithm is settled here and not by the token (RFC 8725, 3.1).
        return jwt.decode(
            token,
            self._keys[header["kid"]],
            algorithms=["EdDSA"],
            issuer="privet",
            # Times and audience are checked below, each with a reason of its own.
            options={
                "require": _CLAIMS,
                "verify_aud": False,
                "verify_exp": False,
                "verify_iat": False,
            },
        )

    def _fault(self, claims: dict[str, Any], course: str) -> str:
        said = (claims["choices"], claims["notice"], claims["iat"], claims["exp"])
        if not _is_well_formed(*said):
            return "forged or malformed"
        if claims["site"] != self._site:
            return "of another site"
        if claims["aud"] != self._institution or claims["institution"] != self._institution:
            return "for another institution"
        if claims["course"] != course:
            return "for another course"
        return self._fault_of_times(claims["iat"], claims["exp"])

    def _fault_of_times(self, issued: int, ends: int) -> str:
        now = self._now()
        if issued > now + LEEWAY_SECONDS:
            return "from the future"
        if ends - issued > LONGEST_LIFE_SECONDS:
            return "good for too long"
        return "stale" if now > ends + LEEWAY_SECONDS else ""


def fetch_keys(address: str, *, timeout_seconds: float = 5) -> Mapping[str, Any]:
    """The public keys of the site at ``address`` (``https://…``). Fetch them once, and again
    when `Verifier.check` refuses a token as `UNKNOWN_KEY`, but at most once a minute, since anybody
    can send such a token; in between keep them. A redirect out of https is not followed."""
    _check_address(address)
    opener = build_opener(_Redirects())
    with opener.open(address.rstrip("/") + KEYS_PATH, timeout=timeout_seconds) as answer:
        found: Mapping[str, Any] = json.load(answer)
    return found


class _UnknownKeyError(Exception):
    """The token names a key that was not fetched."""


class _Redirects(HTTPRedirectHandler):
    def redirect_request(  # noqa: PLR0917 - the signature is the library's
        self, req: Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> Request | None:
        _check_address(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _check_address(address: str) -> None:
    parts = urlsplit(address)
    is_local = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost")
    if parts.scheme != "https" and not is_local:
        raise ValueError("Keys are fetched over https only.")


def _is_well_formed(choices: object, notice: object, *times: object) -> bool:
    return (
        isinstance(choices, list)
        and all(isinstance(choice, str) for choice in choices)
        and all(type(number) is int for number in (notice, *times))
    )
