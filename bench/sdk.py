"""The browser SDK against three consent banners, in one run of real Chromium.

Each stands alone on the same page, served from this machine, on a processor slowed four times.
Measured: bytes after gzip -9; milliseconds from the start of the script to the end of the first
frame in which the banner can be seen (and, as an older figure, from the end of the script's loading
to the beginning of that frame); layout shift; what axe-core finds in the banner; and whether Global
Privacy Control still holds after "Accept all". The start is a mark that the server puts before the
first statement of each contestant's script. Peers come from npm, pinned, into build/.
Ours has its words from its server, as a script before its own: the start is that script's first
statement. The last line is JSON: each ratio is the best peer's figure over ours, so more than 1 is
better than all.
"""

import argparse
import gzip
import json
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from bench.sdk_peers import (
    INSTALLED,
    ROOT,
    VERSIONS,
    Contestant,
    klaro,
    orestbida,
    privet,
    tarteaucitron,
)

PORTS = range(8150, 8200)
SLOWER = 4
ROUNDS = 9
TARGET_MS = 100
SETTLED_MS = 1000
AXE = ROOT / "sdk" / "node_modules" / "axe-core" / "axe.min.js"
_TYPES = {".js": "text/javascript", ".css": "text/css"}
_GPC = "Object.defineProperty(Navigator.prototype,'globalPrivacyControl',{get:()=>true})"
_MARK = b"performance.mark('script begins');"
_SEEN = "the banner is seen"
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_WATCH = """(() => {
  const find = (host, banner) =>
    (host ? document.querySelector(host)?.shadowRoot : document)?.querySelector(banner);
  const isSeen = (element) => {
    if (!element) return false;
    const { width, height, top, bottom } = element.getBoundingClientRect();
    const { visibility, opacity } = getComputedStyle(element);
    return width > 0 && height > 0 && bottom > 0 && top < innerHeight
      && visibility === 'visible' && Number(opacity) > 0;
  };
  window.shift = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
  }).observe({ type: 'layout-shift', buffered: true });
  const look = (time) => {
    if (isSeen(find(HOST, BANNER))) {
      const loads = performance.getEntriesByType('resource');
      const script = loads.find((one) => one.name.includes(SCRIPT));
      const frame = new MessageChannel();
      // A message that is sent in a frame arrives when the frame is done.
      frame.port1.onmessage = () => {
        window.loaded = time - script.responseEnd;
        const [begins] = performance.getEntriesByName('script begins');
        window.banner = performance.now() - begins.startTime;
        console.debug(SEEN);
      };
      frame.port2.postMessage(0);
    } else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})()"""


def main() -> None:
    """Measure all, print a table, and everything as JSON on the last line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    rounds = parser.parse_args().rounds
    install_peers()
    contestants = (privet(), orestbida(), klaro(), tarteaucitron())
    with _served() as site, _browser() as browser:
        runs = _take_turns(browser, site, contestants, rounds)
        found = {one.name: _measure(browser, site, one, runs[one.name]) for one in contestants}
    for name, figures in found.items():
        print(f"{name:24}{json.dumps(figures)}")
    print(json.dumps(_sum_up(found)))


def install_peers() -> None:
    """Put the pinned versions into ``build/peers/sdk``, by npm's own client."""
    INSTALLED.mkdir(parents=True, exist_ok=True)
    wanted = json.dumps({"private": True, "dependencies": VERSIONS})
    stated = INSTALLED / "package.json"
    if stated.exists() and stated.read_text() == wanted and (INSTALLED / "node_modules").exists():
        return
    stated.write_text(wanted)
    command = ["npm", "install", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund"]
    subprocess.run(command, cwd=INSTALLED, check=True, stdout=sys.stderr)


def _take_turns(
    browser: Any, site: Any, contestants: Sequence[Contestant], rounds: int
) -> dict[str, list[dict[str, float]]]:
    """All in each round, so that a busy minute slows all alike; the first round warms up."""
    runs: dict[str, list[dict[str, float]]] = {one.name: [] for one in contestants}
    for _ in range(rounds + 1):
        for one in contestants:
            site.contestant = one
            runs[one.name].append(_load(browser, site, one))
    return {name: found[1:] for name, found in runs.items()}


def _measure(
    browser: Any, site: Any, one: Contestant, runs: Sequence[dict[str, float]]
) -> dict[str, Any]:
    site.contestant = one
    return {
        "bytes": _bytes(one.files),
        **{f"bytes_{name}": _bytes(files) for name, files in one.more.items()},
        "banner_ms": round(statistics.median(run["banner"] for run in runs), 1),
        "banner_ms_range": [round(pick(run["banner"] for run in runs), 1) for pick in (min, max)],
        "banner_after_loading_ms": round(statistics.median(run["loaded"] for run in runs), 1),
        "layout_shift": round(max(run["shift"] for run in runs), 4),
        "axe_violations": _violations(browser, site, one),
        "honours_gpc": _honours_gpc(browser, site, one),
    }


def _load(browser: Any, site: Any, one: Contestant) -> dict[str, float]:
    """One visit with an empty profile on the slow processor."""
    with _page(browser, one) as page:
        session = page.context.new_cdp_session(page)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        _await_banner(page, site)
        return dict(page.evaluate("({ banner, loaded, shift })"))


def _await_banner(page: Any, site: Any) -> None:
    """Open the page and let the banner stand and rest.

    Nothing is asked of the page before it says by itself that the banner is there: what a driver
    runs in a page takes time from a slow processor, just when scripts want it.
    """
    with page.expect_console_message(lambda message: message.text == _SEEN):
        page.goto(site.address, wait_until="commit")
    page.wait_for_timeout(SETTLED_MS)


def _violations(browser: Any, site: Any, one: Contestant) -> int:
    """The rules that the banner breaks, after its entry has ended."""
    with _page(browser, one) as page:
        _await_banner(page, site)
        page.evaluate(AXE.read_text())
        how = {"runOnly": {"type": "tag", "values": _TAGS}}
        asks = "([root, how]) => axe.run(root, how).then((found) => found.violations.length)"
        return int(page.evaluate(asks, [one.host or one.banner, how]))


def _honours_gpc(browser: Any, site: Any, one: Contestant) -> bool:
    """Whether a press on "Accept all" alone leaves advertising off while the signal is sent."""
    with _page(browser, one, gpc=True) as page:
        _await_banner(page, site)
        page.locator(f"{one.host} {one.accept}".strip()).click()
        page.wait_for_timeout(SETTLED_MS)
        return not page.evaluate(one.advertises)


@contextmanager
def _page(browser: Any, one: Contestant, *, gpc: bool = False) -> Iterator[Any]:
    headers = {"Sec-GPC": "1"} if gpc else {}
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, locale="en-GB", extra_http_headers=headers
    )
    script = _WATCH.replace("HOST", json.dumps(one.host)).replace("BANNER", json.dumps(one.banner))
    script = script.replace("SCRIPT", json.dumps(one.script))
    context.add_init_script(script.replace("SEEN", json.dumps(_SEEN)))
    if gpc:
        context.add_init_script(_GPC)
    try:
        yield context.new_page()
    finally:
        context.close()


