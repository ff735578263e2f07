"""What is recorded of pages, links, controls, videos and errors, and what never is."""

import json
from collections import Counter

from playwright.sync_api import Page

from privet.catalogue.registry import EVENTS
from privet.catalogue.spec import Origin
from tests.journeys.sdk.conftest import Opener
from tests.journeys.sdk.eventually import arrived, eventually, leave
from tests.journeys.sdk.site import Site

PERFORMANCE, FUNCTIONALITY, TARGETING = 1, 2, 4
PAINTED = """new Promise((go) => new PerformanceObserver(() => setTimeout(go))
  .observe({type: 'largest-contentful-paint', buffered: true}))"""


def finish(page: Page, site: Site, *, pages: int = 1) -> None:
    """Leave the page, and wait for the last that each of the pages handed over."""
    leave(page)
    arrived(page, site, pages=pages)


def test_each_page_of_a_visit_is_told_in_order(site: Site, open_page: Opener) -> None:
    page = open_page("/course/a?utm_campaign=spring&email=alice@example.com", choices=PERFORMANCE)
    page.goto(site.address + "/course/b")
    finish(page, site, pages=2)
    first, second = site.named("page_view")
    assert (first["page"], first["campaign"], first["data"]["order"]) == ("/course/a", "spring", 1)
    assert (second["data"]["order"], second["session"]) == (2, first["session"])
    assert "alice" not in str(site.batches)


def test_a_route_changed_in_place_is_a_page(site: Site, open_page: Opener) -> None:
    page = open_page(choices=PERFORMANCE)
    page.evaluate("history.pushState({}, '', '/course/b?q=1'); document.title = 'Unit B'")
    page.evaluate("history.replaceState({}, '', '/course/b?q=2')")
    page.go_back()
    page.wait_for_function("location.pathname === '/course/a'")
    page.evaluate("location.hash = '#/unit/3'")
    page.evaluate("location.hash = '#access_token=secret'")
    finish(page, site, pages=5)
    views = site.named("page_view")
    assert [view["page"] for view in views] == [
        "/course/a",
        "/course/b",
        "/course/a",
        "/course/a#/unit/3",
        "/course/a",
    ]
    assert [view["data"]["order"] for view in views] == [1, 2, 3, 4, 5]
    assert views[1]["data"]["title"] == "Unit B"
    assert views[1]["data"]["route"] == "route"
    assert views[1]["data"]["previous"] == "/course/a"
    assert len(site.named("page_leave")) == 5
    assert "secret" not in str(site.batches)


def test_leaving_tells_how_long_and_how_far(site: Site, open_page: Opener) -> None:
    site.body = '<div class="far"></div>'
    page = open_page(choices=PERFORMANCE, viewport={"width": 800, "height": 600})
    page.mouse.wheel(0, 900)
    page.wait_for_function("scrollY >= 890")
    page.wait_for_timeout(500)  # In sight at least so long; longer does no harm.
    finish(page, site)
    [left] = site.named("page_leave")
    assert left["data"]["visible_seconds"] >= 0.5
    assert 0.4 < left["data"]["scrolled"] < 0.9


def test_a_link_is_told_without_its_query(site: Site, open_page: Opener) -> None:
    site.body = (
        '<nav id="menu"><p data-privet-object="block-7">'
        '<a href="https://other.example/p?token=secret#x" rel="nofollow">Read  more</a></p></nav>'
    )
    page = open_page(choices=PERFORMANCE)
    page.evaluate("addEventListener('click', (event) => event.preventDefault())")
    page.get_by_role("link", name="Read more").click()
    finish(page, site)
    [click] = site.named("link_click")
    assert click["data"] == {
        "target": "https://other.example/p",
        "text": "Read more",
        "place": "nav#menu",
        "rel": "nofollow",
    }
    assert click["object"] == "block-7"


def test_controls_are_told_and_what_is_typed_never_is(site: Site, open_page: Opener) -> None:
    site.body = """
      <form id="answers" onsubmit="return false">
        <input name="motto" value=""><textarea name="essay"></textarea>
        <select name="speed"><option>slow</option><option>quick</option></select>
        <label><input type="checkbox" id="agree">I agree</label>
        <div contenteditable id="draft">draft</div>
        <button type="button">Check <span>answer</span></button>
        <details><summary>Hint</summary>x</details>
      </form>"""
    page = open_page(choices=PERFORMANCE)
    page.locator("[name=motto]").fill("hunter2-typed")
    page.locator("[name=essay]").fill("essay-typed")
    page.locator("[name=speed]").select_option("quick")
    page.locator("#agree").check()
    page.locator("#draft").fill("draft-typed")
    page.get_by_role("button", name="Check answer").click()
    page.locator("summary").click()
    finish(page, site)
    used = [
        (event["data"]["control"], event["data"]["role"]) for event in site.named("control_use")
    ]
    assert sorted(used) == [
        ("Check answer", "button"),
        ("Hint", "summary"),
        ("agree", "checkbox"),
        ("essay", "textarea"),
        ("motto", "input"),
        ("speed", "select"),
    ]
    assert site.named("control_use")[0]["data"]["place"] == "form#answers"
    for typed in ("typed", "quick", "draft"):
        assert typed not in str(site.batches)


