"""A real browser for one step: a profile of its own, gone afterwards.

Chromium's web driver flag is off, so that what hides from machines shows itself, and frames of
other sites run in one process, so that one session hears them all.
"""

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import BrowserContext, Error, Playwright

from privet.consent.scan import netlog
from privet.consent.scan.scratch import scratch_directory
from privet.kernel.errors import PrivetError

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_ARGUMENTS = (
    "--disable-blink-features=AutomationControlled",
    "--disable-site-isolation-trials",
)
_ALLOW, _BLOCK = 0, 1
_GPC = "Object.defineProperty(Navigator.prototype,'globalPrivacyControl',{get:()=>true})"


class NoBrowserError(PrivetError):
    """There is no Chromium to drive."""


@dataclass(frozen=True, kw_only=True)
class Chromium:
    """Which browser, and how it says what it is."""

    program: str
    version: str
    arguments: tuple[str, ...] = field(default=())

    @property
    def agent(self) -> str:
        """The agent of the same browser with a window: many sites hide from the one without."""
        return (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
            f"Chrome/{self.version.partition('.')[0]}.0.0.0 Safari/537.36"
        )


def find_chromium(playwright: Playwright, *, arguments: Sequence[str] = ()) -> Chromium:
    """Playwright's own Chromium, else the system's; raises `NoBrowserError` if there is neither."""
    own = playwright.chromium.executable_path
    system = next(filter(None, map(shutil.which, _NAMES)), "")
    program = own if Path(own).exists() else system
    if not program:
        raise NoBrowserError(
            "There is no Chromium on this machine.",
            remedy="Install one: playwright install chromium, or apt-get install chromium.",
        )
    try:
        browser = playwright.chromium.launch(executable_path=program)
    except Error as error:
        raise NoBrowserError(
            f"Chromium does not start: {program}.",
            remedy="Run it by hand with --headless --version to see why.",
        ) from error
    version = browser.version
    browser.close()
    return Chromium(program=program, version=version, arguments=tuple(arguments))


@contextmanager
def open_browser(
    playwright: Playwright, chromium: Chromium, *, third_party_cookies: bool, gpc: bool, log: Path
) -> Iterator[BrowserContext]:
    """A browser without any history; it is closed and its profile removed at the end.

    Its network stack writes to ``log``, which is whole when it is closed.

    Debian's Chromium refuses third-party cookies and others allow them, so the profile says which.
    """
    with scratch_directory() as profile:
        preferences = profile / "Default" / "Preferences"
        preferences.parent.mkdir()
        mode = _ALLOW if third_party_cookies else _BLOCK
        settings = {"cookie_controls_mode": mode, "block_third_party_cookies": bool(mode)}
        preferences.write_text(json.dumps({"profile": settings}))
        context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=chromium.program,
            args=[
                *_ARGUMENTS,
                *netlog.ARGUMENTS,
                f"--log-net-log={log}",
                f"--user-agent={chromium.agent}",
                *chromium.arguments,
            ],
            viewport={"width": 1280, "height": 900},
            extra_http_headers={"Sec-GPC": "1"} if gpc else {},
        )
        if gpc:
            context.add_init_script(_GPC)
        try:
            yield context
        finally:
            with suppress(Error):
                context.close()
