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
        has_banner=_claim(found.get("has_banner", True)),
        route=_actions(found, "route", environ),
        sign_in=_actions(found, "sign_in", environ),
        course=_actions(found, "course", environ),
    )


def _claim(given: Any) -> bool:
    if not isinstance(given, bool):
        raise JourneyError(
            "“has_banner” is neither true nor false.", remedy="Write has_banner = true, or false."
        )
    return given


def _controls(given: Any) -> Controls:
    if not isinstance(given, dict):
        raise JourneyError("“controls” is not a table.", remedy="Write it as [controls].")
    _refuse_unknown(given, set(_CONTROLS), "[controls]")
    values = dict(given)
    for name, said in values.items():
        selectors = list(said.values()) if isinstance(said, dict) else [said]
        if not all(isinstance(one, str) and one for one in selectors):
            raise JourneyError(
                f"“{name}” of [controls] is no selector.",
                remedy='Write it like accept = "#accept".',
            )
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
    given = found.get(step, [])
    if not isinstance(given, list):
        raise JourneyError(
            f"“{step}” is not a list of actions.", remedy=f"Begin each action with [[{step}]]."
        )
    return tuple(_action(one, step, environ) for one in given)


def _action(given: Any, step: str, environ: Mapping[str, str]) -> Action:
    verbs = [verb for verb in _VERBS if isinstance(given, dict) and verb in given]
    if len(verbs) != 1:
        raise JourneyError(
            f"An action of “{step}” does not say exactly one thing to do.",
            remedy=f"Begin it with [[{step}]] and one of: {', '.join(_VERBS)}.",
        )
    _refuse_unknown(given, {verbs[0], "text", "text_from"}, f"[[{step}]]")
    verb, target = verbs[0], given[verbs[0]]
    _check_target(verb, target, step)
    return Action(verb=verb, target=str(target), text=_text(given, verb, step, environ))


def _text(given: Mapping[str, Any], verb: str, step: str, environ: Mapping[str, str]) -> str:
    if verb in _TYPING and not {"text", "text_from"} & set(given):
        raise JourneyError(
            f"“{verb}” in “{step}” does not say what to type.",
            remedy="Add text, or text_from with the name of a variable of the environment.",
        )
    secret, text = given.get("text_from", ""), given.get("text", "")
    if not isinstance(secret, str) or not isinstance(text, str):
        raise JourneyError(
            f"The text of “{verb}” in “{step}” is no text.",
            remedy="Put what is to be typed in quotation marks.",
        )
    if secret and secret not in environ:
        raise JourneyError(
            f"The journey takes a text from {secret}, which is not set.",
            remedy="Set that variable of the environment; what is secret stands in no file.",
        )
    return environ[secret] if secret else text


def _check_target(verb: str, target: Any, step: str) -> None:
    match verb:
        case "wait_ms":
            can_be = type(target) is int and target >= 0
            remedy = "Write milliseconds, like wait_ms = 500."
        case "go":
            can_be = isinstance(target, str) and target.startswith(("http://", "https://"))
            remedy = "Write an address that begins with http:// or https://."
        case _:
            can_be = isinstance(target, str) and bool(target)
            remedy = f'Write a selector, like {verb} = "#next".'
    if not can_be:
        raise JourneyError(f"“{verb}” in “{step}” says what cannot be done.", remedy=remedy)


def _refuse_unknown(given: Mapping[str, Any], known: set[str], what: str) -> None:
    unknown = sorted(set(given) - known)
    if unknown:
        raise JourneyError(
            f"{what} says “{unknown[0]}”, which means nothing.",
            remedy=f"It may say: {', '.join(sorted(known))}.",
        )


_CONTROLS = ("banner", "reject", "accept", "choose", "save", "reopen", "withdraw", "categories")
_TYPING = ("fill", "press")
_VERBS = ("go", "click", "fill", "press", "wait_for", "wait_ms")
