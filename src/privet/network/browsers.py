"""The name of a browser: one family whatever the device, with its main version."""

import re

from ua_parser import UserAgent

from privet.network.client_hints import Brand, Hints

_MAX_NAME = 40
_PLAIN = re.compile(r"[\w .+!&()'-]+")
_VERSION = re.compile(r"[0-9]{1,6}")

# ua-parser tells the phone's edition apart; the column ``device`` says that already.
_FAMILIES = {
    "Chrome Mobile": "Chrome",
    "Chrome Mobile WebView": "Android WebView",
    "Chrome Mobile iOS": "Chrome",
    "Edge Mobile": "Edge",
    "Firefox Mobile": "Firefox",
    "Firefox iOS": "Firefox",
    "IE": "Internet Explorer",
    "IE Mobile": "Internet Explorer",
    "Mobile Safari": "Safari",
    "Mobile Safari UI/WKWebView": "iOS WebView",
    "Opera Mobile": "Opera",
    "Opera Mobi": "Opera",
}

_BRANDS = {
    "Google Chrome": "Chrome",
    "HuaweiBrowser": "Huawei Browser",
    "Microsoft Edge": "Edge",
    "Microsoft Edge WebView2": "Edge WebView",
    "Opera GX": "Opera",
    "Opera Mini Android": "Opera Mini",
    "OperaMobile": "Opera",
    "YaBrowser": "Yandex Browser",
    "Yandex": "Yandex Browser",
}

_ENGINE = "Chromium"
_GENERIC = frozenset({"Chrome", "Chromium", "Android WebView", "Android"})
"""Families that say no more than that the engine is Chromium's."""


def name_browser(agent: UserAgent | None, hints: Hints) -> str | None:
    """``Firefox 128``: from the brands where they say more, else from the agent."""
    brand = _telling_brand(hints.brands)
    family = _clean(_FAMILIES.get(agent.family, agent.family)) if agent else None
    named = _clean(_BRANDS.get(brand.name, brand.name)) if brand else None
    # The agent may name an app or a browser that presents itself as Chrome in its brands.
    is_agent_closer = family is not None and family not in _GENERIC and named in {*_GENERIC, None}
    if brand is None or named is None or is_agent_closer:
        return _with_version(family, agent.major if agent else None)
    return _with_version(named, brand.major)


def _telling_brand(brands: tuple[Brand, ...]) -> Brand | None:
    """The brand that is neither the engine nor, if there is another, Chrome."""
    by_worth = sorted(
        brands, key=lambda brand: (brand.name == _ENGINE, brand.name in _GENERIC_BRANDS)
    )
    return by_worth[0] if by_worth else None


_GENERIC_BRANDS = frozenset({"Google Chrome", "Android WebView"})


def _with_version(family: str | None, major: str | None) -> str | None:
    if family is None:
        return None
    return f"{family} {major}" if major and _VERSION.fullmatch(major) else family


def _clean(name: str) -> str | None:
    """The name if it looks like one: an agent is foreign text and may hold anything."""
    name = name.strip()[:_MAX_NAME]
    return name if _PLAIN.fullmatch(name) else None
