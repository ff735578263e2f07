"""Ends a browser that answers nothing any more: a page can keep it busy for ever."""

import os
import signal
import threading
from contextlib import suppress

from playwright.sync_api import BrowserContext, Error

_MOST_LETTERS = 160
_WAITED = "- waiting for "


def words_of(error: Error) -> str:
    """What went wrong in one line; where something did not come, with what was waited for."""
    first, *log = error.message.splitlines()
    words = first[:_MOST_LETTERS].rstrip(".")
    waited = next((line.strip() for line in log if line.strip().startswith(_WAITED)), "")
    return f"{words}, {waited.removeprefix('- ')[:_MOST_LETTERS]}" if waited else words


class Patience:
    """Runs out unless it is renewed; then the browser is ended, and whoever waits hears so."""

    def __init__(self, context: BrowserContext, seconds: float) -> None:
        self.seconds = seconds
        self.is_over = False
        self._process = _process_of(context)
        self._timer: threading.Timer | None = None

    def renew(self) -> None:
        """Something went on."""
        self.stop()
        self._timer = threading.Timer(self.seconds, self._end)
        self._timer.daemon = True
        self._timer.start()

    def stop(self) -> None:
        """Nobody waits any more."""
        if self._timer:
            self._timer.cancel()

    def _end(self) -> None:
        self.is_over = True
        if self._process:
            with suppress(ProcessLookupError):
                os.kill(self._process, signal.SIGKILL)


def _process_of(context: BrowserContext) -> int:
    """The browser that was started for this step, by its own word; 0 if it does not say."""
    if context.browser is None:
        return 0
    told = context.browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")
    return next((int(one["id"]) for one in told["processInfo"] if one["type"] == "browser"), 0)
