"""The verifier that members copy: good tokens are believed, and nothing else ever is."""

import importlib.util
import json
import sys
import threading
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from privet.catalogue.uses import Choice
from privet.consent.members.tokens import LIFE_SECONDS, Consented, public_keys, sign_token
from privet.kernel.crypto import KeyRing
from tests.consent.kit import NOW

FILE = Path(__file__).parents[2] / "verifier" / "privet_consent.py"
COURSE = "course-v1:Hedge+HR101+2026"
SAID = Consented(
    site="hedgerow",
    institution="hedge",
    course=COURSE,
    choices=Choice.PERFORMANCE | Choice.RESEARCH,
    notice=3,
    gpc=False,
)


def _load() -> Any:
    spec = importlib.util.spec_from_file_location("privet_consent", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["privet_consent"] = module
    spec.loader.exec_module(module)
    return module


privet_consent = _load()


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    return KeyRing(tmp_path / "keys")


def _check(ring: KeyRing, token: object, *, seconds: float = 0, course: str = COURSE) -> Any:
    verifier = privet_consent.Verifier(
        site="hedgerow",
        institution="hedge",
        keys=public_keys(ring),
        now=lambda: NOW.timestamp() + seconds,
    )
    return verifier.check(token, course=course)


def _claims(token: str) -> dict[str, Any]:
    found: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return found


def _resigned(ring: KeyRing, *, typ: str = "privet-consent+jwt", **change: Any) -> str:
    """A token that Privet's own key signed, with other claims: none stands for left out."""
    claims = _claims(sign_token(SAID, ring=ring, now=NOW)) | change
    private = Ed25519PrivateKey.from_private_bytes(ring.signing_key("consent-token"))
    kid = public_keys(ring)["keys"][0]["kid"]
    kept = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(kept, private, algorithm="EdDSA", headers={"kid": kid, "typ": typ})


def test_a_good_token_says_what_was_chosen(ring):
    consent = _check(ring, sign_token(SAID, ring=ring, now=NOW))
    assert consent.refused == ""
    assert consent.choices == {"performance", "research"}
    assert consent.notice == 3
    assert consent.allows("performance")
    assert consent.allows("necessary")
    assert not consent.allows("targeting")


def test_a_token_lives_for_five_minutes_and_not_longer(ring):
    claims = _claims(sign_token(SAID, ring=ring, now=NOW))
    assert claims["exp"] - claims["iat"] == LIFE_SECONDS == 300
    token = sign_token(SAID, ring=ring, now=NOW)
    assert _check(ring, token, seconds=300).refused == ""
    assert _check(ring, token, seconds=331).refused == "stale"


def test_a_token_names_nobody(ring):
    claims = _claims(sign_token(SAID, ring=ring, now=NOW))
    assert set(claims) == {
        "iss", "aud", "site", "institution", "course", "choices", "notice", "gpc", "iat", "exp",
    }  # fmt: skip
    assert sign_token(SAID, ring=ring, now=NOW) == sign_token(SAID, ring=ring, now=NOW)


def test_who_refused_all_gets_a_token_that_says_so(ring):
    consent = _check(ring, sign_token(replace(SAID, choices=Choice(0)), ring=ring, now=NOW))
    assert (consent.refused, consent.choices) == ("", frozenset())


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"site": "other"}, "of another site"),
        ({"institution": "thicket"}, "for another institution"),
        ({"course": "course-v1:Thicket+T1+2026"}, "for another course"),
    ],
)
def test_a_token_for_another_place_is_refused(ring, change, reason):
    consent = _check(ring, sign_token(replace(SAID, **change), ring=ring, now=NOW))
    assert consent.refused == reason
    assert not consent.allows("performance")


def test_a_token_from_the_future_is_refused(ring):
    token = sign_token(SAID, ring=ring, now=NOW + timedelta(minutes=2))
    assert _check(ring, token).refused == "from the future"


def test_a_token_of_another_installation_is_refused(ring, tmp_path):
    token = sign_token(SAID, ring=KeyRing(tmp_path / "others"), now=NOW)
    consent = _check(ring, token)
    # Told apart, for it may be that of a new key: then the keys are to be fetched again.
    assert (consent.refused, consent.choices) == ("of an unknown key", frozenset())


