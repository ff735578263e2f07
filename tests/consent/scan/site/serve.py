"""Serves the planted site; every host is this machine, told apart by the name in the request."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path

_HERE = Path(__file__).parent
_NUMBERS = count(1)
_HTML, _SCRIPT = "text/html; charset=utf-8", "text/javascript"
_COOKIES: dict[str, tuple[str, ...]] = {
    "school.test/": (
        "h_plain=1; Max-Age=31536000; Path=/",
        "h_only=1; HttpOnly; Path=/",
        "h_long=1; Max-Age=63072000; Path=/",
        "h_dated=1; Expires=Wed, 01 Jan 2027 00:00:00 GMT; Path=/",
    ),
    "school.test/course": ("course_cookie=1; Path=/",),
    "school.test/js/worker.js": ("worker_cookie=1; Path=/",),
    "tracker.test/pixel.gif": ("trk=1; Max-Age=864000; SameSite=None; Secure; Path=/",),
    "ads.test/second-hop.gif": ("hop=1; Max-Age=864000; SameSite=None; Secure; Path=/",),
    "school.test/js/counted": ("fetched_cookie=1; Path=/",),
    "metrics.school.test/collect.gif": ("sub_id=1; Domain=school.test; Max-Age=864000; Path=/",),
}
_TEXTS: dict[str, tuple[str, str]] = {
    "school.test/style.css": (
        "text/css",
        (
            "@font-face{font-family:far;src:url(//cdn.test:PORT/letters.woff2)}"
            ".pretty{font-family:far;background:url(//tracker.test:PORT/background.png)}"
        ),
    ),
    "school.test/js/worker.js": (
        _SCRIPT,
        (
            "fetch('http://tracker.test:PORT/from-worker',{mode:'no-cors'});"
            "indexedDB.open('worker_base');fetch('/js/counted');"
        ),
    ),
    "school.test/js/shared.js": (
        _SCRIPT,
        "fetch('http://tracker.test:PORT/from-shared',{mode:'no-cors'});",
    ),
    "school.test/service.js": (
        _SCRIPT,
        (
            "fetch('http://tracker.test:PORT/from-service',{mode:'no-cors'});"
            "self.oninstall=(e)=>e.waitUntil(cookieStore.set('sw_cookie','1'));"
        ),
    ),
    "school.test/course": (_HTML, "<!doctype html><title>Course</title><h1>Course</h1>"),
    "cdn.test/lib.js": (
        _SCRIPT,
        (
            "function mark(){document.cookie='lib_id=1; Max-Age=34560000; path=/'}mark();"
            "new Image().src='//tracker.test:PORT/pixel.gif';"
        ),
    ),
    "cdn.test/written.js": (_SCRIPT, "localStorage.setItem('written_item','1')"),
    "cdn.test/module.js": (_SCRIPT, "sessionStorage.module_item='1'"),
    "frame.test/frame": (
        _HTML,
        (
            "<!doctype html><title>f</title><iframe src='//ads.test:PORT/nested'></iframe><script>"
            "document.cookie='fr_cookie=1; SameSite=None; Secure; path=/; Max-Age=864000';"
            "parent.postMessage('take','*');try{localStorage.setItem('fr_item','1')}catch{}</script>"
        ),
    ),
    "ads.test/nested": (
        _HTML,
        (
            "<!doctype html><title>n</title>"
            "<script>new Image().src='//tracker.test:PORT/nested.gif'</script>"
        ),
    ),
}


class _Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        host, _, port = self.headers.get("Host", "").partition(":")
        key = host + ("/" if path == "/next" else path)
        if key == "tracker.test/first-hop.gif":
            self._answer(
                302, "text/plain", b"", [("Location", f"//ads.test:{port}/second-hop.gif")]
            )
            return
        kind, text = _read(key)
        more = [("Set-Cookie", line) for line in _COOKIES.get(key, ())]
        if key == "school.test/":
            more.append(("Reporting-Endpoints", f'all="http://tracker.test:{port}/reports"'))
        if path == "/etag.gif":
            more.append(("ETag", f'"visitor-{next(_NUMBERS)}"'))
        self._answer(200, kind, text.replace("PORT", port).encode(), more)

    do_POST = do_GET  # noqa: N815 - the name that the server calls

    def _answer(self, status: int, kind: str, body: bytes, more: list[tuple[str, str]]) -> None:
        self.send_response(status)
        for name, value in [
            ("Content-Type", kind),
            ("Content-Length", str(len(body))),
            ("Access-Control-Allow-Origin", "*"),
            *more,
        ]:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


def _read(key: str) -> tuple[str, str]:
    host, _, path = key.partition("/")
    if key == "school.test/":
        return _HTML, (_HERE / "index.html").read_text()
    if host == "school.test" and path in ("js/own.js", "js/consent.js"):
        return _SCRIPT, (_HERE / path.removeprefix("js/")).read_text()
    return _TEXTS.get(key, ("image/gif", ""))


@contextmanager
def serve() -> Iterator[int]:
    """The port on which the site answers."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()


def browser_arguments(port: int) -> tuple[str, ...]:
    """Names that lead here, trusted as an encrypted site would be."""
    hosts = ("school", "metrics.school", "tracker", "cdn", "frame", "ads")
    origins = ",".join(f"http://{host}.test:{port}" for host in hosts)
    return (
        "--host-resolver-rules=MAP *.test 127.0.0.1",
        f"--unsafely-treat-insecure-origin-as-secure={origins}",
    )
