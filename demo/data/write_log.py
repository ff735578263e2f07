"""Writes the demo's tracking log: ``python demo/data/write_log.py > demo/data/tracking.log``.

Three weeks of made-up people in the demo's own courses, in the format of Open edX with its usual
oddities. Fixed seeds, so that the same log comes out each time. Addresses are the first of large
networks, which belong to nobody's house.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

BEGIN = datetime(2026, 10, 19, 7, tzinfo=UTC)
DAYS = 21
HOST = "learn.hedgerow.example"
PC = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
PC += "Chrome/130.0.0.0 Safari/537.36"
FOX = "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
MAC += "Version/18.0 Safari/605.1.15"
ANDROID = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
ANDROID += "Chrome/130.0.0.0 Mobile Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, "
IPHONE += "like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
TABLET = "Mozilla/5.0 (iPad; CPU OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
TABLET += "Version/17.6 Mobile/15E148 Safari/604.1"

Line = dict[str, Any]


@dataclass(frozen=True)
class Person:
    """Somebody who never lived."""

    number: int
    username: str
    ip: str
    agent: str
    language: str
    course: str
    diligence: float
    """From 0, hardly ever there, to 1, there each day."""


S101 = "course-v1:Hedge+S101+2026"
P120 = "course-v1:Hedge+P120+2026"
B110 = "course-v1:Thicket+B110+2026"
PEOPLE = (
    Person(9001, "wren_ashdown", "81.130.0.0", PC, "en-GB,en;q=0.8", S101, 0.9),
    Person(9002, "lukas_birke", "84.185.0.0", FOX, "de-DE,de;q=0.8", S101, 0.7),
    Person(9003, "meera_neem", "49.35.0.0", ANDROID, "en-IN,en;q=0.8", P120, 0.9),
    Person(9004, "chidi_iroko", "105.112.0.0", ANDROID, "en-NG,en;q=0.8", P120, 0.6),
    Person(9005, "ana_encina", "88.21.0.0", PC, "es-ES,es;q=0.9", B110, 0.8),
    Person(9006, "bia_ipe", "187.69.0.0", IPHONE, "pt-BR,pt;q=0.9", S101, 0.5),
    Person(9007, "joe_hickory", "68.249.0.0", MAC, "en-US,en;q=0.9", P120, 0.7),
    Person(9008, "claire_charme", "194.250.0.0", MAC, "fr-FR,fr;q=0.9", B110, 0.4),
    Person(9009, "wanjiru_mwangi", "197.179.0.0", ANDROID, "en-KE,en;q=0.8", S101, 0.6),
    Person(9010, "ola_buk", "83.1.0.0", FOX, "pl-PL,pl;q=0.9", P120, 0.5),
    Person(9011, "diego_mezquite", "189.248.0.0", PC, "es-MX,es;q=0.9", S101, 0.3),
    Person(9012, "liza_narra", "119.92.0.0", IPHONE, "en-PH,en;q=0.8", B110, 0.5),
    Person(9013, "thabo_marula", "41.192.0.0", ANDROID, "en-ZA,en;q=0.8", P120, 0.4),
    Person(9014, "rose_maple", "142.127.0.0", TABLET, "en-CA,en;q=0.9", S101, 0.8),
    Person(9015, "emma_rowan", "129.67.0.0", PC, "en-GB,en;q=0.9", B110, 0.7),
    Person(9016, "sam_sorrel", "3.5.140.0", PC, "en-US,en;q=0.9", S101, 0.2),
)
PROBLEMS = {
    S101: ("median", "mean", "which-moves", "deviation", "within-two", "halve", "margin"),
    P120: ("swap", "text", "order", "collatz", "range", "looks", "sorted"),
    B110: ("bare-white", "opposite", "wind", "prickle", "ivy", "hooper", "pleacher"),
}


class Visit:
    """One sitting of one person; lines come out in the order of time."""

    def __init__(self, person: Person, at: datetime, random: Random) -> None:
        self.person = person
        self.at = at
        self.random = random
        self.session = f"{random.getrandbits(128):032x}"

    def line(self, name: str, source: str, event: object, path: str, **more: object) -> Line:
        """One line, a little later than the one before."""
        self.at += timedelta(seconds=self.random.uniform(2, 90), microseconds=self.random.random())
        page = f"https://{HOST}{path}" if source == "browser" else None
        return {
            "username": self.person.username,
            "session": self.session,
            "ip": self.person.ip,
            "agent": self.person.agent,
            "host": HOST,
            "referer": f"https://{HOST}{path}",
            "accept_language": self.person.language,
            "event_source": source,
            "event_type": name,
            "name": name,
            "context": {
                "user_id": self.person.number,
                "org_id": self.person.course.partition(":")[2].partition("+")[0],
                "course_id": self.person.course,
                "path": "/event" if source == "browser" else path,
            },
            "time": self.at.isoformat(),
            "page": page,
            "event": event,
            **more,
        }

    def block(self, kind: str, name: str) -> str:
        """The id of a part of the course."""
        stem = self.person.course.replace("course-v1:", "block-v1:")
        return f"{stem}+type@{kind}+block@{name}"


def enrol(visit: Visit) -> Iterator[Line]:
    """The first visit: an account, then an enrolment."""
    person = visit.person
    posted = {
        "email": [f"{person.username}@mail.example"],
        "name": [person.username.replace("_", " ").title()],
        "password": ["not-a-real-password"],
        "csrfmiddlewaretoken": ["not-a-real-token"],
    }
    path = "/user_api/v1/account/registration/"
    yield visit.line(path, "server", json.dumps({"POST": posted, "GET": {}}), path)
    event = {"course_id": person.course, "user_id": person.number, "mode": "audit"}
    name = "edx.course.enrollment.activated"
    yield visit.line(name, "server", event, "/change_enrollment")


def study(visit: Visit) -> Iterator[Line]:
    """Pages, perhaps a film, some problems, now and then a word in the forum."""
    course = visit.person.course
    path = f"/courses/{course}/courseware/week{visit.random.randint(1, 4)}/"
    posted = json.dumps({"POST": {}, "GET": {}})
    yield visit.line(path, "server", posted, path)
    yield visit.line("seq_goto", "browser", sequence(visit), path)
    if visit.random.random() < 0.5:
        yield from watch(visit, path)
    for problem in visit.random.sample(PROBLEMS[course], visit.random.randint(0, 2)):
        yield from answer(visit, problem, path)
    if visit.random.random() < 0.12:
        yield post(visit, path)
    if visit.random.random() < 0.6:
        yield visit.line("page_close", "browser", "{}", path)


def sequence(visit: Visit) -> str:
    """The place in a unit that one goes from and to."""
    old = visit.random.randint(1, 4)
    return json.dumps({"old": old, "new": old + 1, "id": visit.block("sequential", "unit")})


def watch(visit: Visit, path: str) -> Iterator[Line]:
    """A film: loaded, played, and left before its end or not."""
    film = {"id": visit.block("video", "sampling"), "code": "sampling.mp4", "duration": 24}
    end = visit.random.choice((7.5, 12.0, 18.25, 24.0))
    yield visit.line("load_video", "browser", json.dumps(film), path)
    yield visit.line("play_video", "browser", json.dumps({**film, "currentTime": 0}), path)
    if visit.random.random() < 0.3:
        seek = {**film, "old_time": end, "new_time": end / 2, "type": "onSlideSeek"}
        yield visit.line("seek_video", "browser", json.dumps(seek), path)
    name = "stop_video" if end >= 24 else "pause_video"
    yield visit.line(name, "browser", json.dumps({**film, "currentTime": end}), path)


def answer(visit: Visit, problem: str, path: str) -> Iterator[Line]:
    """The browser says what was typed, the server what it was worth."""
    key, part = visit.block("problem", problem), f"{problem}_2_1"
    typed = f"input_{part}={visit.random.randint(1, 40)}"
    yield visit.line("problem_check", "browser", json.dumps(typed), path)
    tries = 1 + (visit.random.random() < 0.35)
    for attempt in range(1, tries + 1):
        right = visit.random.random() < 0.45 + 0.4 * visit.person.diligence
        yield visit.line(
            "problem_check",
            "server",
            graded(key, part, attempt, right=right),
            f"/courses/{visit.person.course}/xblock/{key}/handler/xmodule_handler/problem_check",
            page="x_module",
        )
    if visit.random.random() < 0.2:
        yield visit.line("showanswer", "server", {"problem_id": key}, path, page="x_module")


def graded(key: str, part: str, attempt: int, *, right: bool) -> dict[str, Any]:
    """What the server says of a submission."""
    word = "correct" if right else "incorrect"
    return {
        "problem_id": key,
        "success": word,
        "grade": int(right),
        "max_grade": 1,
        "attempts": attempt,
        "answers": {part: "6"},
        "correct_map": {part: {"correctness": word, "hint": "", "msg": "", "npoints": None}},
        "submission": {part: {"answer": "6", "correct": right, "question": "", "variant": ""}},
    }


def post(visit: Visit, path: str) -> Line:
    """A word in the forum."""
    body = visit.random.choice(
        ("I had the same question.", "Thank you, that helped.", "Could somebody draw it?")
    )
    number = f"{visit.random.getrandbits(96):024x}"
    event = {"id": number, "body": body, "truncated": False, "category_id": "course"}
    return visit.line("edx.forum.response.created", "server", event, path)


def make_lines(random: Random) -> Iterator[Line]:
    """All lines, in the order of time."""
    lines: list[Line] = []
    for person in PEOPLE:
        first = BEGIN + timedelta(days=random.randint(0, 5), hours=random.uniform(0, 12))
        lines += enrol(Visit(person, first, random))
        for day in range(DAYS):
            at = BEGIN + timedelta(days=day, hours=random.uniform(0, 14))
            if at > first and random.random() < person.diligence * 0.34:
                lines += study(Visit(person, at, random))
    return iter(sorted(lines, key=lambda line: line["time"]))


def write(line: Line, random: Random) -> str:
    """A line as platforms write it: mostly plain, now and then behind a logger's prefix."""
    text = json.dumps(line)
    if random.random() > 0.03:
        return text
    prefix = f"{line['time'][:19].replace('T', ' ')},123 INFO 20 [tracking] "
    return f"{prefix}[user {line['context']['user_id']}] [ip {line['ip']}] logger.py:41 - {text}"


def main() -> None:
    """Write to standard output."""
    random = Random(20261019)  # noqa: S311 - a fixed seed, so that the same log comes out
    for line in make_lines(random):
        if line["agent"] == ANDROID and random.random() < 0.1:
            line["ip"] = ""
        sys.stdout.write(write(line, random) + "\n")


if __name__ == "__main__":
    main()
