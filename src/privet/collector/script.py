"""The browser SDK as it was built: with an ETag, compressed once, and asked for again each time."""

import gzip
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from privet.collector.http import Answer, Header

BUILT = Path(__file__).parents[3] / "sdk" / "dist" / "privet.js"
"""Where the SDK's build puts it, beside the source tree."""
PACKAGED = Path(__file__).parent / "static" / "privet.js"
"""Where it lies in an installed package."""
_TYPE: Header = (b"content-type", b"text/javascript; charset=utf-8")
# It is asked for again with its ETag, so that a fix in it reaches every page at once.
_CACHE: Header = (b"cache-control", b"public, max-age=300, stale-while-revalidate=86400")


class Script:
    """The file ``privet.js``, read once."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or (BUILT if BUILT.exists() else PACKAGED)

    def answer(self, headers: dict[bytes, bytes]) -> Answer:
        """The script, or ``304`` if the browser has it, or ``404`` if it was not built."""
        if self._plain is None:
            return Answer(404, b"")
        common = (_CACHE, (b"etag", self._etag), (b"vary", b"Accept-Encoding"))
        if self._etag in _etags(headers.get(b"if-none-match", b"")):
            return Answer(304, b"", common)
        if b"gzip" in headers.get(b"accept-encoding", b""):
            encoding: Header = (b"content-encoding", b"gzip")
            return Answer(200, self._packed, (_TYPE, encoding, *common))
        return Answer(200, self._plain, (_TYPE, *common))

    @cached_property
    def _plain(self) -> bytes | None:
        return self._path.read_bytes() if self._path.exists() else None

    @cached_property
    def _packed(self) -> bytes:
        return gzip.compress(self._plain or b"", compresslevel=9, mtime=0)

    @cached_property
    def _etag(self) -> bytes:
        digest = sha256(self._plain or b"").hexdigest()[:20]
        return b'"%b"' % digest.encode()


def _etags(header: bytes) -> list[bytes]:
    """The tags of ``If-None-Match``; a proxy that packs bodies makes them weak."""
    return [tag.strip().removeprefix(b"W/") for tag in header.split(b",")]
