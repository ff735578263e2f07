"""Where learners come from, put to a real lake; and which sites are of which kind."""

import re
from datetime import date

import pytest

from privet.catalogue.uses import Use
from privet.events.service import withhold
from privet.insight.origin import Origin, OriginLine, show_origin
from privet.insight.origin_hosts import LISTED_ON, SEARCH_PATTERN, SOCIAL_PATTERN
from tests.insight.scenes import QUESTION, Scene, shown, subject_of

DAY = 24 * 60
ADS = Use.MARKETING | Use.SHARING


def _come(scene: Scene, learner: int, referrer: str = "", campaign: str = "", *,
          minute: float = 0, session: int = 0) -> None:  # fmt: skip
    session = session or learner * 10 + 1
    scene.act(learner, "page_view", minute=minute, session=session, page="/", order=1,
              referrer=referrer, campaign=campaign)  # fmt: skip
    # Only the first page of a visit tells from where it came.
    scene.act(learner, "page_view", minute=minute + 1, session=session, page="/courses", order=2,
              previous="/")  # fmt: skip


def _kinds(lines: tuple[OriginLine, ...]) -> dict[tuple[str, str], int]:
    return {(line.kind.value, line.name): line.learners for line in lines}


def test_each_visit_is_of_one_kind(scene: Scene) -> None:
    _ways = (
        ("www.google.com", ""), ("m.facebook.com", ""), ("blog.example", ""),
        ("www.google.com", "spring"), ("", ""),
    )  # fmt: skip
    for learner in range(50):
        _come(scene, learner, *_ways[learner % 5])
    scene.load()
    found = show_origin(QUESTION)
    names = ("search", "social", "site", "campaign", "direct")
    assert _kinds(found.kinds) == {
        (kind, ""): shown(range(place, 50, 5)) for place, kind in enumerate(names)
    }
    assert _kinds(found.hosts) == {
        ("search", "www.google.com"): shown(range(0, 50, 5)),
        ("social", "m.facebook.com"): shown(range(1, 50, 5)),
        ("site", "blog.example"): shown(range(2, 50, 5)),
    }
    assert _kinds(found.campaigns) == {("campaign", "spring"): shown(range(3, 50, 5))}


def test_who_came_in_two_ways_counts_at_both(scene: Scene) -> None:
    for learner in range(10):
        _come(scene, learner, "duckduckgo.com")
        _come(scene, learner, minute=DAY, session=learner * 10 + 2)
    scene.load()
    found = {line.kind: line.learners for line in show_origin(QUESTION).kinds}
    assert found == {Origin.SEARCH: shown(range(10)), Origin.DIRECT: shown(range(10))}


def test_an_enrolment_counts_for_the_ways_before_it(scene: Scene) -> None:
    for learner in range(20):
        _come(scene, learner, "duckduckgo.com")
        scene.act(learner, "edx.course.enrollment.activated", minute=DAY + 5, mode="audit",
                  uses=Use.INSTRUCTION | Use.ANALYTICS)  # fmt: skip
        _come(scene, learner, "t.co", minute=2 * DAY, session=learner * 10 + 2)
    scene.load()
    found = {line.kind: line.enrolled for line in show_origin(QUESTION).kinds}
    assert found == {Origin.SEARCH: shown(range(20)), Origin.SOCIAL: 0}


def test_advertisements_are_read_under_marketing_alone(scene: Scene) -> None:
    for learner in range(30):
        scene.act(learner, "ad_seen", uses=ADS, ad="guide", slot="top", advertiser="Books")
        if learner < 12:
            scene.act(learner, "ad_click", minute=1, uses=ADS, ad="guide", slot="top",
                      advertiser="Books")  # fmt: skip
    scene.load()
    (line,) = show_origin(QUESTION).ads
    assert (line.ad, line.slot, line.advertiser) == ("guide", "top", "Books")
    assert (line.learners, line.followers) == (shown(range(30)), shown(range(12)))
    assert line.response == line.followers / line.learners
    withhold(subjects=[subject_of(one) for one in range(30)], uses=Use.MARKETING, by="test")
    assert show_origin(QUESTION).ads == ()


def test_whose_advertisements_are_hidden_is_still_seen_to_come(scene: Scene) -> None:
    for learner in range(10):
        _come(scene, learner, "t.co")
    scene.load()
    withhold(subjects=[subject_of(one) for one in range(10)], uses=Use.MARKETING, by="test")
    assert show_origin(QUESTION).kinds[0].learners == shown(range(10))


@pytest.mark.parametrize(
    "host",
    ["google.com", "www.google.co.uk", "bing.com", "de.search.yahoo.com", "search.brave.com"],
)
def test_search_engines_of_many_countries_are_known(host: str) -> None:
    assert re.search(SEARCH_PATTERN, host)
    assert not re.search(SOCIAL_PATTERN, host)


@pytest.mark.parametrize(
    "host", ["facebook.com", "l.facebook.com", "t.co", "x.com", "www.reddit.com"]
)
def test_social_sites_are_known_with_their_parts(host: str) -> None:
    assert re.search(SOCIAL_PATTERN, host)
    assert not re.search(SEARCH_PATTERN, host)


@pytest.mark.parametrize(
    "host", ["netflix.com", "notgoogle.com", "cat.co", "google.example.org", ""]
)
def test_names_that_only_look_alike_are_other_sites(host: str) -> None:
    assert not re.search(SEARCH_PATTERN, host)
    assert not re.search(SOCIAL_PATTERN, host)


def test_the_list_says_how_old_it_is() -> None:
    assert date(2026, 1, 1) <= LISTED_ON
