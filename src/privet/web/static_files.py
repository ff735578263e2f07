"""Style sheets, scripts and fonts: served from memory, under addresses that change with them."""

import gzip
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile

_WORTH_PACKING = {"text/css", "text/javascript", "application/json", "image/svg+xml"}


class StaticFiles(WhiteNoiseMiddleware):
    """WhiteNoise, answering with bytes: an ASGI server cannot stream a synchronous file."""

    @staticmethod
    def serve(  # type: ignore[override]  # The parent's own subclass for Django differs, too.
        static_file: StaticFile, request: HttpRequest
    ) -> HttpResponseBase:
        """The file, packed if the browser can unpack it."""
        answer: Any = static_file.get_response(request.method, request.META)  # type: ignore[no-untyped-call]
        response = HttpResponse(status=int(answer.status), headers=dict(answer.headers))
        if answer.file is None:
            return response
        with answer.file as file:
            body = file.read()
        if _can_pack(request, response):
            body = _packed(body)
            response["Content-Encoding"] = "gzip"
            response["Vary"] = "Accept-Encoding"
            response["Content-Length"] = str(len(body))
        response.content = body
        return response


class VersionedStorage(StaticFilesStorage):
    """Adds a hash of a file's content to its address, so that a change is seen at once."""

    def url(self, name: str | None, *args: object) -> str:
        """The file's address with ``?v=`` and its version."""
        address = super().url(name, *args)
        found = finders.find(name) if name else None
        if found is None:
            return address
        return f"{address}?v={_version(Path(found), Path(found).stat().st_mtime_ns)}"


def _can_pack(request: HttpRequest, response: HttpResponse) -> bool:
    return (
        response.status_code == 200
        and "gzip" in request.headers.get("Accept-Encoding", "")
        and "Content-Encoding" not in response
        and response["Content-Type"].split(";")[0] in _WORTH_PACKING
    )


@lru_cache(maxsize=64)
def _packed(body: bytes) -> bytes:
    return gzip.compress(body, 9, mtime=0)


@lru_cache(maxsize=256)
def _version(path: Path, changed: int) -> str:
    del changed  # Part of the cache's key: another content has another time.
    return sha256(path.read_bytes()).hexdigest()[:12]
