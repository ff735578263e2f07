"""From acts to lines of an Open edX tracking log, in the encodings that such logs really have.

The platform records what it records, whatever a learner decided: an import narrows it by what the
operator permits and by each learner's decision. What Open edX has no event for is left out: how
fast a page was, its faults, experiments, advertisements, controls, and the ends of sessions.
"""

from collections import Counter
from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from privet.simulate.acts import NAMES, Kind, Page
from privet.simulate.details import Details, choose_options, join, number, pick
from privet.simulate.devices import DEVICES
from privet.simulate.people import external_id
from privet.simulate.randomness import Array, fractions, mix
from privet.simulate.rows import Setting

HOST = "learn.simulated.example"
_PREFIXED = 0.02
"""Lines that a logger has put its own words before."""
_FIRST_USER = 1000
_PREFIX, _SESSION, _BROWSER = 21, 22, 23
_AS_OBJECT = (
    Kind.SHOWANSWER, Kind.THREAD, Kind.RESPONSE, Kind.COMMENT, Kind.ENROLLED, Kind.UNENROLLED,
    Kind.MODE_CHANGED, Kind.CERTIFICATE, Kind.CERTIFICATE_SHARED, Kind.SEARCH, Kind.PROBLEM_CHECK,
)  # fmt: skip
_AS_TEXT = (
    Kind.LOAD_VIDEO, Kind.PLAY_VIDEO, Kind.PAUSE_VIDEO, Kind.SEEK_VIDEO, Kind.STOP_VIDEO,
    Kind.SPEED_CHANGE, Kind.SHOW_TRANSCRIPT,
)  # fmt: skip
_FORM = r'"{\"POST\": {}, \"GET\": {}}"'
_REGISTRATION = "/user_api/v1/account/registration/"
_LOGIN = "/user_api/v1/account/login_session/"