def test_what_the_page_asks_to_be_ignored_is(site: Site, open_page: Opener) -> None:
    site.body = '<div data-privet-ignore><button>Private</button><a href="#x">Secret</a></div>'
    page = open_page(choices=PERFORMANCE)
    page.get_by_role("button", name="Private").click()
    page.get_by_role("link", name="Secret").click()
    page.get_by_role("button", name="Your privacy").click()
    page.get_by_role("button", name="Close").click()
    finish(page, site)
    assert site.named("control_use") == site.named("link_click") == []


def test_an_error_is_told_without_what_was_typed(site: Site, open_page: Opener) -> None:
    site.body = '<input id="name">'
    page = open_page(choices=PERFORMANCE)
    page.locator("#name").fill("Alice Adams")
    thrown: list[object] = []
    page.on("pageerror", lambda error: thrown.append(str(error)))
    page.evaluate(
        "setTimeout(function inner() {"
        " throw new TypeError('No user named Alice Adams in \"x y\"') })"
    )
    page.evaluate("void Promise.reject(new Error('rejected'))")
    page.evaluate("void Promise.reject('Alice said so')")
    eventually(page, lambda: len(thrown) == 3)
    finish(page, site)
    told = [event["data"]["message"] for event in site.named("page_error")]
    assert sorted(told) == ["Error: rejected", "TypeError: No user named … in …", "string"]
    assert "Alice" not in str(site.batches)
    assert "inner" in str([event["data"].get("stack") for event in site.named("page_error")])


def test_the_page_is_timed_once(site: Site, open_page: Opener) -> None:
    page = open_page(choices=PERFORMANCE)
    page.evaluate(PAINTED)
    finish(page, site)
    [timing] = site.named("page_timing")
    assert {"ttfb", "fcp", "lcp", "load"} <= timing["data"].keys()
    assert all(value >= 0 for value in timing["data"].values())


def test_videos_are_told_in_the_words_of_open_edx(site: Site, open_page: Opener) -> None:
    site.body = '<video data-privet-video="v1"></video><video id="other"></video>'
    page = open_page(choices=PERFORMANCE)
    # There is no film here, so what a player would do is played out.
    page.evaluate("""async () => {
      const [video, other] = document.querySelectorAll('video');
      const set = (name, value) => Object.defineProperty(video, name, {value, configurable: true});
      const fire = (type) => {
        for (const one of [video, other]) one.dispatchEvent(new Event(type)); };
      set('duration', 60); set('currentTime', 0); set('seeking', false); fire('loadedmetadata');
      fire('play'); set('currentTime', 10); fire('timeupdate');
      set('currentTime', 40); fire('seeked');
      video.playbackRate = 1.5; fire('ratechange');
      fire('pause'); set('ended', true); fire('pause'); fire('ended');
      const track = video.addTextTrack('captions');
      const changed = new Promise((go) => video.textTracks.addEventListener('change', go));
      track.mode = 'showing';
      await changed;
    }""")
    finish(page, site)
    told = {e["name"]: e["data"] for e in site.events if "video" in e["name"]}
    assert list(told)
    assert set(told) == {
        "load_video",
        "play_video",
        "seek_video",
        "speed_change_video",
        "pause_video",
        "stop_video",
        "edx.video.closed_captions.shown",
    }
    assert told["seek_video"] == {
        "id": "v1",
        "currentTime": 40,
        "duration": 60,
        "old_time": 10,
        "new_time": 40,
        "type": "onSlideSeek",
        **_code(told["seek_video"]),
    }
    assert told["speed_change_video"]["old_speed"] == 1
    assert told["speed_change_video"]["new_speed"] == 1.5
    assert len(site.named("pause_video")) == 1


def test_a_film_that_already_runs_when_its_watching_begins_is_told_as_playing(
    site: Site, open_page: Opener
) -> None:
    site.body = '<canvas width="64" height="64"></canvas><video data-privet-video="v1"></video>'
    page = open_page()
    page.evaluate("""async () => {
      const video = document.querySelector('video');
      const canvas = document.querySelector('canvas');
      const pen = canvas.getContext('2d');
      setInterval(() => pen.fillRect(0, 0, Math.random() * 64, 64), 20);
      video.srcObject = canvas.captureStream();
      await video.play();
    }""")
    page.get_by_role("button", name="Accept all").click()
    page.wait_for_function("() => privet.decision?.choices > 0")
    page.evaluate("""async () => {
      const video = document.querySelector('video');
      const paused = new Promise((go) => video.addEventListener('pause', go));
      video.pause();
      await paused;
      await video.play();
    }""")
    finish(page, site)
    told = Counter(event["name"] for event in site.events if event["name"].endswith("_video"))
    assert told == {"load_video": 1, "play_video": 2, "pause_video": 1}


