"""A category that is closed to visitors is scanned as somebody signed in, or said to be closed."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from privet.consent.scan.drive import Order, drive
from privet.consent.scan.journey import Action, Journey
from privet.consent.scan.shapes import Report, State, Step
from tests.browser import PATIENCE_MS
from tests.consent.scan.kit import CONTROLS

PAGE = """<!doctype html><title>School</title>
<div id="banner"><button id="choose">Choose</button><button id="save">Save</button>
<button id="reopen">Choices</button><button id="reject">Reject</button>
<input type="checkbox" id="performance" checked><input type="checkbox" id="functionality">
<input type="checkbox" id="targeting" disabled></div>
<script>
const part = (id) => document.getElementById(id);
const isKnown = document.cookie.includes("known=");
part("targeting").disabled = !isKnown || location.search === "?closed";
part("reject").onclick = () => (document.cookie = "is_refused=1; path=/");
part("save").onclick = () => {
  for (const name of ["performance", "functionality", "targeting"])
    if (part(name).checked) document.cookie = `is_${name}=1; path=/`;
};
</script>"""


class _Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        if self.path == "/enter":
            self.send_header("Set-Cookie", "known=1; Path=/")
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(PAGE.encode())

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("localhost", 0), _Answers)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


def scan(address: str, *, entry: str = "") -> Report:
    journey = Journey(controls=CONTROLS)
    if entry:
        journey = replace(journey, sign_in=(Action(verb="go", target=entry),))
    steps = (Step.ONLY_FUNCTIONALITY, Step.ONLY_TARGETING)
    return drive(
        Order(
            urls=(address,),
            journey=journey,
            steps=steps,
            third_party_cookies=(True,),
            wait_ms=300,
            timeout_ms=PATIENCE_MS,
        )
    )


def set_when(report: Report, state: State) -> set[str]:
    return {one.name for one in report.found if one.decision_state is state}


def test_what_a_visitor_cannot_tick_is_said_to_be_closed_and_not_to_be_driven(address: str) -> None:
    functionality, targeting = scan(address).runs
    assert functionality.was_driven
    assert not targeting.was_driven
    assert targeting.why_not == "the site does not offer this category to whoever came"
    assert not targeting.signed_in


def test_it_is_ticked_by_who_is_signed_in_if_the_journey_says_how(address: str) -> None:
    report = scan(address, entry=f"{address}enter")
    functionality, targeting = report.runs
    assert (functionality.was_driven, functionality.signed_in) == (True, False)
    assert (targeting.was_driven, targeting.signed_in) == (True, True)
    assert set_when(report, State.WITHDRAWN) == {"is_refused"}, "the account is left refusing"
    # What was ticked beforehand is taken off: alone means alone.
    assert set_when(report, State.ONLY_TARGETING) == {"is_targeting"}
    assert set_when(report, State.ONLY_FUNCTIONALITY) == {"is_functionality"}


def test_what_is_closed_to_who_is_signed_in_too_is_said(address: str) -> None:
    _, targeting = scan(f"{address}?closed", entry=f"{address}enter").runs
    assert (targeting.was_driven, targeting.signed_in) == (False, True)
    assert "does not offer" in targeting.why_not
