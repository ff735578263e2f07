"""The detail of each act's row: the catalogue's fields as JSON, many rows at a time."""

import json
from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from privet.simulate.acts import NO_PAGE, PAGE_STEP, Kind, Page
from privet.simulate.content import (
    ADVERTISEMENTS,
    CONTROLS,
    ERRORS,
    EXPERIMENT,
    LINKS,
    OUTSIDE_TARGET,
    SEARCH_WORDS,
    VARIANTS,
)
from privet.simulate.platform import Platform
from privet.simulate.population import MODES
from privet.simulate.randomness import Array, fractions, mix

OPTIONS = 4
"""Every problem offers so many answers; which one is right is the problem's own."""
_TTFB, _FCP, _CLS, _INP, _LOAD, _WIDTH, _ANSWER = range(1, 8)


def pick(values: list[str] | list[str | None], index: Array) -> pa.Array:
    """The values at some places."""
    return pa.array(values, pa.string()).take(pa.array(index.astype(np.int64)))


def number(values: Array, decimals: int = 0) -> pa.Array:
    """Numbers as JSON writes them."""
    if decimals == 0:
        return pa.array(np.rint(values).astype(np.int64)).cast(pa.string())
    return pa.array(np.round(values.astype(np.float64), decimals)).cast(pa.string())


def join(*parts: pa.Array | str) -> pa.Array:
    """Texts put end to end, row by row."""
    return pc.binary_join_element_wise(*parts, "")


