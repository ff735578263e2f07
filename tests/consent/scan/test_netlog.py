"""What the network stack wrote down is read, and joined to what was heard."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from privet.consent.scan.joined import join
from privet.consent.scan.netlog import Logged, read_netlog
from privet.consent.scan.watch import Hop, Initiator

TYPES = {
    "URL_REQUEST_START_JOB": 1,
    "HTTP_STREAM_JOB_CONTROLLER": 2,
    "HTTP_TRANSACTION_SEND_REQUEST_HEADERS": 3,
    "HTTP_TRANSACTION_READ_RESPONSE_HEADERS": 4,
}
PAGE = "http://school.test"
FAR = "http://tracker.test/seen"


def _event(kind: str, source: int, **params: Any) -> dict[str, Any]:
    return {"params": params, "source": {"id": source}, "time": "500", "type": TYPES[kind]}


def _start(url: str, source: int, initiator: str = PAGE, method: str = "GET") -> dict[str, Any]:
    return _event("URL_REQUEST_START_JOB", source, url=url, initiator=initiator, method=method)


def _read(tmp_path: Path, *events: dict[str, Any], end: str = "]}") -> list[Logged]:
    path = tmp_path / "network.json"
    constants = json.dumps({"constants": {"logEventTypes": TYPES, "timeTickOffset": 1_000_000}})
    lines = ",\n".join(json.dumps(one, separators=(",", ":")) for one in events)
    path.write_text(f'{constants[:-1]},\n"events": [\n{lines}{end}')
    return read_netlog(path)


def _hop(url: str, **more: Any) -> Hop:
    nobody = Initiator(is_script=False, script="", stack=())
    return Hop(
        url=url, wall=1000.5, type="Image", initiator=nobody, is_main=False, worker="", **more
    )


def test_a_request_is_read_with_its_moment_and_its_cookies(tmp_path: Path) -> None:
    lines = ["HTTP/1.1 200 OK", "Set-Cookie: a=1; Path=/", "set-cookie: b=2"]
    answer = _event("HTTP_TRANSACTION_READ_RESPONSE_HEADERS", 7, headers=lines)
    (one,) = _read(tmp_path, _start(f"{FAR}#part", 7), answer, end="\n]}")
    assert (one.url, one.wall, one.origin) == (FAR, 1000.5, PAGE)
    assert one.set_cookie == ("a=1; Path=/", "b=2")


def test_a_redirect_is_two_requests(tmp_path: Path) -> None:
    first, second = _read(tmp_path, _start(FAR, 7), _start(f"{PAGE}/back", 7), end="\n]}")
    assert (first.came_from, second.came_from) == ("", FAR)


def test_the_browsers_own_errands_are_left_out_and_a_prefetch_is_not(tmp_path: Path) -> None:
    headers = _event("HTTP_TRANSACTION_SEND_REQUEST_HEADERS", 8, headers=["Sec-Purpose: prefetch"])
    own = "not an origin"
    events = (
        _start("https://update.test/", 7, own),
        _start("x:y", 9),
        _start(FAR, 8, own),
        headers,
    )
    assert [one.url for one in _read(tmp_path, *events, end="\n]}")] == [FAR]


def test_a_log_that_broke_off_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    found = _read(tmp_path, _start(FAR, 7), end=',\n{"params":{"url":"http')
    assert [one.url for one in found] == [FAR]


def test_there_is_nothing_in_no_log_and_in_an_empty_one(tmp_path: Path) -> None:
    assert read_netlog(tmp_path / "none") == []
    (tmp_path / "empty").write_text("")
    assert read_netlog(tmp_path / "empty") == []


def test_what_nobody_heard_of_becomes_a_request_of_its_own(tmp_path: Path) -> None:
    mode = ["Sec-Fetch-Dest: empty", "Sec-Fetch-Mode: no-cors"]
    headers = _event("HTTP_TRANSACTION_SEND_REQUEST_HEADERS", 7, headers=mode)
    logged = _read(tmp_path, _start(FAR, 7, method="POST"), headers, end="\n]}")
    (hop,) = join([], logged)
    assert (hop.url, hop.type, hop.worker) == (FAR, "Ping", "?")


def test_what_was_heard_gets_the_cookies_of_its_answer_and_stays_one(tmp_path: Path) -> None:
    answer = _event("HTTP_TRANSACTION_READ_RESPONSE_HEADERS", 7, headers=["Set-Cookie: a=1"])
    (hop,) = join([_hop(FAR)], _read(tmp_path, _start(FAR, 7), answer, end="\n]}"))
    assert hop.extra == {"headers": {"set-cookie": "a=1"}, "blockedCookies": []}
    assert hop.is_led_to


def test_a_report_of_the_browser_is_told_from_other_requests(tmp_path: Path) -> None:
    headers = _event("HTTP_TRANSACTION_SEND_REQUEST_HEADERS", 7, headers=["Sec-Fetch-Dest: report"])
    heard = replace(_hop(FAR), type="Other")
    (hop,) = join([heard], _read(tmp_path, _start(FAR, 7), headers, end="\n]}"))
    assert hop.type == "Ping"


def test_raw_headers_that_were_heard_are_kept(tmp_path: Path) -> None:
    heard = {"headers": {"set-cookie": "b=2"}, "blockedCookies": []}
    answer = _event("HTTP_TRANSACTION_READ_RESPONSE_HEADERS", 7, headers=["Set-Cookie: a=1"])
    (hop,) = join([_hop(FAR, extra=heard)], _read(tmp_path, _start(FAR, 7), answer, end="\n]}"))
    assert hop.extra == heard


def test_a_warmed_up_connection_counts_where_nothing_was_asked_over_it(tmp_path: Path) -> None:
    warm = [
        _event("HTTP_STREAM_JOB_CONTROLLER", 8, url=url, is_preconnect=True)
        for url in ("http://warm.test/", FAR)
    ]
    hops = join([_hop(FAR)], _read(tmp_path, *warm, end="\n]}"))
    assert [(hop.url, hop.type) for hop in hops] == [
        (FAR, "Image"),
        ("http://warm.test/", "Preconnect"),
    ]