def test_advertisements_and_experiments_are_told_when_they_came_into_sight(
    site: Site, open_page: Opener
) -> None:
    site.body = """
      <div data-privet-ad="ad-1" data-privet-slot="top" data-privet-advertiser="Bramble">
        <button type="button">Buy</button></div>
      <p data-privet-experiment="intro" data-privet-variant="b">Welcome</p>
      <div class="far"></div><div data-privet-ad="ad-2">Far away</div>"""
    page = open_page(choices=PERFORMANCE | FUNCTIONALITY | TARGETING)
    page.get_by_role("button", name="Buy").click()
    eventually(page, lambda: site.named("ad_seen") and site.named("experiment_seen"))
    finish(page, site)
    [seen] = site.named("ad_seen")
    assert seen["data"] == {"ad": "ad-1", "slot": "top", "advertiser": "Bramble"}
    assert site.named("ad_click")[0]["data"]["ad"] == "ad-1"
    assert site.named("experiment_seen")[0]["data"] == {"experiment": "intro", "variant": "b"}


def test_a_pages_own_events_are_labelled(site: Site, open_page: Opener) -> None:
    site.attributes = 'data-course="course-v1:Hedge+S101+2026" data-institution="hedge-university"'
    page = open_page(choices=PERFORMANCE | FUNCTIONALITY)
    page.evaluate("privet.track('survey opened', {value: 2})")
    page.evaluate("privet.track('experiment_seen', {experiment: 'x', variant: 'y'})")
    finish(page, site)
    [custom] = site.named("custom")
    assert custom["data"] == {"label": "survey opened", "value": 2}
    assert (custom["course"], custom["institution"]) == (
        "course-v1:Hedge+S101+2026",
        "hedge-university",
    )
    assert len(site.named("experiment_seen")) == 1


def test_offline_events_wait_and_are_sent_once_by_a_later_page(
    site: Site, open_page: Opener
) -> None:
    page = open_page(choices=PERFORMANCE)
    eventually(page, lambda: site.named("page_view"))
    page.context.set_offline(True)
    page.evaluate("privet.track('offline')")
    page.evaluate("history.pushState({}, '', '/course/b')")
    page.wait_for_function("!navigator.onLine")
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    assert page.evaluate("localStorage.privet_queue.includes('offline')")
    page.context.set_offline(False)
    page.goto(site.address + "/course/c")
    eventually(page, lambda: [e for e in site.named("custom") if e["data"]["label"] == "offline"])
    finish(page, site, pages=3)
    assert len({event["id"] for event in site.named("custom")}) == 1


def test_a_collector_in_trouble_gets_the_same_ids_again(site: Site, open_page: Opener) -> None:
    site.collector_status = 503
    site.retry_after = "1"
    page = open_page(choices=PERFORMANCE)
    bodies: list[str] = []
    page.on(
        "request",
        lambda request: bodies.append(request.post_data or "") if "events" in request.url else None,
    )
    eventually(page, lambda: site.asked("/t/events") >= 2)
    site.collector_status = 200
    eventually(page, lambda: site.events)
    ids = [set(_ids(body)) for body in bodies[:2]]
    assert ids[0]
    assert ids[0] == ids[1]


def test_every_event_and_field_that_is_sent_is_in_the_catalogue(
    site: Site, open_page: Opener
) -> None:
    site.body = """
      <button>Press</button><a href="#x">Go</a><video data-privet-video="v"></video>
      <div data-privet-ad="a" data-privet-slot="s">Ad</div>"""
    page = open_page(choices=63)
    page.get_by_role("button", name="Press").click()
    page.get_by_role("link", name="Go").click()
    for happens in ("loadedmetadata", "play"):
        page.evaluate(f"document.querySelector('video').dispatchEvent(new Event('{happens}'))")
    page.evaluate("setTimeout(() => { throw new Error('x') })")
    page.evaluate("privet.track('y', {value: 1})")
    eventually(page, lambda: site.named("ad_seen"))
    finish(page, site)
    listed = {event.name: event for event in EVENTS.values() if event.origin is Origin.BROWSER}
    assert len({event["name"] for event in site.events}) >= 10
    for event in site.events:
        assert event["data"].keys() <= listed[event["name"]].by_name.keys(), event


def _code(data: dict[str, object]) -> dict[str, object]:
    return {"code": data["code"]} if "code" in data else {}


def _ids(body: str) -> list[str]:
    return [event["id"] for event in json.loads(body)["events"]]
