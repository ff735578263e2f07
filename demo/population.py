"""A handful of demo learners, who use the platform and decide through its public doors alone.

They come through a proxy (the demo itself), which says from where; so the console has something
to show before the first real visitor. Nothing here writes into a database.
"""

import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx

from demo.content import Course, Library, Unit, read_library
from demo.grading import Problem
from demo.home import Person
from demo.ids import make_event_id
from demo.passers_by import let_pass
from demo.settings import SITE

_ALL = {"performance": True, "functionality": True, "targeting": True}
_NONE = {"performance": False, "functionality": False, "targeting": False}
_PC = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
_PC += "Chrome/141.0.0.0 Safari/537.36"
_FOX = "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0"
_PHONE = "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) "
_PHONE += "Chrome/141.0.0.0 Mobile Safari/537.36"
_IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, "
_IPHONE += "like Gecko) Version/18.6 Mobile/15E148 Safari/604.1"
SNAPSHOT_SECONDS = 0.6
"""After a decision, how long the collector may take to know of it."""


@dataclass(frozen=True, kw_only=True)
class Character:
    """A made-up learner: who, from where, what they decide and how much they do."""

    name: str
    says: str
    """What they decided, in the words of the printed list."""
    birth_year: int
    country: str
    ip: str
    agent: str
    course: str
    answers: int
    choices: dict[str, bool] | None
    """None for somebody who has not decided."""
    control: str = "choose"
    gpc: bool = False
    withdraws: bool = False
    language: str = "en"


CHARACTERS = (
    Character(
        name="Alice Ashby",
        says="allows everything",
        birth_year=1990,
        country="GB",
        ip="81.157.0.0",
        agent=_PC,
        course="statistics",
        answers=8,
        choices=_ALL,
        control="accept_all",
    ),
    Character(
        name="Ben Birke",
        says="refuses everything",
        birth_year=1984,
        country="DE",
        ip="77.20.0.0",
        agent=_FOX,
        course="statistics",
        answers=6,
        choices=_NONE,
        control="reject_all",
    ),
    Character(
        name="Chloé Charme",
        says="performance only",
        birth_year=1998,
        country="FR",
        ip="86.254.0.0",
        agent=_IPHONE,
        course="hedgerows",
        answers=7,
        choices={**_NONE, "performance": True},
        language="fr",
    ),
    Character(
        name="Diego Encina",
        says="performance and functionality",
        birth_year=1976,
        country="ES",
        ip="213.98.0.0",
        agent=_PC,
        course="hedgerows",
        answers=9,
        choices={**_ALL, "targeting": False},
        language="es",
    ),
    Character(
        name="Femi Iroko",
        says="has not decided",
        birth_year=2001,
        country="NG",
        ip="105.122.0.0",
        agent=_PHONE,
        course="python",
        answers=4,
        choices=None,
    ),
    Character(
        name="Grace Hickory",
        says="allows everything, but her browser sends GPC",
        birth_year=1995,
        country="US",
        ip="172.10.0.0",
        agent=_FOX,
        course="python",
        answers=5,
        choices=_ALL,
        control="accept_all",
        gpc=True,
    ),
    Character(
        name="Hana Neem",
        says="allowed everything, then withdrew",
        birth_year=1993,
        country="IN",
        ip="223.237.0.0",
        agent=_PHONE,
        course="statistics",
        answers=3,
        choices=_ALL,
        control="accept_all",
        withdraws=True,
    ),
    Character(
        name="Ivy Young",
        says="allows everything, and is 14",
        birth_year=time.gmtime().tm_year - 15,
        country="PL",
        ip="83.10.0.0",
        agent=_IPHONE,
        course="python",
        answers=5,
        choices=_ALL,
        control="accept_all",
    ),
)


@dataclass(kw_only=True)
class Browser:
    """What one character uses: cookies of its own, and the events it has gathered."""

    client: httpx.Client
    character: Character
    url: str
    session: str = field(default_factory=lambda: secrets.token_hex(8))
    views: list[dict[str, object]] = field(default_factory=list)

    def view(self, path: str, title: str, course: Course | None = None) -> None:
        """Look at a page, and note what the SDK would have noted."""
        now = time.time_ns() // 1_000_000
        event: dict[str, object] = {
            "id": make_event_id(now, secrets.token_bytes),
            "name": "page_view",
            "time": now,
            "session": self.session,
            "page": path,
            "data": {"title": title, "order": len(self.views) + 1, "route": "load"},
        }
        if course:
            event |= {"course": course.key, "institution": course.institution.slug}
        self.views.append(event)

    def post(self, path: str, data: dict[str, str | list[str]]) -> httpx.Response:
        """Send a form of the platform."""
        return self.client.post(f"{self.url}{path}", data=data)


