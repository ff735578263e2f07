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
from ipaddress import IPv4Address, IPv6Address, ip_network
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from privet.kernel.errors import CannotDecryptError

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

    def link_key(self) -> bytes:
        """The key under which external ids become person keys."""
        return self._key("link")

    def signing_key(self, purpose: str) -> bytes:
        """The key of one purpose (``consent-cookie``, ``session`` …); lower case and hyphens."""
        return self._key(f"signing-{purpose}")

    def token_key(self, day: date) -> tuple[int, bytes]:
        """The key id (the year) and the key of the equality tokens of ``day``."""
        return day.year, self._key(f"token-{day.year}")

    def day_key(self, day: date) -> bytes:
        """The key that seals the raw addresses and agents of ``day``."""
        return self._key(f"day-{day.isoformat()}")

    def find_day_key(self, day: date) -> bytes | None:
        """The day's key if it still exists; never makes one."""
        name = f"day-{day.isoformat()}"
        return self._key(name) if self._path(name).exists() else None

    def destroy_day_keys(self, before: date) -> int:
        """Delete the keys of all days before ``before``; returns how many there were."""
        old = [p for p in self._directory.glob("day-*.key") if _day_of(p) < before]
        for path in old:
            path.unlink()
            self._known.pop(path.stem, None)
        return len(old)

    def _key(self, name: str) -> bytes:
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = self._read_or_make(self._path(name))
        return known

    def _path(self, name: str) -> Path:
        return self._directory / f"{name}.key"

    def _read_or_make(self, path: Path) -> bytes:
        if not path.exists():
            self._make(path)
        return path.read_bytes()

    def _make(self, path: Path) -> None:
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_suffix(f".{secrets.token_hex(8)}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # Another process was first; its key is the key.
        finally:
            draft.unlink()
        _sync_directory(self._directory)


def person_key(key: bytes, source: str, external_id: str) -> bytes:
    """HMAC-SHA-256 of a source and an id of its own, cut to 16 bytes.

    This is what the log carries instead of the id; only the holder of the link key can tell
    which person it is.
    """
    message = source.encode() + b"\0" + external_id.encode()
    return hmac.digest(key, message, sha256)[:PERSON_KEY_BYTES]


def address_token(key: bytes, address: IPv4Address | IPv6Address) -> int:
    """A keyed token of a whole address, as a signed 64-bit integer."""
    return _token(key, b"a" + address.packed)


def network_token(key: bytes, address: IPv4Address | IPv6Address) -> int:
    """A keyed token of the address's /24 (IPv4) or /56 (IPv6), as a signed 64-bit integer."""
    prefix = 24 if address.version == 4 else 56
    network = ip_network((address, prefix), strict=False)
    return _token(key, b"n" + network.network_address.packed)


def seal(key: bytes, plain: bytes, context: bytes) -> bytes:
    """AES-256-GCM under ``key``; ``context`` is authenticated with it but not hidden."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, context)


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


def _day_of(path: Path) -> date:
    return date.fromisoformat(path.stem.removeprefix("day-"))


def _sync_directory(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
