"""The order of pages and what is used on them, put to a real lake."""

from dataclasses import replace

from privet.catalogue.uses import Use
from privet.events.query import Scope
from privet.events.service import withhold
from privet.insight.paths import show_paths, show_ways
from tests.insight.scenes import QUESTION, Scene, shown, subject_of

HOME, UNIT = "/courses/hedges/learn", "/courses/hedges/units/1"
HOME_KIND, UNIT_KIND = "/courses/*/learn", "/courses/*/units/1"


def _walk(scene: Scene, learner: int, *pages: str, begin: float = 0, **more: str) -> None:
    """Open pages one after another, each seen for a minute and scrolled half."""
    previous = ""
    for place, page in enumerate(pages):
        minute = begin + 2 * place
        scene.act(learner, "page_view", minute=minute, page=page, order=place + 1,
                  previous=previous, **more)  # type: ignore[arg-type]  # fmt: skip
        scene.act(learner, "page_leave", minute=minute + 1, page=page, visible_seconds=60.0,
                  scrolled=0.5, **more)  # type: ignore[arg-type]  # fmt: skip
        previous = page


def test_flows_tell_which_page_followed_which_at_which_step(scene: Scene) -> None:
    for learner in range(12):
        _walk(scene, learner, "/", HOME, UNIT)
    scene.load()
    found = {(one.step, one.previous, one.page): one for one in show_paths(QUESTION).steps}
    assert set(found) == {(2, "/", HOME_KIND), (3, HOME_KIND, UNIT_KIND)}
    assert found[2, "/", HOME_KIND].learners == shown(range(12))


def test_pages_of_two_courses_are_of_one_kind(scene: Scene) -> None:
    for learner in range(8):
        _walk(scene, learner, f"/courses/course-{learner % 2}/units/1")
    scene.load()
    (page,) = show_paths(QUESTION).pages
    assert (page.page, page.learners) == (UNIT_KIND, shown(range(8)))


def test_long_numbers_in_a_path_are_no_pages_of_their_own(scene: Scene) -> None:
    for learner in range(6):
        _walk(scene, learner, f"/courses/hedges/forum/{learner}")
        _walk(scene, learner, f"/certificates/0190a0b0c0d0e0f0{learner}", begin=60)
        _walk(scene, learner, f"/orders/12345{learner}", begin=120)
    scene.load()
    pages = {one.page for one in show_paths(QUESTION).pages}
    assert pages == {"/courses/*/forum/*", "/certificates/*", "/orders/*"}


def test_visits_end_where_no_further_page_followed(scene: Scene) -> None:
    for learner in range(40):
        _walk(scene, learner, HOME, UNIT) if learner < 20 else _walk(scene, learner, HOME)
    scene.load()
    found = {one.page: one for one in show_paths(QUESTION).pages}
    assert found[UNIT_KIND].entries == 0
    # Each did each thing once, so that the noise on sums stays near that on learners.
    assert abs(found[HOME_KIND].entries - 40) <= 6
    assert abs(found[HOME_KIND].exits - 20) <= 6
    assert abs(found[UNIT_KIND].exits - 20) <= 6


def test_a_page_was_seen_as_long_and_scrolled_as_far_as_it_was(scene: Scene) -> None:
    for learner in range(200):
        _walk(scene, learner, HOME)
    scene.load()
    (page,) = show_paths(QUESTION).pages
    assert page.seconds_each is not None
    assert page.depth_each is not None
    assert 50 < page.seconds_each < 70
    assert 0.4 < page.depth_each < 0.6


def test_a_page_that_nobody_left_in_sight_has_no_length(scene: Scene) -> None:
    for learner in range(9):
        scene.act(learner, "page_view", page=HOME, order=1)
    scene.load()
    (page,) = show_paths(QUESTION).pages
    assert (page.seconds_each, page.depth_each) == (None, None)


def _click(scene: Scene, learners: range, text: str, place: str, page: str = HOME) -> None:
    for learner in learners:
        scene.act(learner, "link_click", page=page, target=UNIT, text=text, place=place)


def test_links_and_controls_are_told_apart_on_one_page_and_added_up_over_all(scene: Scene) -> None:
    _click(scene, range(10), "Go on", "main")
    _click(scene, range(10, 20), "Unit 1", "nav")
    _click(scene, range(5), "Unit 1", "nav", page="/")
    for learner in range(7):
        scene.act(learner, "control_use", page=HOME, control="bookmark", role="button")
    scene.load()
    one = {(line.name, line.words, line.place): line.learners
           for line in show_paths(QUESTION, page=HOME_KIND).used}  # fmt: skip
    assert one == {
        ("link_click", "Go on", "main"): shown(range(10)),
        ("link_click", "Unit 1", "nav"): shown(range(10, 20)),
        ("control_use", "button", ""): shown(range(7)),
    }
    every = {(line.name, line.target): line.learners for line in show_paths(QUESTION).used}
    assert every == {
        ("link_click", UNIT_KIND): shown(range(20)),
        ("control_use", "bookmark"): shown(range(7)),
    }


def test_the_way_that_more_learners_use_stands_first(scene: Scene) -> None:
    _click(scene, range(30), "Go on", "main")
    _click(scene, range(30, 40), "Unit 1", "nav")
    _click(scene, range(9), "Elsewhere", "nav", page="/")
    for learner in range(40):
        _walk(scene, learner, HOME, UNIT, begin=5)
    scene.load()
    ways = show_ways(QUESTION, from_page=HOME_KIND, to_page=UNIT_KIND)
    assert [(way.words, way.place, way.learners) for way in ways.ways] == [
        ("Go on", "main", shown(range(30))),
        ("Unit 1", "nav", shown(range(30, 40))),
    ]
    assert ways.learners == shown(range(40))
    assert ways.clicks == sum(way.clicks for way in ways.ways) > 0
    assert (HOME_KIND, UNIT_KIND) in {(pair.previous, pair.page) for pair in ways.pairs}


def test_paths_can_be_narrowed_to_a_course_an_institution_and_a_device(scene: Scene) -> None:
    for learner in range(12):
        course, school = ("c1", "hedge") if learner < 6 else ("c2", "bramble")
        _walk(scene, learner, HOME, course=course, institution=school)
    scene.load()

    def counted(**narrowing: object) -> int:
        pages = show_paths(replace(QUESTION, **narrowing)).pages  # type: ignore[arg-type]
        return pages[0].learners

    assert counted(course="c1") == shown(range(6))
    assert counted(institution="bramble") == shown(range(6, 12))
    assert counted(further={"device": "mobile"}) == shown(range(1, 12, 2))
    assert counted(scope=Scope(institutions=frozenset({"hedge"}))) == shown(range(6))


def test_who_withdraws_is_in_no_path(scene: Scene) -> None:
    for learner in range(20):
        _walk(scene, learner, HOME, UNIT)
        scene.act(learner, "link_click", page=HOME, target=UNIT, text="Go on")
    scene.load()
    withhold(subjects=[subject_of(one) for one in range(10)], uses=Use.ANALYTICS, by="test")
    found = show_paths(QUESTION)
    left = shown(range(10, 20))
    assert {one.learners for one in (*found.pages, *found.steps, *found.pairs, *found.used)} == {
        left
    }
    ways = show_ways(QUESTION, from_page=HOME_KIND, to_page=UNIT_KIND)
    assert (ways.learners, ways.ways[0].learners) == (left, left)
