"""Drives the matrix: each step in a browser of its own, with both ways of third-party cookies."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Error,
    Playwright,
    Request,
    sync_playwright,
)

from privet.consent.scan.browser import Chromium, find_chromium, open_browser
from privet.consent.scan.gather import gather
from privet.consent.scan.jar import Jar, join_etags
from privet.consent.scan.joined import join
from privet.consent.scan.journey import Action, Controls, Journey
from privet.consent.scan.netlog import Logged, read_netlog
from privet.consent.scan.page import act_out_leaving, read_text, scroll, stir
from privet.consent.scan.parties import Canonical, ask_canonical
from privet.consent.scan.patience import Patience, words_of
from privet.consent.scan.scratch import remove_leftovers, scratch_directory
from privet.consent.scan.shapes import Found, Report, State, Step, StepRun, does_not_open
from privet.consent.scan.snapshot import Kept, read_jar
from privet.consent.scan.watch import HOOKS, Watcher, without_query
from privet.consent.technologies import Category

_DECISIONS: dict[Step, State] = {
    Step.REJECT: State.REJECTED,
    Step.ACCEPT: State.ACCEPTED,
    Step.WITHDRAW: State.ACCEPTED,
    Step.ONLY_PERFORMANCE: State.ONLY_PERFORMANCE,
    Step.ONLY_FUNCTIONALITY: State.ONLY_FUNCTIONALITY,
    Step.ONLY_TARGETING: State.ONLY_TARGETING,
}
_ONLY = {
    State.ONLY_PERFORMANCE: Category.PERFORMANCE,
    State.ONLY_FUNCTIONALITY: Category.FUNCTIONALITY,
    State.ONLY_TARGETING: Category.TARGETING,
}
_FAULT = 400
"""From this status on an answer is not the page that was asked for."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is to be scanned, and how."""

    urls: tuple[str, ...]
    journey: Journey = field(default_factory=Journey)
    steps: tuple[Step, ...] = tuple(Step)
    third_party_cookies: tuple[bool, ...] = (False, True)
    wait_ms: int = 3000
    """How long each page is watched after it was loaded and after each act."""
    timeout_ms: int = 15_000
    """How long is waited for what a page shall have, such as its banner."""
    load_timeout_ms: int = 60_000
    """How long a page may take until it is loaded: a slow one is to be scanned too."""
    pictures: Path | None = None
    """A directory for them; none are taken without one."""
    arguments: tuple[str, ...] = ()
    """Further arguments of Chromium."""
    canonical: Canonical = ask_canonical


def drive(order: Order, *, tell: Callable[[str], None] = lambda _: None) -> Report:
    """Drive the matrix; raises `NoBrowserError` if there is nothing to drive it with."""
    remove_leftovers()
    runs: list[StepRun] = []
    found: list[list[Found]] = []
    with sync_playwright() as playwright:
        chromium = find_chromium(playwright, arguments=order.arguments)
        for allowed in order.third_party_cookies:
            jars: list[Jar] = []
            for step in order.steps:
                tell(f"{step.value}, third-party cookies {'allowed' if allowed else 'blocked'}")
                if does_not_open(runs):
                    runs.append(_not_tried(step, allowed))
                    continue
                run, jar = _drive_step(playwright, chromium, order, step, allowed)
                runs.append(run)
                jars.extend([jar] if jar else [])
            found.extend(gather(jar, canonical=order.canonical) for jar in join_etags(jars))
    return Report(
        urls=tuple(without_query(url) for url in order.urls),
        browser=f"Chromium {chromium.version}",
        runs=tuple(runs),
        found=tuple(one for some in found for one in some),
    )


def _drive_step(
    playwright: Playwright, chromium: Chromium, order: Order, step: Step, allowed: bool
) -> tuple[StepRun, Jar | None]:
    run = StepRun(step=step, third_party_cookies=allowed, was_driven=False)
    why_not = _why_not(order.journey, step)
    if why_not:
        return replace(run, why_not=why_not), None
    is_signalled = step is Step.GPC
    with scratch_directory() as kept:
        log = kept / "network.json"
        with open_browser(
            playwright, chromium, third_party_cookies=allowed, gpc=is_signalled, log=log
        ) as context:
            seat = _Seat(context, order, step, allowed)
            try:
                seat.walk()
                seat.leave()
            except Error as error:
                # The page was slow, or has not the buttons that the journey names.
                run = replace(run, why_not=f"broke off: {seat.why(error)}", broke_off=True)
            run = seat.ended(run)
        return run, seat.jar(read_netlog(log))


def _not_tried(step: Step, allowed: bool) -> StepRun:
    why = "not tried, since the site did not open twice in a row"
    return StepRun(
        step=step, third_party_cookies=allowed, was_driven=False, broke_off=True, why_not=why
    )