class LineWriter:
    """Writes the lines of one population; `counts` says how many, by the importer's names."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._details = Details(setting.platform)
        self._addresses = [str(address) for address in setting.book.addresses()]
        courses = setting.platform.courses
        self._courses = [*(course.key for course in courses), ""]
        self._orgs = [*(_org_of(course.key) for course in courses), ""]
        self._agents = [device.agent for device in DEVICES]
        self.counts: Counter[str] = Counter()

    def write(self, acts: Array) -> list[str]:
        """The lines of acts, by time; each ends without a line end."""
        times, lines = [], []
        for kind in np.unique(acts["kind"]).tolist():
            for some, made in self._of_kind(Kind(kind), acts[acts["kind"] == kind]):
                times.append(some["time"])
                lines.append(made)
        if not lines:
            return []
        order = np.argsort(np.concatenate(times), kind="stable")
        found: list[str] = pa.concat_arrays(lines).take(pa.array(order)).to_pylist()
        return found

    def _of_kind(self, kind: Kind, acts: Array) -> list[tuple[Array, pa.Array]]:
        if kind in _AS_OBJECT:
            found = [(acts, self._line(acts, NAMES[kind], "server", self._object(kind, acts)))]
            return [*found, self._pressed(acts)] if kind is Kind.PROBLEM_CHECK else found
        if kind in _AS_TEXT:
            text = _quoted(self._details.write(kind, acts))
            return [(acts, self._line(acts, NAMES[kind], "browser", text))]
        special: dict[Kind, Callable[[Array], tuple[Array, pa.Array]]] = {
            Kind.PAGE_VIEW: self._asked, Kind.PAGE_LEAVE: self._closed, Kind.LINK_CLICK:
            self._clicked, Kind.LOGIN: self._signed_in, Kind.ACCOUNT: self._registered,
        }  # fmt: skip
        return [special[kind](acts)] if kind in special else []

    def _object(self, kind: Kind, acts: Array) -> pa.Array:
        detail = self._details.write(kind, acts)
        if kind not in (Kind.ENROLLED, Kind.UNENROLLED, Kind.MODE_CHANGED):
            return detail
        body = pc.utf8_slice_codeunits(detail, 0, -1)
        return join(body, ',"user_id":', self._user_ids(acts), "}")

    def _pressed(self, acts: Array) -> tuple[Array, pa.Array]:
        """The browser's own word of a submission, as a query in a string."""
        acts = acts.copy()
        acts["time"] -= 90_000 + (fractions(acts["id"], _BROWSER) * 60_000).astype(np.int64)
        names = self._details.problem_names(acts)
        option = number(choose_options(acts))
        text = join('"input_', names, "_2_1=choice_", option, '"')
        return acts, self._line(acts, "problem_check", "browser", text, counted=".browser")

    def _asked(self, acts: Array) -> tuple[Array, pa.Array]:
        """A page, as the request that the server saw."""
        return acts, self._implicit(acts, self._platform_paths(acts), _FORM)

    def _signed_in(self, acts: Array) -> tuple[Array, pa.Array]:
        return acts, self._form(acts, _LOGIN)

    def _registered(self, acts: Array) -> tuple[Array, pa.Array]:
        return acts, self._form(acts, _REGISTRATION)

    def _form(self, acts: Array, path: str) -> pa.Array:
        """A form with an address and a password in it, as such logs have them."""
        sent = join(
            r'"{\"POST\": {\"email\": [\"', self._usernames(acts),
            r'@learner.example\"], \"password\": [\"not-a-real-password\"]}, \"GET\": {}}"',
        )  # fmt: skip
        return self._implicit(acts, pa.repeat(path, len(acts)), sent)

    def _closed(self, acts: Array) -> tuple[Array, pa.Array]:
        acts = acts[acts["page"] == Page.UNIT]
        return acts, self._line(acts, "page_close", "browser", '"{}"')

    def _clicked(self, acts: Array) -> tuple[Array, pa.Array]:
        here = join(f"https://{HOST}", self._platform_paths(acts))
        text = join('{"current_url":"', here, '","target_url":"', here, '"}')
        name = "edx.ui.lms.link_clicked"
        return acts, self._line(acts, name, "browser", _quoted(text))

    def _implicit(self, acts: Array, paths: pa.Array, event: pa.Array | str) -> pa.Array:
        self.counts["edx.implicit"] += len(acts)
        return self._lines(acts, join('"', paths, '"'), "server", event)

    def _line(
        self, acts: Array, name: str, source: str, event: pa.Array | str, *, counted: str = ""
    ) -> pa.Array:
        self.counts[name + counted] += len(acts)
        return self._lines(acts, pa.repeat(f'"{name}"', len(acts)), source, event)

    def _lines(self, acts: Array, names: pa.Array, source: str, event: pa.Array | str) -> pa.Array:
        setting = self._setting
        course = np.where(acts["course"] < 0, len(setting.platform.courses), acts["course"])
        users, ids = self._usernames(acts), self._user_ids(acts)
        address = pick(self._addresses, acts["address"])
        path = self._platform_paths(acts)
        page = join('"https://', HOST, path, '"') if source == "browser" else "null"
        text = join(
            '{"username": "', users, '", "session": "', self._sessions(acts), '", "ip": "',
            address, '", "agent": "', pick(self._agents, acts["device"]), f'", "host": "{HOST}", ',
            f'"referer": "https://{HOST}/", "accept_language": "en", "event_source": "{source}", ',
            '"event_type": ', names, ', "name": ', names, ', "context": {"user_id": ', ids,
            ', "org_id": "', pick(self._orgs, course), '", "course_id": "',
            pick(self._courses, course), '", "path": "', path, '"}, "time": "', _times(acts),
            '+00:00", "page": ', page, ', "event": ', event, "}",
        )  # fmt: skip
        prefix = join(
            _times(acts), " INFO 20 [tracking] [user ", ids, "] [ip ", address,
            "] logger.py:41 - ",
        )  # fmt: skip
        has_prefix = fractions(acts["id"], _PREFIX) < _PREFIXED
        return join(pc.if_else(pa.array(has_prefix), prefix, ""), text)

    def _platform_paths(self, acts: Array) -> pa.Array:
        """Where it happened, in the paths of Open edX."""
        course = np.where(acts["course"] < 0, len(self._courses) - 1, acts["course"])
        base = join("/courses/", pick(self._courses, course))
        unit = join(base, "/courseware/week", number(acts["unit"]), "/1/")
        tails = ["", "", "", "/course/", None, "/discussion/forum/", "/progress"]
        inside = join(base, pick(tails, acts["page"]))
        outside = pick(["/", "/courses", "/search", None, None, None, None], acts["page"])
        return pc.coalesce(outside, pc.if_else(pa.array(acts["page"] == Page.UNIT), unit, inside))

    def _usernames(self, acts: Array) -> pa.Array:
        learners, place = np.unique(acts["learner"], return_inverse=True)
        names = [external_id(self._setting.seed, number) for number in learners.tolist()]
        return pick(names, place.ravel())

    def _user_ids(self, acts: Array) -> pa.Array:
        return number(acts["learner"].astype(np.int64) + _FIRST_USER)

    def _sessions(self, acts: Array) -> pa.Array:
        visit = acts["visit"].astype(np.int64) + (
            np.maximum(acts["course"], 0).astype(np.int64) << 32
        )
        mixed = mix(visit, self._setting.seed * 31 + _SESSION)
        wanted, place = np.unique(mixed, return_inverse=True)
        return pick([f"{value:032x}" for value in wanted.tolist()], place.ravel())


def _times(acts: Array) -> pa.Array:
    moments = pa.array(acts["time"], pa.timestamp("us"))
    return pc.strftime(moments, format="%Y-%m-%dT%H:%M:%S")


def _quoted(texts: pa.Array) -> pa.Array:
    """JSON inside a JSON string."""
    escaped = pc.replace_substring(pc.replace_substring(texts, "\\", "\\\\"), '"', '\\"')
    return join('"', escaped, '"')


def _org_of(key: str) -> str:
    return key.partition(":")[2].partition("+")[0]
