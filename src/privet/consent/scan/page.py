"""Asks a page that may lead away by itself at any moment, and says in words what became of it."""

from typing import Any

from playwright.sync_api import Error, Page

_AGAIN = ("Execution context was destroyed", "Cannot find context", "frame was detached")
_TRIES = 4


_NEUTRAL = """() => {
  const control = 'a,button,input,select,textarea,label,summary,iframe,video,audio,object,embed,' +
    '[onclick],[tabindex],[contenteditable],[role=button],[role=link],[role=dialog]';
  const isNeutral = (one) => {
    if (!one || one.closest(control)) return false;
    for (let at = one; at; at = at.parentElement) {
      const { position, cursor } = getComputedStyle(at);
      if (at.shadowRoot || position === 'fixed' || position === 'sticky' || cursor === 'pointer')
        return false;
    }
    return true;
  };
  for (const down of [0.5, 0.3, 0.1, 0.7, 0.02])
    for (const across of [0.5, 0.99, 0.01, 0.25, 0.75]) {
      const place = [innerWidth * across, innerHeight * down];
      if (isNeutral(document.elementFromPoint(...place))) return place;
    }
  return null;
}"""

_HIDE = """() => {
  Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => 'hidden' });
  Object.defineProperty(document, 'hidden', { configurable: true, get: () => true });
  const out = { relatedTarget: null, clientY: -1, bubbles: true };
  document.documentElement.dispatchEvent(new MouseEvent('mouseout', out));
  document.dispatchEvent(new MouseEvent('mouseleave', out));
  dispatchEvent(new FocusEvent('blur'));
  document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  dispatchEvent(new PageTransitionEvent('pagehide'));
  dispatchEvent(new Event('beforeunload', { cancelable: true }));
}"""
_READ = "(url) => fetch(url).then((found) => found.text()).catch(() => '')"
_SCROLL = "(share) => scrollTo(0, document.documentElement.scrollHeight * share)"


class GoesAwayError(Error):
    """The page led on to another one each time that it was asked something."""


def ask(page: Page, expression: str, arg: Any = None) -> Any:
    """What the page answers; one that goes away meanwhile is asked anew when the next is there.

    Raises playwright's `Error` if it does so again and again, or has died.
    """
    for _ in range(_TRIES):
        try:
            return page.evaluate(expression, arg=arg)
        except Error as error:
            if not any(words in error.message for words in _AGAIN):
                raise
            page.wait_for_load_state("load")
    raise GoesAwayError("the page leads on to another one again and again")


def stir(page: Page) -> None:
    """Move, click where nothing is to be clicked, press a key: many scripts wait for a person."""
    place = ask(page, _NEUTRAL)
    page.mouse.move(*(place or (1, 1)), steps=2)
    if place:
        page.mouse.click(*place)
    page.keyboard.press("Shift")


def scroll(page: Page, share: float) -> None:
    """Look at a place of the page: 0 is its top and 1 its end."""
    ask(page, _SCROLL, arg=share)


def read_text(page: Page, url: str) -> str:
    """A file of the page's site; empty if it cannot be had."""
    return str(ask(page, _READ, arg=url))


def act_out_leaving(page: Page) -> None:
    """What a page hears when somebody leaves it."""
    ask(page, _HIDE)