class Details:
    """Writes the details of one platform's acts."""

    def __init__(self, platform: Platform) -> None:
        self._courses = platform.courses
        self._tables = _Parts(platform)
        self._writers: dict[Kind, Callable[[Array], pa.Array]] = {
            Kind.PAGE_VIEW: self._page_view, Kind.PAGE_LEAVE: self._page_leave,
            Kind.LINK_CLICK: self._link_click, Kind.PAGE_TIMING: self._page_timing,
            Kind.PROBLEM_CHECK: self._problem_check, Kind.SHOWANSWER: self._showanswer,
            Kind.SEEK_VIDEO: self._seek, Kind.SPEED_CHANGE: self._speed,
            Kind.CERTIFICATE: self._certificate, Kind.CERTIFICATE_SHARED: self._certificate,
        }  # fmt: skip
        for kind, texts in _CONSTANT.items():
            self._writers[kind] = _constant(texts)
        for kind in (Kind.LOAD_VIDEO, Kind.PLAY_VIDEO, Kind.PAUSE_VIDEO, Kind.STOP_VIDEO,
                     Kind.SHOW_TRANSCRIPT):  # fmt: skip
            self._writers[kind] = self._video
        for kind in (Kind.ENROLLED, Kind.UNENROLLED, Kind.MODE_CHANGED):
            self._writers[kind] = self._enrolment
        for kind, thread in ((Kind.THREAD, True), (Kind.RESPONSE, False), (Kind.COMMENT, False)):
            self._writers[kind] = self._thread if thread else self._post

    def write(self, kind: Kind, acts: Array) -> pa.Array:
        """The details of acts of one kind, as JSON objects in canonical form."""
        return self._writers[kind](acts)

    def objects(self, kind: Kind, acts: Array) -> pa.Array:
        """With what each act was done: the block of a problem or a video, or the page's mark."""
        if kind in (Kind.PROBLEM_CHECK, Kind.SHOWANSWER):
            return self._tables.problem_keys(acts)
        if Kind.LOAD_VIDEO <= kind <= Kind.SHOW_TRANSCRIPT:
            return self._tables.video_keys(acts)
        if kind is Kind.LINK_CLICK:
            return pick([link.object for link in LINKS], acts["item"])
        return pa.repeat(pa.scalar(""), len(acts))

    def problem_names(self, acts: Array) -> pa.Array:
        """The names of the problems of acts, as the platform's forms have them."""
        return self._tables.problem_names(acts)

    def paths(self, pages: Array) -> pa.Array:
        """The paths of pages, given as ``course·10⁷ + page number``; null for none."""
        wanted, place = np.unique(pages, return_inverse=True)
        return pick([self._path(int(page)) for page in wanted], place.ravel())

    def _path(self, page: int) -> str | None:
        course, rest = divmod(page, COURSE_STEP)
        if rest < 0 or page < 0:
            return None
        kind, unit = divmod(rest, PAGE_STEP)
        base = f"/courses/{self._courses[course].slug}"
        return {
            Page.HOME: "/", Page.COURSES: "/courses", Page.SEARCH: "/search", Page.COURSE: base,
            Page.UNIT: f"{base}/units/{unit}", Page.FORUM: f"{base}/forum",
            Page.PROGRESS: f"{base}/progress",
        }[Page(kind)]  # fmt: skip

    def _page_view(self, acts: Array) -> pa.Array:
        previous = acts["a"].astype(np.int64)
        course = np.maximum(acts["course"], 0).astype(np.int64)
        number_of_page = np.where(previous == NO_PAGE, -1, course * COURSE_STEP + previous)
        before = pc.fill_null(join(',"previous":"', self.paths(number_of_page), '"'), "")
        widths = np.rint(3 + 16 * fractions(acts["learner"], _WIDTH)) * 100
        language = pick(["en", "es", "en", "en"], acts["learner"] % 4)
        return join(
            '{"title":"', self._page_titles(acts), '","order":', number(acts["item"]), before,
            ',"route":"load","language":"', language, '","viewport_width":', number(widths), "}",
        )  # fmt: skip

    def _page_titles(self, acts: Array) -> pa.Array:
        course = np.maximum(acts["course"], 0).astype(np.int64)
        at = course * COURSE_STEP + acts["page"].astype(np.int64) * PAGE_STEP + acts["unit"]
        wanted, place = np.unique(at, return_inverse=True)
        return pick([self._title(int(page)) for page in wanted], place.ravel())

    def _title(self, page: int) -> str:
        """A page's title as it stands inside a JSON string."""
        course = self._courses[page // COURSE_STEP]
        kind, unit = divmod(page % COURSE_STEP, PAGE_STEP)
        title = {
            Page.HOME: "Home", Page.COURSES: "Courses", Page.SEARCH: "Search",
            Page.COURSE: course.title, Page.UNIT: course.units[max(0, unit - 1)].title,
            Page.FORUM: f"Forum of {course.title}", Page.PROGRESS: "Progress",
        }[Page(kind)]  # fmt: skip
        return json.dumps(title)[1:-1]

    def _page_leave(self, acts: Array) -> pa.Array:
        return join('{"visible_seconds":', number(acts["a"], 1), ',"scrolled":',
                    number(acts["b"], 2), "}")  # fmt: skip

    def _link_click(self, acts: Array) -> pa.Array:
        to = acts["a"].astype(np.int64)
        course = np.maximum(acts["course"], 0).astype(np.int64)
        inside = self.paths(np.where(to == NO_PAGE, -1, course * COURSE_STEP + to))
        tail = [
            f'","text":{json.dumps(link.text)},"place":{json.dumps(link.place)}}}' for link in LINKS
        ]
        target = pc.fill_null(inside, OUTSIDE_TARGET)
        return join('{"target":"', target, pick(tail, acts["item"]))

    def _page_timing(self, acts: Array) -> pa.Array:
        paint = acts["a"].astype(np.float64)
        ids = acts["id"]
        first = paint * (0.15 + 0.25 * fractions(ids, _TTFB))
        content = first + (paint - first) * (0.3 + 0.6 * fractions(ids, _FCP))
        shift = np.maximum(0.0, fractions(ids, _CLS) ** 4 * 0.4)
        wait = 30 + 60 * (1 / np.maximum(0.05, fractions(ids, _INP)) - 1)
        load = paint * (0.8 + 0.9 * fractions(ids, _LOAD))
        return join(
            '{"ttfb":', number(first), ',"fcp":', number(content), ',"lcp":', number(paint),
            ',"cls":', number(shift, 3), ',"inp":', number(wait), ',"load":', number(load), "}",
        )  # fmt: skip

    def _video(self, acts: Array) -> pa.Array:
        return join(self._video_head(acts), ',"currentTime":', number(acts["a"], 1), ',"duration":',
                    self._tables.video_seconds(acts), "}")  # fmt: skip

    def _seek(self, acts: Array) -> pa.Array:
        return join(
            self._video_head(acts), ',"duration":', self._tables.video_seconds(acts),
            ',"old_time":', number(acts["a"], 1), ',"new_time":', number(acts["b"], 1),
            ',"type":"onSlideSeek"}',
        )  # fmt: skip

    def _speed(self, acts: Array) -> pa.Array:
        return join(self._video_head(acts), ',"old_speed":', number(acts["a"], 2),
                    ',"new_speed":', number(acts["b"], 2), "}")  # fmt: skip

    def _video_head(self, acts: Array) -> pa.Array:
        return join('{"id":"', self._tables.video_keys(acts), '","code":"hls"')

    def _problem_check(self, acts: Array) -> pa.Array:
        is_right = acts["b"] > 0
        word = pick(["incorrect", "correct"], is_right)
        option = pick([f"choice_{n}" for n in range(OPTIONS)], choose_options(acts))
        name = self._tables.problem_names(acts)
        return join(
            '{"problem_id":"', self._tables.problem_keys(acts), '","grade":', number(acts["b"]),
            ',"max_grade":1,"success":"', word, '","attempts":', number(acts["a"]),
            ',"answers":{"', name, '_2_1":"', option, '"},"correct_map":{"', name,
            '_2_1":{"correctness":"', word, '"}}}',
        )  # fmt: skip

    def _showanswer(self, acts: Array) -> pa.Array:
        return join('{"problem_id":"', self._tables.problem_keys(acts), '"}')

    def _thread(self, acts: Array) -> pa.Array:
        kinds = pick(["discussion", "question"], acts["item"])
        return join(self._post_head(acts), ',"thread_type":"', kinds, '","length":',
                    number(acts["a"]), "}")  # fmt: skip

    def _post(self, acts: Array) -> pa.Array:
        return join(self._post_head(acts), ',"length":', number(acts["a"]), "}")

    def _post_head(self, acts: Array) -> pa.Array:
        return join('{"id":"', number((mix(acts["id"], 5) >> np.uint64(24)).astype(np.int64)),
                    '","category_id":"topic-', number(acts["b"] % 12), '"')  # fmt: skip

    def _enrolment(self, acts: Array) -> pa.Array:
        return join('{"course_id":"', self._tables.course_keys(acts), '","mode":"',
                    pick(list(MODES), acts["item"]), '"}')  # fmt: skip

    def _certificate(self, acts: Array) -> pa.Array:
        ids = number((mix(acts["learner"] * 4096 + acts["course"], 6) >> np.uint64(16)).astype(
            np.int64))  # fmt: skip
        return join('{"course_id":"', self._tables.course_keys(acts), '","certificate_id":"', ids,
                    '","enrollment_mode":"', pick(list(MODES), acts["item"]),
            '","generation_mode":"self"}')  # fmt: skip


COURSE_STEP = 10_000_000
"""A page of a course as one number: the course's place times this, plus the page's number."""


def choose_options(acts: Array) -> Array:
    """Which option each answer chose: the right one, or mostly the problem's own distractor."""
    problem = mix(acts["item"].astype(np.int64) * 4096 + acts["course"], 9)
    right = (problem % np.uint64(OPTIONS)).astype(np.int64)
    favourite = 1 + ((problem >> np.uint64(8)) % np.uint64(OPTIONS - 1)).astype(np.int64)
    drawn = fractions(acts["id"], _ANSWER)
    other = 1 + (drawn * 997 % (OPTIONS - 1)).astype(np.int64)
    wrong = (right + np.where(drawn < 0.5, favourite, other)) % OPTIONS
    return np.where(acts["b"] > 0, right, wrong)


class _Parts:
    """The ids of problems, videos and courses, for acts of many courses at once."""

    def __init__(self, platform: Platform) -> None:
        courses = platform.courses
        self._keys = [course.key for course in courses]
        problems = [[(c.usage_key("problem", p), p) for p in c.problems] for c in courses]
        videos = [[(c.usage_key("video", v.id), f"{v.seconds:g}") for v in c.videos]
                  for c in courses]  # fmt: skip
        self._first_problem = np.cumsum([0, *(len(some) for some in problems)])
        self._first_video = np.cumsum([0, *(len(some) for some in videos)])
        self._problems = [one for some in problems for one in some]
        self._videos = [one for some in videos for one in some]

    def course_keys(self, acts: Array) -> pa.Array:
        return pick(self._keys, acts["course"])

    def problem_keys(self, acts: Array) -> pa.Array:
        return pick([key for key, _ in self._problems], self._problem(acts))

    def problem_names(self, acts: Array) -> pa.Array:
        return pick([name for _, name in self._problems], self._problem(acts))

    def video_keys(self, acts: Array) -> pa.Array:
        return pick([key for key, _ in self._videos], self._video(acts))

    def video_seconds(self, acts: Array) -> pa.Array:
        return pick([seconds for _, seconds in self._videos], self._video(acts))

    def _problem(self, acts: Array) -> Array:
        found: Array = self._first_problem[acts["course"]] + acts["item"]
        return found

    def _video(self, acts: Array) -> Array:
        found: Array = self._first_video[acts["course"]] + acts["item"]
        return found


def _constant(texts: list[str]) -> Callable[[Array], pa.Array]:
    return lambda acts: pick(texts, acts["item"])


def _json(**fields: object) -> str:
    return json.dumps(fields, separators=(",", ":"))


_CONSTANT: dict[Kind, list[str]] = {
    Kind.CONTROL_USE: [_json(control=c.control, role=c.role, place=c.place) for c in CONTROLS],
    Kind.PAGE_ERROR: [
        _json(message=e.message, script=e.script, line=e.line, column=e.column, stack=e.stack)
        for e in ERRORS
    ],
    Kind.EXPERIMENT_SEEN: [_json(experiment=EXPERIMENT, variant=name) for name in VARIANTS],
    Kind.AD_SEEN: [_json(ad=a.ad, slot=a.slot, advertiser=a.advertiser) for a in ADVERTISEMENTS],
    Kind.AD_CLICK: [_json(ad=a.ad, slot=a.slot, advertiser=a.advertiser) for a in ADVERTISEMENTS],
    Kind.LOGIN: [_json(method="password", outcome=word) for word in ("success", "failure")],
    Kind.LOGOUT: [_json(method="button", outcome="success")],
    Kind.ACCOUNT: [_json(method="form", outcome="success")],
    Kind.SEARCH: [_json(search_string=w, page_size=50, page_number=1) for w in SEARCH_WORDS],
}
