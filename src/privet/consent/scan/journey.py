"""A journey: where the banner's buttons are, and how to get to what a visitor does not see.

A file of TOML; without one, the banner is Privet's own and the steps that need to be told how
(route, signed in, course) are left out, and the report says so.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from privet.consent.technologies import Category
from privet.kernel.errors import PrivetError


class JourneyError(PrivetError):
    """The journey's file does not say what it must."""


@dataclass(frozen=True, kw_only=True)
class Action:
    """One thing to do on the page, by its name and what it takes."""

    verb: str
    """``go``, ``click``, ``fill``, ``press``, ``wait_for`` or ``wait_ms``."""
    target: str
    """An address for ``go``, milliseconds for ``wait_ms``, a selector for the others."""
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Controls:
    """Selectors (Playwright's: they see into open shadow trees) of the banner and its buttons."""

    banner: str = "#privet-banner [role=dialog]"
    reject: str = "#privet-banner .buttons button >> nth=0"
    accept: str = "#privet-banner .buttons button >> nth=1"
    choose: str = "#privet-banner .buttons button >> nth=2"
    save: str = "#privet-banner .choosing .buttons button >> nth=2"
    reopen: str = "#privet-banner .pill, [data-privet-open] >> nth=0"
    withdraw: str = "#privet-banner .buttons button >> nth=0"
    """What takes everything back, once ``reopen`` has been pressed."""
    categories: Mapping[Category, str] = field(
        default_factory=lambda: {
            Category.PERFORMANCE: "#privet-banner #performance",
            Category.FUNCTIONALITY: "#privet-banner #functionality",
            Category.TARGETING: "#privet-banner #targeting",
        }
    )


@dataclass(frozen=True, kw_only=True)
class Journey:
    """What a file says; an empty list of actions means that the step is not driven."""

    name: str = ""
    controls: Controls = field(default_factory=Controls)
    has_banner: bool = True
    route: tuple[Action, ...] = ()
    sign_in: tuple[Action, ...] = ()
    course: tuple[Action, ...] = ()


def read_journey(path: Path, *, environ: Mapping[str, str] = os.environ) -> Journey:
    """Read a file; raises `JourneyError` that names what is wrong with it."""
    try:
        found = tomllib.loads(path.read_text())
    except FileNotFoundError as error:
        raise JourneyError(f"There is no file {path.name}.", remedy="Check its path.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise JourneyError(
            f"The journey {path.name} is not TOML.", remedy=f"Correct it: {error}."
        ) from error
    _refuse_unknown(found, {"has_banner", "controls", "route", "sign_in", "course"}, "The journey")
    return Journey(
        name=path.name,
        controls=_controls(found.get("controls", {})),
        has_banner=bool(found.get("has_banner", True)),
        route=_actions(found, "route", environ),
        sign_in=_actions(found, "sign_in", environ),
        course=_actions(found, "course", environ),
    )


def _controls(given: Any) -> Controls:
    if not isinstance(given, dict):
        raise JourneyError("“controls” is not a table.", remedy="Write it as [controls].")
    _refuse_unknown(given, set(_CONTROLS), "[controls]")
    values = dict(given)
    if "categories" in values:
        try:
            values["categories"] = {Category(key): one for key, one in values["categories"].items()}
        except (ValueError, AttributeError) as error:
            raise JourneyError(
                "[controls.categories] names a category that there is not.",
                remedy=f"There are: {', '.join(Category)}.",
            ) from error
    return Controls(**values)


def _actions(found: Mapping[str, Any], step: str, environ: Mapping[str, str]) -> tuple[Action, ...]:
    return tuple(_action(one, step, environ) for one in found.get(step, ()))


def _action(given: Any, step: str, environ: Mapping[str, str]) -> Action:
    verbs = [verb for verb in _VERBS if isinstance(given, dict) and verb in given]
    if len(verbs) != 1:
        raise JourneyError(
            f"An action of “{step}” does not say exactly one thing to do.",
            remedy=f"Begin it with [[{step}]] and one of: {', '.join(_VERBS)}.",
        )
    _refuse_unknown(given, {verbs[0], "text", "text_from"}, f"[[{step}]]")
    secret = given.get("text_from", "")
    if secret and secret not in environ:
        raise JourneyError(
            f"The journey takes a text from {secret}, which is not set.",
            remedy="Set that variable of the environment; what is secret stands in no file.",
        )
    text = environ[secret] if secret else given.get("text", "")
    return Action(verb=verbs[0], target=str(given[verbs[0]]), text=text)


def _refuse_unknown(given: Mapping[str, Any], known: set[str], what: str) -> None:
    unknown = sorted(set(given) - known)
    if unknown:
        raise JourneyError(
            f"{what} says “{unknown[0]}”, which means nothing.",
            remedy=f"It may say: {', '.join(sorted(known))}.",
        )


_CONTROLS = ("banner", "reject", "accept", "choose", "save", "reopen", "withdraw", "categories")
_VERBS = ("go", "click", "fill", "press", "wait_for", "wait_ms")