def settle(url: str, people: list[Person]) -> list[str]:
    """Let all characters in and let them do what they do; returns what was refused them.

    ``people`` has an e-mail address and a password for each character, by name.
    """
    library = read_library()
    secrets_of = {person.name: person for person in people}
    browsers = [_open_browser(url, one) for one in CHARACTERS]
    faults = let_pass(url)
    try:
        for browser in browsers:
            _sign_up(browser, secrets_of[browser.character.name])
            faults += _decide(browser, browser.character.choices, browser.character.control)
        time.sleep(SNAPSHOT_SECONDS)
        for browser in browsers:
            _study(browser, library)
            faults += _send_views(browser)
        for browser in browsers:
            if browser.character.withdraws:
                faults += _decide(browser, _NONE, "choose")
    finally:
        for browser in browsers:
            browser.client.close()
    return faults


def _open_browser(url: str, character: Character) -> Browser:
    headers = {
        "X-Forwarded-For": character.ip,
        "User-Agent": character.agent,
        "Accept-Language": character.language,
        "Origin": url,
    }
    if character.gpc:
        headers["Sec-GPC"] = "1"
    client = httpx.Client(headers=headers, timeout=20, follow_redirects=False, trust_env=False)
    return Browser(client=client, character=character, url=url)


def _sign_up(browser: Browser, person: Person) -> None:
    browser.post(
        "/sign-up",
        {
            "name": person.name,
            "email": person.email,
            "password": person.password,
            "birth_year": str(browser.character.birth_year),
            "country": browser.character.country,
        },
    )


def _decide(browser: Browser, choices: dict[str, bool] | None, control: str) -> list[str]:
    """Answer the banner as its script would: with the notice that was shown."""
    if choices is None:
        return []
    token = _token(browser)
    headers = {"Authorization": f"Bearer {token}"}
    shown = browser.client.get(
        f"{browser.url}/api/v1/consent", params={"site": SITE, "lang": "en"}, headers=headers
    )
    if shown.status_code != 200:
        return [f"the notice for {browser.character.name}: {shown.status_code}"]
    notice = shown.json()["notice"]
    answer = browser.client.post(
        f"{browser.url}/api/v1/consent/decisions",
        json={
            "site": SITE,
            "choices": choices,
            "notice": {"version": notice["version"], "hash": notice["hash"]},
            "control": control,
            "token": token,
        },
    )
    if answer.is_success:
        return []
    return [f"the decision of {browser.character.name}: {answer.status_code} {answer.text[:200]}"]


def _study(browser: Browser, library: Library) -> None:
    course = library.courses[browser.character.course]
    base = f"/courses/{course.slug}"
    browser.view("/", "Hedgerow Courses")
    browser.view("/courses", "Courses")
    browser.view(base, course.title, course)
    browser.post(f"{base}/enrol", {})
    for unit, problem in _first_problems(course, browser.character.answers):
        path = f"{base}/units/{unit.number}"
        if not browser.views or browser.views[-1]["page"] != path:
            browser.view(path, unit.title, course)
        wrong = secrets.randbelow(4) == 0
        browser.post(f"{path}/problems/{problem.id}", {"answer": _answer(problem, wrong=wrong)})
    browser.view(f"{base}/forum", "Forum", course)
    if browser.character.answers > 6:
        browser.post(
            f"{base}/forum",
            {
                "kind": "question",
                "title": f"A question about “{course.units[0].title}”",
                "body": "Does anybody know a good example from daily life?",
            },
        )


def _first_problems(course: Course, count: int) -> Iterator[tuple[Unit, Problem]]:
    pairs = [(unit, problem) for unit in course.units for problem in unit.problems]
    yield from pairs[:count]


def _answer(problem: Problem, *, wrong: bool) -> list[str]:
    if not wrong:
        return list(problem.answers) if problem.kind == "many" else [problem.answers[0]]
    others = [option for option in problem.options if option not in problem.answers]
    return others[:1] or ["0.123"]


def _send_views(browser: Browser) -> list[str]:
    answer = browser.client.post(
        f"{browser.url}/t/events",
        json={
            "site": SITE,
            "token": _token(browser),
            "sent": time.time_ns() // 1_000_000,
            "events": browser.views,
        },
    )
    if answer.status_code == 200:
        return []
    return [f"the pages of {browser.character.name}: {answer.status_code} {answer.text[:200]}"]


def _token(browser: Browser) -> str:
    answer = browser.client.get(f"{browser.url}/privet-token")
    return str(answer.json()["token"]) if answer.status_code == 200 else ""
