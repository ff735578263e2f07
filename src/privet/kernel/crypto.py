"""Keys and what is done with them: equality tokens, pseudonymous links, sealed values.

Keys are files of 32 random bytes in one directory, readable by the service's user alone, which
never lies beside the lake. Three kinds exist: the link key (one, for ever), the token key (one a
year) and the day keys (one a UTC day, deleted when their time is over, in no backup).
"""

import hmac
import os
import secrets
from datetime import date
from hashlib import sha256
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from privet.kernel.errors import CannotDecryptError, ConfigError

KEY_BYTES = 32
PERSON_KEY_BYTES = 16
_NONCE_BYTES = 12
_TOKEN_BYTES = 8


class KeyRing:
    """Reads keys from a directory and makes those that are missing.

    Two processes that make the same key at once end with one key: the file is linked into place
    whole, and who comes second reads what the first one wrote.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._known: dict[str, bytes] = {}
        self._today: tuple[date, bytes] | None = None

    def link_key(self) -> bytes:
        """The key under which external ids become person keys."""
        return self._key("link")

    def has_link_key(self) -> bool:
        """Whether the link key is there already."""
        return self._path("link").exists()

    def signing_key(self, purpose: str) -> bytes:
        """The key of one purpose (``consent-cookie``, ``session`` …); lower case and hyphens."""
        return self._key(f"signing-{purpose}")

    def token_key(self, day: date) -> tuple[int, bytes]:
        """The key id (the year) and the key of the equality tokens of ``day``."""
        return day.year, self._key(f"token-{day.year}")

    def day_key(self, day: date) -> bytes:
        """The key that seals the raw addresses and agents of ``day``."""
        held = self._today
        if held is None or held[0] != day:
            # One day at a time: a destroyed key must not live on in a process that once used it.
            held = self._today = (day, self._read_or_make(self._day_path(day)))
        return held[1]

    def find_day_key(self, day: date) -> bytes | None:
        """The day's key if it still exists; never makes one, and does not remember it."""
        path = self._day_path(day)
        return _read_key(path) if path.exists() else None

    def destroy_day_keys(self, before: date) -> int:
        """Delete the keys of all days before ``before``; returns how many there were."""
        old = [path for path in self._directory.glob("day-*") if _is_of_day_before(path, before)]
        for path in old:
            # A draft is the same file by another name if its process died while making the key.
            path.unlink(missing_ok=True)
        if self._today is not None and self._today[0] < before:
            self._today = None
        if old:
            _sync_directory(self._directory)
        return sum(path.suffix == ".key" for path in old)

    def _key(self, name: str) -> bytes:
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = self._read_or_make(self._path(name))
        return known

    def _path(self, name: str) -> Path:
        return self._directory / f"{name}.key"

    def _day_path(self, day: date) -> Path:
        return self._path(f"day-{day.isoformat()}")

    def _read_or_make(self, path: Path) -> bytes:
        if not path.exists():
            self._make(path)
        return _read_key(path)

    def _make(self, path: Path) -> None:
        self._make_directory()
        draft = path.with_suffix(f".{secrets.token_hex(8)}")
        try:
            _write_secret(draft)
            os.link(draft, path)
        except FileExistsError:
            pass  # Another process was first; its key is the key.
        finally:
            draft.unlink(missing_ok=True)
        _sync_directory(self._directory)

    def _make_directory(self) -> None:
        try:
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigError(
                f"No key can be kept in {self._directory}: {error.strerror or error}.",
                remedy="Make room and give the rights, or name other directories in PRIVET_HOME "
                "and PRIVET_KEYS.",
            ) from error


def person_key(key: bytes, source: str, external_id: str) -> bytes:
    """HMAC-SHA-256 of a source and an id of its own, cut to 16 bytes.

    This is what the log carries instead of the id; only the holder of the link key can tell
    which person it is.
    """
    # A platform may send half a surrogate pair as an id; it is an id like any other.
    message = source.encode() + b"\0" + external_id.encode(errors="surrogatepass")
    return hmac.digest(key, message, sha256)[:PERSON_KEY_BYTES]


def address_token(key: bytes, address: IPv4Address | IPv6Address) -> int:
    """A keyed token of a whole address, as a signed 64-bit integer.

    IPv4 inside IPv6 (``::ffff:192.0.2.1``) counts as the IPv4 address that it is.
    """
    return _token(key, b"a" + _packed(address))


def network_token(key: bytes, address: IPv4Address | IPv6Address) -> int:
    """A keyed token of the address's /24 (IPv4) or /56 (IPv6), as a signed 64-bit integer."""
    packed = _packed(address)
    network = packed[:3] + bytes(1) if len(packed) == 4 else packed[:7] + bytes(9)
    return _token(key, b"n" + network)


def seal(key: bytes, plain: bytes, context: bytes) -> bytes:
    """AES-256-GCM under ``key``; ``context`` is authenticated with it but not hidden."""
    return Sealing(key, context).seal(plain)


class Sealing:
    """As `seal`, for many values under one key and context, which are made ready only once."""

    def __init__(self, key: bytes, context: bytes) -> None:
        self._cipher = AESGCM(key)
        self._context = context

    def seal(self, plain: bytes) -> bytes:
        """The value, with a nonce of its own."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, self._context)


def unseal(key: bytes, sealed: bytes, context: bytes) -> bytes:
    """Open what `seal` closed; raises `CannotDecryptError` if key, context or bytes differ."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], context)
    except (InvalidTag, ValueError) as error:
        raise CannotDecryptError(
            "A sealed value could not be opened.",
            remedy="It was changed, or sealed under another key; nothing can bring it back.",
        ) from error


def _token(key: bytes, message: bytes) -> int:
    return int.from_bytes(hmac.digest(key, message, sha256)[:_TOKEN_BYTES], "big", signed=True)


def _packed(address: IPv4Address | IPv6Address) -> bytes:
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped.packed
    return address.packed


def _read_key(path: Path) -> bytes:
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise ConfigError(
            f"The key file {path.name} does not hold {KEY_BYTES} bytes.",
            remedy="Restore it from your copy of the keys; without it, what it protects is lost.",
        )
    return key


def _write_secret(path: Path) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_bytes(KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())


def _is_of_day_before(path: Path, before: date) -> bool:
    try:
        day = date.fromisoformat(path.name.removeprefix("day-").partition(".")[0])
    except ValueError:
        return False  # Not a file of ours.
    return day < before


def _sync_directory(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
