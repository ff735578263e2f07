"""Browsers, systems and devices, as they are met."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privet.network.agents import MAX_AGENT, AgentReader
from privet.network.client_hints import HINT_HEADERS
from privet.network.facts import AgentFacts, DeviceType

READER = AgentReader()
WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
WINDOWS = f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/128.0.0.0 Safari/537.36"
ANDROID = f"Mozilla/5.0 (Linux; Android 10; K) {WEBKIT} Chrome/128.0.0.0 Mobile Safari/537.36"
ANDROID_TABLET = f"Mozilla/5.0 (Linux; Android 10; K) {WEBKIT} Chrome/128.0.0.0 Safari/537.36"
LINUX = f"Mozilla/5.0 (X11; Linux x86_64) {WEBKIT} Chrome/128.0.0.0 Safari/537.36"
SAFARI = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS {os} like Mac OS X) "
    + SAFARI
    + " {rest} Mobile/15E148 Safari/604.1"
)
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X {os}) " + SAFARI + " Version/{v} Safari/605.1.15"
IPAD = f"Mozilla/5.0 (iPad; CPU OS 16_4 like Mac OS X) {SAFARI} Version/16.4 Mobile Safari/604.1"
GALAXY = (
    f"Mozilla/5.0 (Linux; Android 13; SM-S901B) {WEBKIT} SamsungBrowser/21.0 "
    "Chrome/110.0.5481.154 Mobile Safari/537.36"
)
PLAYSTATION = f"Mozilla/5.0 (PlayStation 5 3.11) {SAFARI} Version/15.4 Safari/605.1.15"


def _read(agent: str, **hints: str) -> AgentFacts:
    """Hints by short names: ``ua``, ``platform``, ``platform_version`` …"""
    headers = {
        "sec-ch-ua" if name == "ua" else f"sec-ch-ua-{name.replace('_', '-')}": value
        for name, value in hints.items()
    }
    return READER.read(agent, headers)


@pytest.mark.parametrize(
    ("agent", "browser", "system", "device"),
    [
        (WINDOWS, "Chrome 128", "Windows 10/11", "desktop"),
        (WINDOWS + " Edg/128.0.0.0", "Edge 128", "Windows 10/11", "desktop"),
        (WINDOWS + " OPR/113.0.0.0", "Opera 113", "Windows 10/11", "desktop"),
        (
            "Mozilla/5.0 (Windows NT 6.1; rv:115.0) Gecko/20100101 Firefox/115.0",
            "Firefox 115", "Windows 7", "desktop",
        ),
        (MAC.format(os="10_15_7", v="17.4"), "Safari 17", "macOS", "desktop"),
        (MAC.format(os="10_13_6", v="13.1"), "Safari 13", "macOS 10.13", "desktop"),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 11.6; rv:92.0) Gecko/20100101 Firefox/92.0",
            "Firefox 92", "macOS 11", "desktop",
        ),
        (IPHONE.format(os="17_4", rest="Version/17.4"), "Safari 17", "iOS 17", "mobile"),
        (IPHONE.format(os="18_6", rest="Version/26.0"), "Safari 26", "iOS 26", "mobile"),
        (IPHONE.format(os="17_4", rest="CriOS/120.0"), "Chrome 120", "iOS 17", "mobile"),
        (IPAD, "Safari 16", "iPadOS 16", "tablet"),
        (ANDROID, "Chrome 128", "Android", "mobile"),
        (ANDROID_TABLET, "Chrome 128", "Android", "tablet"),
        (GALAXY, "Samsung Internet 21", "Android 13", "mobile"),
        (
            f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {WEBKIT} Chrome/128.0.0.0 Safari/537.36",
            "Chrome 128", "ChromeOS", "desktop",
        ),
        (
            "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0",
            "Firefox 120", "Ubuntu", "desktop",
        ),
        (PLAYSTATION, "Safari 15", None, "console"),
        (
            f"Mozilla/5.0 (Web0S; Linux/SmartTV) {WEBKIT} Chrome/87.0.4280.88 Safari/537.36",
            "Chrome 87", "webOS", "tv",
        ),
        ("HedgeApp/1 CFNetwork/1410.0.3 Darwin/22.6.0", "HedgeApp 1", "iOS 16", "mobile"),
        (
            "Dalvik/2.1.0 (Linux; U; Android 13; Pixel 7 Build/TQ3A)",
            "Android Browser 13", "Android 13", "mobile",
        ),
        ("okhttp/4.9.3", "okhttp 4", None, "other"),
        ("", None, None, "other"),
    ],
)  # fmt: skip
def test_an_agent_has_browser_system_and_device(
    agent: str, browser: str | None, system: str | None, device: str
) -> None:
    facts = _read(agent)
    assert (facts.browser, facts.os, facts.device.value) == (browser, system, device)
    assert not facts.is_bot


@pytest.mark.parametrize(
    ("brands", "browser"),
    [
        ('"Chromium";v="128", "Not;A=Brand";v="24", "Brave";v="128"', "Brave 128"),
        ('"Microsoft Edge";v="128", "Chromium";v="128"', "Edge 128"),
        ('"Opera";v="113", "Chromium";v="127"', "Opera 113"),
        ('"Chromium";v="128", "Google Chrome";v="128"', "Chrome 128"),
        ('"Chromium";v="128"', "Chromium 128"),
        ('"Chromium";v="127", "YaBrowser";v="24.7", "Yowser";v="2.5"', "Yandex Browser 24"),
        ('"Hedge<script>";v="1"', "Chrome 128"),
        ('"Brave";v="one"', "Brave"),
        ("broken", "Chrome 128"),
    ],
)
def test_the_brands_name_the_browser(brands: str, browser: str) -> None:
    assert _read(WINDOWS, ua=brands).browser == browser


def test_an_agent_that_names_more_than_chrome_goes_before_its_brands() -> None:
    facts = _read(WINDOWS + " Vivaldi/6.9", ua='"Chromium";v="128", "Google Chrome";v="128"')
    assert facts.browser is not None
    assert facts.browser.startswith("Vivaldi")


@pytest.mark.parametrize(
    ("version", "system"),
    [
        ("15.0.0", "Windows 11"),
        ("13.0.0", "Windows 11"),
        ("10.0.0", "Windows 10"),
        ("1.0.0", "Windows 10"),
        ("0.3.0", "Windows 8.1"),
        ("0.1", "Windows 7"),
        ("0", "Windows 10/11"),
        ("99999", "Windows 10/11"),
        ("eleven", "Windows 10/11"),
        ("", "Windows 10/11"),
    ],
)
def test_the_platform_version_tells_windows_11_from_10(version: str, system: str) -> None:
    facts = _read(WINDOWS, platform='"Windows"', platform_version=f'"{version}"')
    assert facts.os == system


@pytest.mark.parametrize(
    ("agent", "platform", "version", "system"),
    [
        (ANDROID, "Android", "14.0.0", "Android 14"),
        (ANDROID, "Android", "", "Android"),
        (LINUX, "Android", "", "Android"),
        (LINUX, "Linux", "6.5.0", "Linux"),
        (LINUX, "macOS", "14.5.0", "macOS 14"),
        (LINUX, "macOS", "0.0.0", "macOS"),
        (LINUX, "macOS", "fourteen", "macOS"),
        (LINUX, "Chrome OS", "15000.1", "ChromeOS"),
        (LINUX, "Hedge OS", "1", "Linux"),
        (WINDOWS, "Linux", "6.5.0", "Linux"),
        (LINUX.replace("X11; Linux", "X11; Ubuntu; Linux"), "Linux", "6.5", "Ubuntu"),
        (LINUX.replace("Linux x86_64", "CrOS armv7l 13597.84.0"), "Linux", "5.4", "ChromeOS"),
        ("", "Windows", "15.0.0", "Windows 11"),
    ],
)
def test_the_platform_names_the_system(
    agent: str, platform: str, version: str, system: str
) -> None:
    facts = _read(agent, platform=f'"{platform}"', platform_version=f'"{version}"')
    assert facts.os == system


def test_a_version_without_a_platform_belongs_to_the_agents_system() -> None:
    assert _read(ANDROID, platform_version='"15.0.0"').os == "Android 15"
    assert _read(LINUX, platform_version='"6.5.0"').os == "Linux"


@pytest.mark.parametrize(
    ("agent", "hints", "device"),
    [
        (ANDROID_TABLET, {"mobile": "?1"}, DeviceType.MOBILE),
        (ANDROID_TABLET, {"mobile": "?0"}, DeviceType.TABLET),
        (ANDROID, {"form_factors": '"Tablet", "Mobile"'}, DeviceType.TABLET),
        (ANDROID, {"form_factors": '"Automotive"'}, DeviceType.OTHER),
        (ANDROID, {"form_factors": '"EInk"'}, DeviceType.MOBILE),
        (ANDROID, {"model": '"SM-X710"'}, DeviceType.TABLET),
        (ANDROID, {"model": '"BRAVIA 4K"'}, DeviceType.TV),
        ("HedgeApp/2.0", {"platform": '"Android"'}, DeviceType.MOBILE),
        ("HedgeApp/2.0", {"platform": '"iOS"'}, DeviceType.MOBILE),
        ("HedgeApp/2.0", {"platform": '"Windows"'}, DeviceType.DESKTOP),
    ],
)
def test_hints_tell_the_device(agent: str, hints: dict[str, str], device: DeviceType) -> None:
    assert _read(agent, **hints).device is device


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        ("Dalvik/2.1.0 (Linux; U; Android 9; AFTMM Build/PS7)", DeviceType.TV),
        ("Dalvik/1.6.0 (Linux; U; Android 4.4.2; Hedge Build/KOT49H)", DeviceType.MOBILE),
        ("Dalvik/1.6.0 (Linux; U; Android 4.4.2; generic tab Build/K)", DeviceType.MOBILE),
    ],
)
def test_an_apps_library_on_android_tells_the_device(agent: str, device: DeviceType) -> None:
    assert _read(agent).device is device


@pytest.mark.parametrize(
    ("agent", "hint", "model"),
    [
        (ANDROID, '"Pixel 8"', "Pixel 8"),
        (ANDROID, '""', None),
        (ANDROID, '"<b>"', None),
        (ANDROID.replace("Android 10; K", "Android 13; Pixel 7"), "", "Pixel 7"),
        (WINDOWS, "", None),
        ("Googlebot/2.1", "", None),
    ],
)
def test_the_model_is_told_where_it_is_known(agent: str, hint: str, model: str | None) -> None:
    assert _read(agent, model=hint).model == model


@pytest.mark.parametrize(
    "agent",
    [
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "python-requests/2.31",
        "curl/8.0",
        "Googlebot/2.1 okhttp/4.9.3",
        WINDOWS.replace("Chrome/", "HeadlessChrome/"),
    ],
)
def test_a_crawler_is_a_bot(agent: str) -> None:
    facts = _read(agent)
    assert (facts.is_bot, facts.device) == (True, DeviceType.BOT)


@pytest.mark.parametrize("agent", ["okhttp/4.9.3", "Dart/2.19 (dart:io)", "Hedge/1 CFNetwork/1410"])
def test_the_library_of_a_native_app_is_no_bot(agent: str) -> None:
    assert not _read(agent).is_bot


def test_an_agent_that_holds_an_address_gives_no_name() -> None:
    facts = _read("alice@hedge.example/1.0 CFNetwork/1410 Darwin/22.6.0")
    assert "alice@" not in repr(facts)


def test_only_the_beginning_of_a_long_agent_counts() -> None:
    assert _read(WINDOWS + " " + "x" * MAX_AGENT) == _read(WINDOWS)


def test_a_hint_that_is_too_long_is_as_if_not_sent() -> None:
    assert _read(WINDOWS, platform='"' + "x" * 600 + '"') == _read(WINDOWS)


def test_the_cache_of_agents_is_bounded() -> None:
    reader = AgentReader(cache_size=5)
    for n in range(9):
        reader.read(f"Hedge/{n}", {})
    assert reader._cached.cache_info().currsize == 5


@given(
    st.text(max_size=80),
    st.dictionaries(st.sampled_from((*HINT_HEADERS, "accept")), st.text(max_size=30)),
)
def test_nothing_that_is_sent_makes_it_fail(agent: str, hints: dict[str, str]) -> None:
    facts = READER.read(agent, hints)
    assert facts.browser is None or facts.browser.isprintable()
    assert facts.os is None or facts.os.isprintable()
