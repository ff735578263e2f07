"""A server on this machine whose pages answer, move, refuse, fail or are silent."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_MOVES = {
    "/moved": (301, "/there"),
    "/moved-twice": (302, "/moved"),
    "/moved-to-nothing": (302, "/gone"),
    "/moved-to-a-file": (302, "file:///etc/passwd"),
    "/moved-to-ftp": (302, "ftp://127.0.0.1/page"),
    "/round": (302, "/round"),
}
_STATUSES = {"/gone": 404, "/failed": 500, "/no-programs": 403, "/slow-down": 429}


@contextmanager
def served() -> Iterator[str]:
    """The server's address; ``/silent`` answers only when the block ends."""
    over = threading.Event()

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/silent":
                over.wait(120)
                return
            if self.path == "/cut":
                self.connection.close()
                return
            status, where = _MOVES.get(self.path, (_STATUSES.get(self.path, 200), ""))
            self.send_response(status)
            if where:
                self.send_header("Location", where)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        over.set()
        server.shutdown()
        server.server_close()
        thread.join()
