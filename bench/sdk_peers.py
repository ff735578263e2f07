"""The peers of the browser SDK, each set up as its manual says: four categories, three answers."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]
INSTALLED = ROOT / "build" / "peers" / "sdk"
VERSIONS = {"vanilla-cookieconsent": "3.1.0", "klaro": "0.7.22", "tarteaucitronjs": "1.34.0"}
_MODULES = "/node_modules"
_TITLE = "May we measure how our courses are used?"
_BODY = (
    "We would like to record how this site is used. What your courses need is always on."
    " The rest happens only if you allow it."
)
_CATEGORIES = {
    "performance": "Performance",
    "functionality": "Functionality",
    "targeting": "Targeting",
}


@dataclass(frozen=True, kw_only=True)
class Contestant:
    """A script, what it needs, and where its banner is."""

    name: str
    files: tuple[Path, ...]
    """What a browser loads before the banner stands, and for the choices."""
    script: str
    """The address of the first of its scripts: the start is its first statement."""
    head: str
    banner: str
    """A selector of the banner; inside the shadow root of `host`, if that is given."""
    accept: str
    advertises: str
    """An expression: whether advertising is allowed now."""
    host: str = ""
    more: Mapping[str, tuple[Path, ...]] = field(default_factory=dict)
    """Further files that are loaded only by pages which ask for them."""


def privet() -> Contestant:
    """Ours, with the consent interface of the tests' small site behind it."""
    dist = ROOT / "sdk" / "dist"
    return Contestant(
        name="privet",
        files=(dist / "privet.js", dist / "preferences.js"),
        script="/api/v1/notice.js",
        head='<script src="/api/v1/notice.js?site=hedgerow&amp;lang=en" defer></script>'
        '<script src="/t/privet.js" data-site="hedgerow" defer></script>',
        host="#privet-banner",
        banner="[role=dialog]",
        accept=".buttons button:nth-child(2)",
        advertises="privet.choices().targeting",
        more={"guard": (dist / "guard.js",)},
    )


def orestbida() -> Contestant:
    """vanilla-cookieconsent; told not to hide from a browser that is driven."""
    base = f"{_MODULES}/vanilla-cookieconsent/dist"
    words = {
        "consentModal": {
            "title": _TITLE, "description": _BODY, "acceptAllBtn": "Accept all",
            "acceptNecessaryBtn": "Reject all", "showPreferencesBtn": "Choose",
        },
        "preferencesModal": {
            "title": "Choices", "acceptAllBtn": "Accept all", "acceptNecessaryBtn": "Reject all",
            "savePreferencesBtn": "Save", "closeIconLabel": "Close",
            "sections": [
                {"title": label, "description": _BODY, "linkedCategory": name}
                for name, label in _CATEGORIES.items()
            ],
        },
    }  # fmt: skip
    settings = {
        "hideFromBots": False,
        "categories": {"necessary": {"enabled": True, "readOnly": True}}
        | {name: {} for name in _CATEGORIES},
        "language": {"default": "en", "translations": {"en": words}},
    }
    return Contestant(
        name="vanilla-cookieconsent",
        files=(_of(base, "cookieconsent.umd.js"), _of(base, "cookieconsent.css")),
        script=f"{base}/cookieconsent.umd.js",
        head=f'<link rel="stylesheet" href="{base}/cookieconsent.css">'
        f'<script type="module">import "{base}/cookieconsent.umd.js";'
        f"CookieConsent.run({json.dumps(settings)})</script>",
        banner="#cc-main .cm",
        accept="#cc-main .cm [data-role=all]",
        advertises="CookieConsent.acceptedCategory('targeting')",
    )


def klaro() -> Contestant:
    """klaro, with its style in the script."""
    base = f"{_MODULES}/klaro/dist"
    settings = {
        "version": 1, "elementID": "klaro", "acceptAll": True, "default": False,
        "translations": {
            "en": {
                "privacyPolicyUrl": "/privacy",
                "consentNotice": {"description": _BODY},
                "purposes": {name: {"title": label} for name, label in _CATEGORIES.items()},
            }
        },
        "lang": "en",
        "services": [
            {"name": name, "title": label, "purposes": [name]}
            for name, label in _CATEGORIES.items()
        ],
    }  # fmt: skip
    return Contestant(
        name="klaro",
        files=(_of(base, "klaro.js"),),
        script=f"{base}/klaro.js",
        head=f"<script>window.klaroConfig = {json.dumps(settings)}</script>"
        f'<script src="{base}/klaro.js" defer></script>',
        banner=".klaro .cookie-notice",
        accept=".klaro .cm-btn-success",
        advertises="klaro.getManager().consents.targeting",
    )


def tarteaucitron() -> Contestant:
    """tarteaucitron, whose style, words and services are loaded by its script."""
    base = f"{_MODULES}/tarteaucitronjs"
    settings = {
        "privacyUrl": "/privacy", "hashtag": "#tarteaucitron", "cookieName": "tarteaucitron",
        "orientation": "bottom", "bodyPosition": "top", "highPrivacy": True, "DenyAllCta": True,
        "AcceptAllCta": True, "showAlertSmall": False, "cookieslist": False, "removeCredit": True,
        "handleBrowserDNTRequest": False, "showIcon": True, "mandatory": True,
    }  # fmt: skip
    services = "".join(
        f"tarteaucitron.services.{name} = {{key: '{name}', type: 'ads', name: '{label}', uri: '',"
        "needConsent: true, cookies: [], js() {}, fallback() {}};"
        f"(tarteaucitron.job = tarteaucitron.job || []).push('{name}');"
        for name, label in _CATEGORIES.items()
    )
    return Contestant(
        name="tarteaucitronjs",
        files=(
            _of(base, "tarteaucitron.min.js"),
            _of(base, "css/tarteaucitron.min.css"),
            _of(base, "lang/tarteaucitron.en.min.js"),
            _of(base, "tarteaucitron.services.min.js"),
        ),
        script=f"{base}/tarteaucitron.min.js",
        head="<script>tarteaucitronForceLanguage = 'en'</script>"
        f'<script src="{base}/tarteaucitron.min.js"></script>'
        f"<script>tarteaucitron.init({json.dumps(settings)});"
        f"tarteaucitron.services = tarteaucitron.services || {{}};{services}</script>",
        banner="#tarteaucitronAlertBig",
        accept="#tarteaucitronPersonalize2",
        advertises="tarteaucitron.state.targeting === true",
    )


def _of(base: str, name: str) -> Path:
    return INSTALLED / f"{base}/{name}".lstrip("/")