def _bytes(files: Sequence[Path]) -> int:
    return sum(len(gzip.compress(file.read_bytes(), 9, mtime=0)) for file in files)


def _sum_up(found: dict[str, dict[str, Any]]) -> dict[str, Any]:
    ours = found["privet"]
    peers = [figures for name, figures in found.items() if name != "privet"]
    least = min(peer["bytes"] for peer in peers)
    return {
        "bench": "sdk",
        "slower": SLOWER,
        "target_ms": TARGET_MS,
        "versions": VERSIONS,
        "measured": found,
        "ratio": round(least / ours["bytes"], 2),
        "ratio_with_guard": round(least / (ours["bytes"] + ours["bytes_guard"]), 2),
        "ratio_banner": round(min(peer["banner_ms"] for peer in peers) / ours["banner_ms"], 2),
    }


@contextmanager
def _browser() -> Iterator[Any]:
    from tests.browser import launched

    with launched() as browser:
        yield browser


@contextmanager
def _served() -> Iterator[Any]:
    """The small site of the SDK's tests, whose pages hold one contestant at a time."""
    from tests.journeys.sdk.site import Site, _Handler

    class Stage(Site):
        contestant: Contestant

        def page(self, path: str) -> str:
            del path
            text = "<p>Hedges are fences that grow.</p>" * 12
            return (
                '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Hedges</title>'
                f'<meta name="viewport" content="width=device-width"></head><body><main>'
                f"<h1>Hedges</h1>{text}</main>{self.contestant.head}</body></html>"
            )

    class Handler(_Handler):
        def send_header(self, keyword: str, value: str) -> None:
            # Peers need looser policies than the tests' own; here all have none.
            if keyword != "Content-Security-Policy":
                super().send_header(keyword, value)

        def _answer(
            self, body: str | bytes, kind: str = "text/html", status: int = 200, **headers: str
        ) -> None:
            if self.path.split("?")[0] == site.contestant.script:
                body = _MARK + (body.encode() if isinstance(body, str) else body)
            super()._answer(body, kind, status, **headers)

        def do_GET(self) -> None:  # noqa: N802 - the name is the library's
            path = self.path.split("?")[0]
            if not path.startswith("/node_modules/"):
                return super().do_GET()
            file = (INSTALLED / path.lstrip("/")).resolve()
            kind = _TYPES.get(file.suffix, "application/octet-stream")
            return self._answer(file.read_bytes(), kind)

    site = Stage()
    Handler.site = site
    server = _listen(Handler)
    site.address = f"http://localhost:{server.server_address[1]}/"
    Thread(target=server.serve_forever, daemon=True).start()
    yield site
    server.shutdown()


def _listen(handler: Any) -> ThreadingHTTPServer:
    for port in PORTS:
        try:
            return ThreadingHTTPServer(("127.0.0.1", port), handler)
        except OSError:
            continue
    raise RuntimeError(f"No port of {PORTS} is free.")


if __name__ == "__main__":
    main()
