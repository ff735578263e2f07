"""What people do in the demo, in the words of a person."""

import json
import re
from base64 import urlsafe_b64decode
from itertools import count
from typing import Any

from playwright.sync_api import Page, expect

from tests.journeys.demo.running import Demo

PASSWORD = "a hedge of many words"
UNIT = "/courses/statistics/units/1"
_KNOWS_WHO_IS_HERE = "() => !window.privet || window.privet.decision"
_numbers = count(1)


class Somebody:
    """A person with a browser."""

    def __init__(self, demo: Demo, page: Page) -> None:
        self.demo = demo
        self.page = page
        self.complaints: list[str] = []
        page.on("console", lambda said: self._hear(said.type, said.text))

    def go(self, path: str) -> None:
        """Open a page, and stay until it knows who is here: before that nothing is collected."""
        self.page.goto(self.demo.url + path, wait_until="load")
        self.page.wait_for_function(_KNOWS_WHO_IS_HERE)

    def answer_banner(self, button: str) -> None:
        """Press a button of the banner, and wait until the decision is kept."""
        banner = self.page.get_by_role("dialog")
        expect(banner).to_be_visible()
        with self.page.expect_response("**/consent/decisions") as answered:
            banner.get_by_role("button", name=button).click()
        assert answered.value.status == 201, answered.value.text()
        expect(banner).to_be_hidden()

    def choose_only(self, category: str) -> None:
        """Tick one category of the banner's choices, and save."""
        banner = self.page.get_by_role("dialog")
        banner.get_by_role("button", name="Choose").click()
        banner.locator(f"#{category}").check()
        self.answer_banner("Save my choices")

    def reopen_choices(self) -> None:
        self.page.get_by_role("contentinfo").get_by_role("link", name="Cookie choices").click()
        expect(self.page.get_by_role("dialog")).to_be_visible()

    def sign_up(self, name: str = "Alice", birth_year: int = 1990, country: str = "DE") -> None:
        self.go("/sign-up")
        self.page.get_by_label("Name").fill(name)
        self.page.get_by_label("E-mail address").fill(f"{name.lower()}{next(_numbers)}@x.example")
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_label("Year of birth").fill(str(birth_year))
        self.page.get_by_label("Country").select_option(country)
        self.page.get_by_label("Year of birth").press("Enter")
        expect(self.page.get_by_role("button", name="Sign out")).to_be_visible()

    def enrol(self, course: str = "statistics") -> None:
        self.go(f"/courses/{course}")
        self.page.get_by_role("button", name="Enrol, free").click()
        expect(self.page.get_by_role("link", name="Open the forum")).to_be_visible()

    def solve_a_problem(self) -> None:
        self.go(UNIT)
        problem = self.page.locator("#median")
        problem.get_by_label("Your answer").fill("6")
        problem.get_by_role("button", name="Submit").click()
        expect(problem.get_by_text("Right.")).to_be_visible()
        # The answer leads to a place within the page, which moves under who presses before.
        self.page.wait_for_load_state("load")

    def wander(self) -> None:
        """Look at three pages by their links, at each until it knows who is here."""
        self.go("/")
        self.page.get_by_role("link", name="See the courses").click()
        self._arrive("/courses")
        self.page.get_by_role("main").get_by_role("link", name="The Botany of Hedgerows").click()
        self._arrive("/courses/hedgerows")
        expect(self.page.get_by_role("heading", level=1)).to_have_text("The Botany of Hedgerows")

    def follow_the_ad(self) -> None:
        """Open what the front page's advertisement leads to, and stay as long as in `go`."""
        self.page.get_by_role("link", name="The pocket guide").click()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text("twigs")
        self.page.wait_for_function(_KNOWS_WHO_IS_HERE)

    def open_privacy_page(self) -> None:
        self.page.get_by_role("contentinfo").get_by_role("button", name="Your privacy").click()
        self.page.wait_for_url("**/privacy/")

    def open_my_data(self) -> None:
        self.open_privacy_page()
        self.page.get_by_role("link", name="My data", exact=True).first.click()
        self.page.wait_for_url("**/privacy/data")

    def enter_console(self, email: str) -> None:
        self.go("/console/")
        self.page.locator("input[name=login]").fill(email)
        self.page.locator("input[name=password]").fill(self.demo.password_of(email))
        self.page.locator("input[name=password]").press("Enter")
        expect(self.page.locator("input[name=password]")).to_have_count(0)

    def events_in_console(self, name: str, *, days: int) -> int:
        """The count beside an event's name on the page Activity; 0 if it is not there.

        Each test asks for days of its own, since an answer may be kept for a while.
        """
        self.go(f"/console/activity?days={days}")
        row = self.page.get_by_role("row").filter(has_text=re.compile(rf"^\s*{name}\b"))
        if row.count() == 0:
            return 0
        return int(row.first.get_by_role("cell").last.inner_text().replace(",", ""))

    def cookies(self) -> dict[str, str]:
        return {str(c["name"]): str(c["value"]) for c in self.page.context.cookies()}

    def decided(self) -> dict[str, Any]:
        """What the consent cookie says; its first part is JSON that anybody may read."""
        payload = self.cookies()["privet_consent"].split(".")[0]
        said: dict[str, Any] = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return said

    def names_kept(self) -> set[str]:
        """The names of all cookies and of all entries in the two storages."""
        stored = "[...Object.keys(localStorage), ...Object.keys(sessionStorage)]"
        return {*self.cookies(), *self.page.evaluate(stored)}

    def names_listed(self, *categories: str) -> list[str]:
        """What the banner lists in these categories; ``*`` in a name stands for any letters."""
        ask = "fetch('/api/v1/consent?site=hedgerow').then((answer) => answer.json())"
        said = self.page.evaluate(ask)["categories"]
        return [
            cookie["name"] for one in said if one["name"] in categories for cookie in one["cookies"]
        ]

    def kept_on_device(self) -> int:
        """How many entries the two storages of the browser hold."""
        return int(self.page.evaluate("localStorage.length + sessionStorage.length"))

    def _arrive(self, path: str) -> None:
        """Wait for the page that was on its way, and stay as long as in `go`."""
        self.page.wait_for_url(self.demo.url + path)
        self.page.wait_for_function(_KNOWS_WHO_IS_HERE)

    def _hear(self, kind: str, text: str) -> None:
        if kind == "error":
            self.complaints.append(text)
