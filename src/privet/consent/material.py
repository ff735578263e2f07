"""What people must be asked anew about: purposes, vendors, categories and controllers.

A version of a notice keeps these beside its words. When a later version has more of them, whoever
decided on the earlier one is asked again, about that alone; a mended word asks nobody.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from privet.catalogue.uses import CHOICE_USES, NO_CHOICES, Choice
from privet.consent.registry import Registry
from privet.consent.rules import ALL_CHOICES


class Reason(StrEnum):
    """Why somebody who had decided is asked again."""

    PURPOSE = "purpose"
    VENDOR = "vendor"
    CATEGORY = "category"
    CONTROLLER = "controller"
    EXPIRY = "expiry"


@dataclass(frozen=True, kw_only=True)
class Growth:
    """What a later notice has that an earlier one had not."""

    reasons: tuple[Reason, ...] = ()
    choices: Choice = NO_CHOICES
    """The choices whose earlier answer does not cover it."""
    new: tuple[tuple[Reason, str], ...] = ()
    """Each new thing by its name."""


NOTHING_NEW = Growth()


def material_of(registry: Registry, controllers: Sequence[str] = ()) -> str:
    """Canonical JSON of what the platform does now: by choice its purposes and its vendors."""
    found = {
        _name(choice): {
            "purposes": [(use.name or "").lower()],
            "vendors": sorted(_vendors(registry, _name(choice))),
        }
        for choice, use in CHOICE_USES.items()
    }
    said = {"categories": found, "controllers": sorted(set(controllers))}
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def controllers_in(material: str) -> tuple[str, ...]:
    """The controllers that a notice named."""
    return tuple(json.loads(material)["controllers"]) if material else ()


@lru_cache(maxsize=256)
def growth(*, before: str, after: str) -> Growth:
    """What is new in ``after``; nothing if it is not known what there was before."""
    if not before or not after or before == after:
        return NOTHING_NEW
    old, now = json.loads(before), json.loads(after)
    found = [*_new_in_categories(old["categories"], now["categories"])]
    found += [
        (Reason.CONTROLLER, name, ALL_CHOICES)
        for name in _more(old["controllers"], now["controllers"])
    ]
    return Growth(
        reasons=tuple(dict.fromkeys(reason for reason, _, _ in found)),
        choices=Choice(_either(choices for _, _, choices in found)),
        new=tuple((reason, name) for reason, name, _ in found),
    )


@lru_cache(maxsize=64)
def without_gone(said: str, *, now: str) -> str:
    """What a notice named, without the vendors that the registry no longer has."""
    if not said:
        return said
    found, still = json.loads(said), json.loads(now)["categories"]
    for name, one in found["categories"].items():
        kept = still.get(name, {"vendors": []})["vendors"]
        one["vendors"] = [vendor for vendor in one["vendors"] if vendor in kept]
    return json.dumps(found, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _new_in_categories(
    old: Mapping[str, Any], now: Mapping[str, Any]
) -> list[tuple[Reason, str, Choice]]:
    found: list[tuple[Reason, str, Choice]] = []
    for name, said in now.items():
        choice = Choice[name.upper()]
        if name not in old:
            found.append((Reason.CATEGORY, name, choice))
            continue
        for reason, part in ((Reason.PURPOSE, "purposes"), (Reason.VENDOR, "vendors")):
            found += [(reason, new, choice) for new in _more(old[name][part], said[part])]
    return found


def _more(old: Iterable[str], now: Iterable[str]) -> list[str]:
    return sorted(set(now) - set(old))


def _either(all_choices: Iterable[int]) -> int:
    found = 0
    for choices in all_choices:
        found |= choices
    return found


def _vendors(registry: Registry, category: str) -> set[str]:
    return {one.vendor for one in registry.technologies if one.category.value == category}


def _name(choice: Choice) -> str:
    return (choice.name or "").lower()