def test_the_longest_names_that_there_may_be_fit_into_a_token(ring):
    longest = replace(SAID, site="s" * 80, institution="i" * 80, course="🐝" * 160)
    token = sign_token(replace(longest, choices=Choice(sum(Choice))), ring=ring, now=NOW)
    verifier = privet_consent.Verifier(
        site=longest.site, institution=longest.institution, keys=public_keys(ring),
        now=NOW.timestamp,
    )  # fmt: skip
    assert verifier.check(token, course=longest.course).refused == ""


@pytest.mark.parametrize("token", [None, 7, "", "a", "a.b.c", "x" * 4097, "é.é.é", b"a.b.c"])
def test_what_is_no_token_is_no_consent(ring, token):
    consent = _check(ring, token)
    assert consent.refused
    assert consent.choices == frozenset()


@pytest.mark.parametrize("head", [b"[" * 1400, b"7", b'{"typ": [], "kid": {}}', b"\xff"])
def test_a_head_that_is_none_is_no_consent(ring, head):
    # Deeper than a parser goes, or of another kind: it is not signed, so anybody can send it.
    token = urlsafe_b64encode(head).rstrip(b"=").decode() + ".e30.e30"
    assert _check(ring, token).refused == "forged or malformed"


def test_a_changed_claim_breaks_the_signature(ring):
    head, body, signature = sign_token(SAID, ring=ring, now=NOW).split(".")
    claims = json.loads(urlsafe_b64decode(body + "=="))
    claims["choices"] = ["targeting"]
    forged = urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    assert _check(ring, f"{head}.{forged}.{signature}").refused == "forged or malformed"


def test_no_token_chooses_its_algorithm(ring):
    claims = _claims(sign_token(SAID, ring=ring, now=NOW))
    kid = public_keys(ring)["keys"][0]["kid"]
    headers = {"kid": kid, "typ": "privet-consent+jwt"}
    private = Ed25519PrivateKey.from_private_bytes(ring.signing_key("consent-token"))
    public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    unsigned = jwt.encode(claims, None, algorithm="none", headers=headers)
    shared = jwt.encode(claims, public, algorithm="HS256", headers=headers)
    assert {_check(ring, token).refused for token in (unsigned, shared)} == {"forged or malformed"}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"exp": int(NOW.timestamp()) + 301}, "good for too long"),
        ({"exp": "soon"}, "forged or malformed"),
        ({"iat": True}, "forged or malformed"),
        ({"notice": "3"}, "forged or malformed"),
        ({"choices": "performance"}, "forged or malformed"),
        ({"choices": [["performance"]]}, "forged or malformed"),
        ({"aud": ["hedge", "thicket"]}, "for another institution"),
        ({"iss": "mallory"}, "forged or malformed"),
        ({"course": None}, "forged or malformed"),
        ({"exp": None}, "forged or malformed"),
        ({"typ": "JWT"}, "forged or malformed"),
    ],
)
def test_a_signed_token_that_says_something_else_is_refused(ring, change, reason):
    assert _check(ring, _resigned(ring, **change)).refused == reason


def test_an_unknown_choice_opens_nothing(ring):
    consent = _check(ring, _resigned(ring, choices=["performance", "everything"]))
    assert consent.choices == {"performance"}
    assert not consent.allows("everything")


def test_a_token_without_a_key_id_is_refused(ring):
    private = Ed25519PrivateKey.from_private_bytes(ring.signing_key("consent-token"))
    token = jwt.encode({}, private, algorithm="EdDSA", headers={"typ": "privet-consent+jwt"})
    assert _check(ring, token).refused == "forged or malformed"


def test_keys_are_fetched_from_the_site(ring):
    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            assert self.path == "/api/v1/consent/keys"
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(public_keys(ring)).encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.handle_request)
    thread.start()
    try:
        found = privet_consent.fetch_keys(f"http://127.0.0.1:{server.server_port}/")
    finally:
        thread.join(300)
        server.server_close()
    assert found == public_keys(ring)


def test_a_redirect_to_keys_in_the_clear_is_not_followed():
    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(302)
            self.send_header("Location", "http://keys.mallory.example/")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.handle_request)
    thread.start()
    try:
        with pytest.raises(ValueError, match="https"):
            privet_consent.fetch_keys(f"http://127.0.0.1:{server.server_port}")
    finally:
        thread.join(300)
        server.server_close()


def test_keys_are_not_fetched_in_the_clear():
    with pytest.raises(ValueError, match="https"):
        privet_consent.fetch_keys("http://hedgerow.example")
    with pytest.raises(ValueError, match="https"):
        privet_consent.fetch_keys("http://localhost.mallory.example")
