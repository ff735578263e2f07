"""A site with planted ways of tracking is scanned: each is found, with its setter and its time."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from privet.consent.registry import read_registry
from privet.consent.scan.shapes import DriftKind, Found, Kind, Report, SetBy, State, Step
from tests.consent.scan.kit import REGISTRY, order_for
from tests.consent.scan.site.serve import serve

OWN, CONSENT, LIB = "school.test/js/own.js", "school.test/js/consent.js", "cdn.test/lib.js"
PAGE, SHEET, FRAME = "school.test/", "school.test/style.css", "frame.test/frame"
WORKER, SERVICE = "school.test/js/worker.js", "school.test/service.js"
LONGEST_MS = 600_000
"""A moment is counted from the beginning of its step, which may be long ago on a busy machine."""


@dataclass(frozen=True, kw_only=True)
class Plant:
    """One planted way: what must be found, who must be named, in which step and state."""

    kind: Kind
    name: str
    host: str = "school.test"
    setter: str = OWN
    set_by: SetBy = SetBy.SCRIPT
    step: Step = Step.NO_ACTION
    state: State = State.UNDECIDED
    after_ms: int = 0
    """It cannot come earlier than this."""

    def __str__(self) -> str:
        return f"{self.kind}-{self.name.strip('/').partition('.')[0]}"


def _cookie(name: str, setter: str = OWN, set_by: SetBy = SetBy.SCRIPT, **more: object) -> Plant:
    return Plant(kind=Kind.COOKIE, name=name, setter=setter, set_by=set_by, **more)  # type: ignore[arg-type]


def _far(
    kind: Kind, name: str, setter: str = OWN, set_by: SetBy = SetBy.SCRIPT, **more: object
) -> Plant:
    values: dict[str, object] = {"host": "tracker.test"} | more
    return Plant(kind=kind, name=name, setter=setter, set_by=set_by, **values)  # type: ignore[arg-type]


HEADER, MARKUP = SetBy.HEADER, SetBy.MARKUP
PLANTS = (
    _cookie("h_plain", PAGE, HEADER),
    _cookie("h_only", PAGE, HEADER),
    _cookie("h_long", PAGE, HEADER),
    _cookie("h_dated", PAGE, HEADER),
    _cookie("worker_cookie", WORKER, HEADER),
    _cookie("sub_id", "metrics.school.test/collect.gif", HEADER),
    _cookie("trk", "tracker.test/pixel.gif", HEADER, host="tracker.test"),
    _cookie("hop", "ads.test/second-hop.gif", HEADER, host="ads.test"),
    _cookie("s_cookie"),
    _cookie("s_eval"),
    _cookie("s_store", set_by=SetBy.COOKIE_STORE),
    _cookie("s_chips"),
    _cookie("s_later", after_ms=700),
    _cookie("pm_cookie"),
    _cookie("lib_id", LIB),
    _cookie("fr_cookie", FRAME, host="frame.test"),
    _cookie("sw_cookie", SERVICE, SetBy.WORKER),
    _cookie("fetched_cookie", "school.test/js/counted", HEADER),
    _cookie("blank_cookie"),
    _cookie("s_text"),
    _cookie("s_hiding"),
    _cookie("s_posing"),
    _cookie("s_data"),
    _cookie("s_clicked"),
    _cookie("s_typed"),
    Plant(kind=Kind.LOCAL_STORAGE, name="blank_item"),
    Plant(kind=Kind.LOCAL_STORAGE, name="bound_item"),
    Plant(kind=Kind.HISTORY_STATE, name="navigation.state"),
    Plant(kind=Kind.LOCAL_STORAGE, name="ls_item"),
    Plant(kind=Kind.LOCAL_STORAGE, name="ls_property"),
    Plant(kind=Kind.LOCAL_STORAGE, name="ls_called"),
    Plant(kind=Kind.LOCAL_STORAGE, name="written_item", setter="cdn.test/written.js"),
    Plant(kind=Kind.LOCAL_STORAGE, name="fr_item", host="frame.test", setter=FRAME),
    Plant(kind=Kind.SESSION_STORAGE, name="ss_item"),
    Plant(kind=Kind.SESSION_STORAGE, name="module_item", setter="cdn.test/module.js"),
    Plant(kind=Kind.INDEXED_DB, name="idb_base"),
    Plant(kind=Kind.INDEXED_DB, name="worker_base", setter=WORKER, set_by=SetBy.WORKER),
    Plant(kind=Kind.CACHE, name="cache_box"),
    Plant(kind=Kind.FILE_SYSTEM, name="/"),
    Plant(kind=Kind.SERVICE_WORKER, name="/service.js"),
    Plant(kind=Kind.WINDOW_NAME, name="window.name"),
    Plant(kind=Kind.HISTORY_STATE, name="history.state"),
    _far(Kind.ETAG, "/etag.gif", "tracker.test/etag.gif", HEADER),
    _far(Kind.PIXEL, "/pixel.gif", LIB),
    _far(Kind.PIXEL, "/background.png", SHEET, MARKUP),
    _far(Kind.PIXEL, "/first-hop.gif", PAGE, MARKUP),
    _far(
        Kind.PIXEL, "/second-hop.gif", "tracker.test/first-hop.gif", SetBy.REDIRECT, host="ads.test"
    ),
    _far(Kind.PIXEL, "/nested.gif", "ads.test/nested"),
    _far(Kind.PIXEL, "/lazy.gif", PAGE, MARKUP, after_ms=300),
    _far(Kind.PIXEL, "/collect.gif", PAGE, MARKUP, host="metrics.school.test"),
    _far(Kind.FONT, "/letters.woff2", SHEET, MARKUP, host="cdn.test"),
    _far(Kind.STYLE, "/theme.css", PAGE, MARKUP, host="cdn.test"),
    _far(Kind.MEDIA, "/film.mp4", PAGE, MARKUP, host="cdn.test"),
    _far(Kind.SCRIPT, "/lib.js", PAGE, MARKUP, host="cdn.test"),
    _far(Kind.SCRIPT, "/written.js", PAGE, host="cdn.test"),
    _far(Kind.SCRIPT, "/module.js", host="cdn.test"),
    _far(Kind.IFRAME, "/frame", PAGE, MARKUP, host="frame.test"),
    _far(Kind.IFRAME, "/nested", FRAME, MARKUP, host="ads.test"),
    _far(Kind.IFRAME, "/form"),
    _far(Kind.PREFETCH, "/prefetched", PAGE, MARKUP),
    _far(Kind.PRECONNECT, "warm.test", PAGE, MARKUP, host="warm.test"),
    _far(Kind.PRECONNECT, "warmed.test", host="warmed.test"),
    _far(Kind.OTHER, "/icon.png", PAGE, MARKUP),
    _far(Kind.BEACON, "/beacon"),
    _far(Kind.BEACON, "/hidden", after_ms=1000),
    _far(Kind.FETCH, "/kept-alive"),
    _far(Kind.FETCH, "/asked"),
    _far(Kind.FETCH, "/from-worker", WORKER, SetBy.WORKER),
    _far(Kind.FETCH, "/from-blob", OWN, SetBy.WORKER),
    _far(Kind.FETCH, "/from-service", SERVICE, SetBy.WORKER),
    _far(Kind.FETCH, "/from-shared", "school.test/js/shared.js", SetBy.WORKER),
    _far(Kind.BEACON, "/gone", after_ms=1000),
    _far(Kind.BEACON, "/reports", PAGE, HEADER),
    _far(Kind.EVENT_STREAM, "/stream"),
    _far(Kind.WEB_SOCKET, "/socket"),
    _far(Kind.WEB_RTC, "stun:stun.test:3478", host="stun.test"),
    _cookie("rej_cookie", CONSENT, step=Step.REJECT, state=State.REJECTED),
    _cookie("acc_cookie", CONSENT, step=Step.ACCEPT, state=State.ACCEPTED),
    _cookie("gpc_cookie", step=Step.GPC, state=State.SIGNALLED),
    _cookie("wd_cookie", CONSENT, step=Step.WITHDRAW, state=State.WITHDRAWN),
    _cookie("route_cookie", CONSENT, step=Step.ROUTE, after_ms=1000),
    _far(Kind.PIXEL, "/route.gif", CONSENT, step=Step.ROUTE, after_ms=1000),
    _cookie("in_cookie", CONSENT, step=Step.SIGNED_IN),
    _cookie("course_cookie", "school.test/course", HEADER, step=Step.COURSE),
)
STEPS = (
    Step.NO_ACTION, Step.REJECT, Step.ACCEPT, Step.ONLY_TARGETING, Step.GPC, Step.WITHDRAW,
    Step.ROUTE, Step.SIGNED_IN, Step.COURSE,
)  # fmt: skip


@pytest.fixture(scope="module")
def report() -> Iterator[Report]:
    from privet.consent.scan.service import scan_site

    with serve() as port:
        yield scan_site(order=order_for(port, *STEPS), registry=read_registry([REGISTRY]))


@pytest.fixture(scope="module")
def blocked() -> Iterator[Report]:
    from privet.consent.scan.service import scan_site

    with serve() as port:
        order = order_for(port, Step.NO_ACTION, third_party_cookies=(False,))
        yield scan_site(order=order, registry=read_registry([REGISTRY]))


def _without_port(url: str) -> str:
    host, _, path = url.partition("://")[2].partition("/")
    return f"{host.partition(':')[0]}/{path}"


def _one(report: Report, plant: Plant) -> Found:
    found = [
        one
        for one in report.found
        if (one.step, one.kind, one.name, one.domain, one.decision_state)
        == (plant.step, plant.kind, plant.name, plant.host, plant.state)
    ]
    assert len(found) == 1, plant
    return found[0]


def test_each_step_was_driven_with_a_banner_that_was_seen(report: Report) -> None:
    assert [(run.step, run.was_driven, run.banner_visible) for run in report.runs] == [
        (step, True, True) for step in STEPS
    ]


@pytest.mark.parametrize("plant", PLANTS, ids=str)
def test_a_planted_way_is_found_with_its_setter_and_time(report: Report, plant: Plant) -> None:
    found = _one(report, plant)
    assert (_without_port(found.setter_script), found.set_by) == (plant.setter, plant.set_by)
    assert plant.after_ms <= found.first_seen_ms < LONGEST_MS


def test_nothing_is_reported_that_is_not_planted(report: Report) -> None:
    planted = {(one.kind, one.name, one.host) for one in PLANTS}
    others = {(one.kind, one.name, one.domain) for one in report.found} - planted
    assert others == {
        (Kind.LOCAL_STORAGE, "choice", "school.test"),
        (Kind.COOKIE, "perf_cookie", "school.test"),
        (Kind.PIXEL, "/etag.gif", "tracker.test"),
    }


def test_a_script_behind_a_script_stands_in_the_stack(report: Report) -> None:
    found = _one(report, _cookie("lib_id", LIB))
    assert found.setter_stack[0].startswith("mark http://cdn.test")


def test_a_lifetime_is_told_as_declared_and_as_chromium_keeps_it(report: Report) -> None:
    found = _one(report, _cookie("h_long", PAGE, HEADER))
    assert (found.lifetime_declared, found.lifetime_effective) == ("P730D", "P400D")


def test_what_scripts_cannot_read_is_marked(report: Report) -> None:
    assert _one(report, _cookie("h_only", PAGE, HEADER)).http_only


def test_a_partitioned_cookie_names_its_partition(report: Report) -> None:
    assert _one(report, _cookie("s_chips")).partition_key


def test_a_subdomain_that_is_somebody_elses_is_a_third_party(report: Report) -> None:
    found = _one(report, _far(Kind.PIXEL, "/collect.gif", host="metrics.school.test"))
    assert (found.party, found.canonical) == ("third", "edge.tracker.test")


def test_a_third_partys_cookie_is_kept_only_where_the_browser_allows_it(
    report: Report, blocked: Report
) -> None:
    plant = _cookie("trk", host="tracker.test")
    assert _one(report, plant).blocked == ""
    assert _one(blocked, plant).blocked == "UserPreferences"


def test_what_nobody_registered_is_drift(report: Report) -> None:
    assert DriftKind.UNREGISTERED in _one(report, _cookie("s_cookie")).drift


def test_what_is_registered_and_right_is_no_drift(report: Report) -> None:
    assert _one(report, _cookie("h_only", PAGE, HEADER)).drift == ()


def test_a_cookie_that_outlives_its_entry_is_drift(report: Report) -> None:
    assert _one(report, _cookie("h_long", PAGE, HEADER)).drift == (DriftKind.WRONG_LIFETIME,)


def test_a_cookie_of_a_category_that_was_not_chosen_is_drift(report: Report) -> None:
    step, state = Step.ONLY_TARGETING, State.ONLY_TARGETING
    assert _one(report, _cookie("perf_cookie", step=step, state=state)).drift == (
        DriftKind.WRONG_CATEGORY,
    )
    assert _one(report, _cookie("acc_cookie", step=step, state=state)).drift == ()


def test_a_cookie_that_outlasts_the_withdrawal_is_drift(report: Report) -> None:
    plant = _cookie("acc_cookie", step=Step.WITHDRAW, state=State.ACCEPTED)
    assert _one(report, plant).drift == (DriftKind.AFTER_WITHDRAWAL,)
    allowed = _cookie("acc_cookie", step=Step.ACCEPT, state=State.ACCEPTED)
    assert _one(report, allowed).drift == ()
