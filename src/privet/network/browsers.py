"""The name of a browser: one family whatever the device, with its main version."""

import re

from ua_parser import UserAgent

from privet.network.client_hints import Brand, Hints

_MAX_NAME = 40
_PLAIN = re.compile(r"[\w .+!&()'-]+")
_VERSION = re.compile(r"[0-9]{1,6}")

# ua-parser tells the phone's edition apart; the column ``device`` says that already.
_FAMILIES = {
    "Android": "Android Browser",
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
    "AvastSecureBrowser": "Avast Secure Browser",
    "Brave Browser": "Brave",
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

_LAST_BRANDS = {"Google Chrome": 1, "Android WebView": 1, "Chromium": 2}
_GENERIC = frozenset({"Chrome", "Chromium", "Android WebView", "Android Browser"})
"""Families that say no more than that the engine is Chromium's."""


def name_browser(agent: UserAgent | None, hints: Hints) -> str | None:
    """``Firefox 128``: from the brands where they say more, else from the agent."""
    brand = _telling_brand(hints.brands)
    named = _clean(_BRANDS.get(brand.name, brand.name)) if brand else None
    family = _clean(_FAMILIES.get(agent.family, agent.family)) if agent else None
    # The agent may name an app or a browser that presents itself as Chrome in its brands.
    is_agent_closer = family not in {*_GENERIC, None} and named in _GENERIC
    if brand and named and not is_agent_closer:
        return _with_version(named, brand.major)
    return _with_version(family, agent.major) if agent and family else None


def _telling_brand(brands: tuple[Brand, ...]) -> Brand | None:
    """The brand that is neither the engine nor, if there is another, Chrome."""
    return min(brands, key=lambda brand: _LAST_BRANDS.get(brand.name, 0), default=None)


def _with_version(family: str, major: str | None) -> str:
    return f"{family} {major}" if major and _VERSION.fullmatch(major) else family


def _clean(name: str) -> str | None:
    """The name if it looks like one: an agent is foreign text and may hold anything."""
    name = name.strip()[:_MAX_NAME]
    return name if _PLAIN.fullmatch(name) else None