def _why_not(journey: Journey, step: Step) -> str:
    """Why a step cannot be driven with this journey; empty if it can."""
    if not journey.has_banner and (step in _DECISIONS):
        return "the journey says that the site has no banner"
    missing = {
        Step.ROUTE: not journey.route,
        Step.SIGNED_IN: not journey.sign_in,
        Step.COURSE: not journey.course,
    }
    return f"the journey has no [[{_WORDS[step]}]]" if missing.get(step) else ""


_WORDS = {Step.ROUTE: "route", Step.SIGNED_IN: "sign_in", Step.COURSE: "course"}


class _Seat:
    """Sits before one browser and does one step."""

    def __init__(
        self, context: BrowserContext, order: Order, step: Step, third_party_cookies: bool
    ) -> None:
        self._order = order
        self._step = step
        self._allowed = third_party_cookies
        self._context = context
        self._page = context.pages[0] if context.pages else context.new_page()
        self._page.set_default_timeout(order.timeout_ms)
        self._page.set_default_navigation_timeout(order.load_timeout_ms)
        self._watcher = Watcher()
        waits_ms = order.load_timeout_ms + order.timeout_ms + order.wait_ms
        self._patience = Patience(context, waits_ms / 1000)
        self._patience.renew()
        self._session = context.new_cdp_session(self._page)
        tree = self._session.send("Page.getFrameTree")
        self._watcher.attach(self._session, main_frame=tree["frameTree"]["frame"]["id"])
        first = State.SIGNALLED if step is Step.GPC else State.UNDECIDED
        self._states: list[tuple[float, State]] = [(0.0, first)]
        self._banner: bool | None = None
        self._pictures: list[str] = []
        self._is_whole = False
        context.on("request", self._hear)
        context.on("console", self._hear_line)
        context.add_init_script(HOOKS)
        self._first_kept: dict[Kept, float] = {}
        self._kept: tuple[Kept, ...] | None = None
        self._is_withdrawn = False
        self._texts: dict[str, str] = {}
        self._was_opened = False
        self._not_offered = ""
        self._is_signed_in = False

    def walk(self) -> None:
        """Do the step."""
        for number, url in enumerate(self._order.urls):
            if number:
                self._part()
            self._open(url)
            if number == 0:
                self._begin()
            for action in self._order.journey.route if self._step is Step.ROUTE else ():
                self._act(action)
            stir(self._page)
            self._settle()
        # An account that a step decided for is left as it was asked for: refusing.
        if self._banner and (self._step is Step.WITHDRAW or self._is_signed_in):
            self._withdraw()

    def leave(self) -> None:
        """Go away as a visitor does: what waits for that is sent now."""
        self._look()
        for url in sorted(self._watcher.workers):
            self._texts[url] = read_text(self._page, url)
        self._part()
        self._page.goto("about:blank")
        self._page.wait_for_timeout(300)
        self._is_whole = True

    def _part(self) -> None:
        """Act out the leaving: of what is heard too late from the real one, no script is known."""
        act_out_leaving(self._page)
        self._page.wait_for_timeout(300)

    def why(self, error: Error) -> str:
        """What went wrong, in a few words."""
        if self._patience.is_over:
            return f"the page answered nothing for {self._patience.seconds:.0f} seconds"
        return words_of(error)

    def ended(self, run: StepRun) -> StepRun:
        """The step as it went."""
        self._patience.stop()
        was_asked = self._banner is not False or self._step not in _DECISIONS
        was_driven = self._is_whole and was_asked and not self._not_offered
        why = "" if was_driven else run.why_not or self._not_offered or "the banner was not visible"
        return replace(
            run,
            was_driven=was_driven,
            why_not=why,
            banner_visible=self._banner,
            was_opened=self._was_opened,
            signed_in=self._is_signed_in,
            pictures=tuple(self._pictures),
        )

    def jar(self, logged: Sequence[Logged]) -> Jar:
        """All that was heard, and what the network stack wrote down besides."""
        return Jar(
            step=self._step,
            third_party_cookies=self._allowed,
            hops=tuple(join(self._watcher.finish(), logged)),
            told=tuple(self._watcher.told),
            visits=tuple(self._watcher.visits),
            states=tuple(self._states),
            kept=self._kept,
            left=self._kept if self._is_withdrawn else None,
            first_kept=self._first_kept,
            workers=self._texts,
        )

    def _begin(self) -> None:
        journey = self._order.journey
        if journey.has_banner:
            self._banner = self._sees(journey.controls.banner)
        self._take("arrived")
        for action in {Step.SIGNED_IN: journey.sign_in, Step.COURSE: journey.course}.get(
            self._step, ()
        ):
            self._act(action)
        if self._step in _DECISIONS and self._banner:
            self._decide(_DECISIONS[self._step], journey.controls)

    def _sees(self, selector: str) -> bool:
        """Whether it comes to be seen, by its box and style, not by its being in the text."""
        try:
            self._page.locator(selector).first.wait_for(state="visible")
        except Error:
            return False
        return True

    def _decide(self, state: State, controls: Controls) -> None:
        last = {State.REJECTED: controls.reject, State.ACCEPTED: controls.accept}.get(state)
        if last is None and not self._tick_only(_ONLY[state], controls):
            self._not_offered = "the site does not offer this category to whoever came"
            return
        # From the press on, what comes is an answer to it.
        self._press(last or controls.save, state)
        self._settle()
        self._take("decided")

    def _tick_only(self, category: Category, controls: Controls) -> bool:
        """Tick one category and no other; false if the site lets nobody do so whom we can be.

        What is for adults only is closed to a visitor, of whom no age is known: then the step is
        done by somebody as whom the journey signs in.
        """
        self._page.locator(controls.choose).first.click()
        box = self._page.locator(controls.categories[category]).first
        if not box.is_enabled() and self._order.journey.sign_in:
            self._come_signed_in(controls)
        if not box.is_enabled():
            return False
        for other, selector in controls.categories.items():
            one = self._page.locator(selector).first
            if one.is_enabled():
                one.set_checked(other is category, force=True)
        return True

    def _come_signed_in(self, controls: Controls) -> None:
        """Sign in, and open the choices again; whoever decided before is asked no question."""
        for action in self._order.journey.sign_in:
            self._act(action)
        self._is_signed_in = True
        self._open(self._order.urls[0])
        is_asked = self._page.locator(controls.banner).first.is_visible()
        self._page.locator(controls.choose if is_asked else controls.reopen).first.click()

    def _press(self, selector: str, state: State) -> None:
        button = self._page.locator(selector).first
        button.wait_for(state="visible")
        self._states.append((time.time(), state))
        button.click()

    def _withdraw(self) -> None:
        controls = self._order.journey.controls
        self._page.locator(controls.reopen).first.click()
        self._press(controls.withdraw, State.WITHDRAWN)
        self._settle()
        self._page.reload(wait_until="load")
        self._settle()
        for url in self._order.urls[:-1]:
            # What is set anew may be so on another page than the one where it was withdrawn.
            self._open(url)
        self._take("withdrawn")
        self._is_withdrawn = True

    def _open(self, url: str) -> None:
        self._go(url)
        self._was_opened = True
        self._settle()

    def _go(self, url: str) -> None:
        """Go to a page; raises what it answered if that was a fault, which is not the page."""
        self._patience.renew()
        answer = self._page.goto(url, wait_until="load")
        self._patience.renew()
        if answer is not None and answer.status >= _FAULT:
            raise Error(f"{without_query(url)} answered {answer.status}")

    def _act(self, action: Action) -> None:
        try:
            self._do(action)
        except Error as error:
            # Never its text: that may be a secret.
            raise Error(f"{action.verb} {action.target}: {words_of(error)}") from error
        self._settle()

    def _do(self, action: Action) -> None:
        page = self._page
        match action.verb:
            case "go":
                self._go(action.target)
            case "click":
                page.locator(action.target).first.click()
            case "fill":
                page.locator(action.target).first.fill(action.text)
            case "press":
                page.locator(action.target).first.press(action.text)
            case "wait_for":
                page.locator(action.target).first.wait_for()
            case _:
                page.wait_for_timeout(float(action.target))

    def _settle(self) -> None:
        """Watch for a while, having looked at the whole length of the page."""
        for share in (0.5, 1.0, 0.0):
            self._patience.renew()
            scroll(self._page, share)
            self._page.wait_for_timeout(self._order.wait_ms / 3)
        self._look()

    def _look(self) -> None:
        self._kept = read_jar(self._session, self._page)
        known = {(one.kind, one.name, one.host) for one in self._first_kept}
        for one in self._kept:
            if (one.kind, one.name, one.host) not in known:
                self._first_kept[one] = time.time()

    def _hear(self, request: Request) -> None:
        self._watcher.hear_of(request.url, request.resource_type)

    def _hear_line(self, message: ConsoleMessage) -> None:
        if message.page != self._page:
            self._watcher.hear_line(message.text)

    def _take(self, moment: str) -> None:
        if self._order.pictures is None:
            return
        way = "with" if self._allowed else "without"
        name = f"{self._step.value}-{way}-{moment}.png"
        self._page.screenshot(path=self._order.pictures / name)
        self._pictures.append(name)


def steps_named(names: Sequence[str]) -> tuple[Step, ...]:
    """Steps by their names, in the order of the matrix; all of them for none."""
    return tuple(step for step in Step if not names or step.value in names)
