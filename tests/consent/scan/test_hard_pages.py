"""Pages that are hard to look at: the scan ends, says why, and never vouches for what it missed."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from privet.consent.scan.drive import Order, drive
from privet.consent.scan.journey import Action, Journey
from privet.consent.scan.shapes import Report, State, Step
from tests.consent.scan.kit import CONTROLS

BANNER = (
    "<div id='banner'><button id='accept'>Accept</button><button id='reopen'>Choices</button>"
    "<button id='reject' onclick='document.cookie=`no=1; path=/`'>Reject</button></div>"
)
PAGES = {
    "/asking": BANNER
    + "<script>if (document.cookie.includes('no=1')) document.cookie='anew=1; path=/'</script>",
    "/plain": BANNER,
    "/busy": "<script>setTimeout(() => { for (;;); }, 100)</script>",
    "/restless": "<script>setTimeout(() => location.replace('/restful'), 250)</script>",
    "/restful": "<script>document.cookie = 'later=1; path=/'</script>",
    "/jealous": "<script>Array.prototype.push = () => { throw 1; };"
    "document.cookie = 'seen=1; path=/'</script>",
    "/opening": "<button id='on' onclick='window.open(`/restful`)'>Open</button>",
    "/through": "<a id='on' href='//OTHER/hop'>On</a>",
}


class _Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        text = PAGES.get(self.path, "")
        is_hop = self.path == "/hop"
        self.send_response(302 if is_hop else 200 if text else 404)
        other = f"127.0.0.1:{self.server.server_address[1]}"  # type: ignore[attr-defined]
        if is_hop:
            self.send_header("Location", f"//{other.replace('127.0.0.1', 'localhost')}/restful")
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>Page</title>")
        self.wfile.write(text.replace("OTHER", other).encode())

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def scan(url: str, *steps: Step, load_timeout_ms: int = 60_000, click: str = "") -> Report:
    route = (Action(verb="click", target=click),) if click else ()
    order = Order(
        urls=(url,),
        journey=Journey(has_banner=False, route=route),
        steps=steps or (Step.NO_ACTION,),
        third_party_cookies=(True,),
        wait_ms=600,
        timeout_ms=1000,
        load_timeout_ms=load_timeout_ms,
    )
    return drive(order)


def test_a_page_that_keeps_the_browser_busy_for_ever_breaks_the_step_off(site: str) -> None:
    run = scan(f"{site}/busy", load_timeout_ms=5000).runs[0]
    assert run.broke_off
    assert run.why_not == "broke off: the page answered nothing for 7 seconds"


def test_a_page_that_leads_on_by_itself_is_followed_to_the_end(site: str) -> None:
    report = scan(f"{site}/restless")
    assert report.runs[0].was_driven
    assert [one.name for one in report.found] == ["later"]


def test_a_page_that_spoils_the_languages_own_parts_is_not_vouched_for(site: str) -> None:
    report = scan(f"{site}/jealous")
    assert report.broken_off
    assert "seen" in {one.name for one in report.found}


def test_an_answer_that_is_a_fault_is_not_the_page_and_a_closed_site_is_left_alone(
    site: str,
) -> None:
    report = scan(f"{site}/none", Step.NO_ACTION, Step.GPC, Step.ROUTE, click="#on")
    why = f"broke off: {site}/none answered 404"
    closed = "not tried, since the site did not open twice in a row"
    assert [run.why_not for run in report.runs] == [why, why, closed]
    assert len(report.broken_off) == 3


def test_a_site_that_one_is_only_led_through_is_reported(site: str) -> None:
    report = scan(f"{site}/through", Step.ROUTE, click="#on")
    assert ("navigation", "/hop", "127.0.0.1") in {
        (one.kind, one.name, one.domain) for one in report.found
    }


def test_a_window_that_the_page_opens_is_looked_into(site: str) -> None:
    (found,) = scan(f"{site}/opening", Step.ROUTE, click="#on").found
    assert (found.name, found.setter_script) == ("later", f"{site}/restful")


def test_all_pages_are_loaded_again_after_the_withdrawal(site: str) -> None:
    report = drive(
        Order(
            urls=(f"{site}/asking", f"{site}/plain"),
            journey=Journey(controls=CONTROLS),
            steps=(Step.WITHDRAW,),
            third_party_cookies=(True,),
            wait_ms=600,
        )
    )
    assert ("anew", State.WITHDRAWN) in {(one.name, one.decision_state) for one in report.found}


def test_an_action_that_fails_is_named(site: str) -> None:
    (run,) = scan(f"{site}/restful", Step.ROUTE, click="#nowhere").runs
    assert run.why_not.startswith("broke off: click #nowhere: ")
