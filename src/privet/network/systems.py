"""The name of an operating system, with its main version where that can still be known.

Browsers froze what their agent says: Windows stays at 10, macOS at 10.15.7, Android at 10 with
the model K, iOS at 18. Where hints tell the truth it is taken; where nothing does, no version is
claimed.
"""

import re

from ua_parser import OS, Result

from privet.network.client_hints import Hints

_FAMILIES = {"Chrome OS": "ChromeOS", "Mac OS X": "macOS", "Mac OS": "macOS", "Web0S": "webOS"}
_PLATFORMS = {
    "Android": "Android",
    "Chrome OS": "ChromeOS",
    "Chromium OS": "ChromeOS",
    "Fuchsia": "Fuchsia",
    "Linux": "Linux",
    "Mac OS X": "macOS",
    "Windows": "Windows",
    "iOS": "iOS",
    "macOS": "macOS",
}
_VERSIONED = frozenset({"Android", "iOS", "macOS"})
_OLD_WINDOWS = {"0.1": "7", "0.2": "8", "0.3": "8.1"}
_FIRST_OF_WINDOWS_11 = 13
_FROZEN_ANDROID = re.compile(r"Android 10; K\)")
# Since Safari 26 the agent stays at iOS 18, and Safari's own version is that of the system.
_SAFARI_SINCE_26 = re.compile(r"Version/(2[6-9]|[3-9][0-9])\.")
_VERSION = re.compile(r"10/11|[0-9A-Za-z]{1,6}(?:\.[0-9]{1,3})?")
_PLAIN = re.compile(r"[\w .+-]{1,40}")


def name_system(parsed: Result, hints: Hints) -> str | None:
    """``Windows 11``: by the hints if they name a platform, else by the agent."""
    platform = _platform(parsed, hints)
    if platform is None:
        return _by_agent(parsed)
    version = _by_hint(platform, hints.platform_version)
    if version is None and _family(parsed.os) == platform:
        return _by_agent(parsed)
    return f"{platform} {version}" if version else platform


def _platform(parsed: Result, hints: Hints) -> str | None:
    """The platform of the hints; None where the agent says more than they do."""
    told = _family(parsed.os)
    if hints.platform is None:
        return told if hints.platform_version and told in {*_VERSIONED, "Windows"} else None
    platform = _PLATFORMS.get(hints.platform)
    # Linux in the hints may be a distribution, or ChromeOS, in the agent.
    return None if platform == "Linux" and told not in {None, "Android", "Windows"} else platform


def _by_hint(platform: str, version: str | None) -> str | None:
    if not version:
        return None
    if platform == "Windows":
        return _windows(version)
    major = version.partition(".")[0]
    is_known = platform in _VERSIONED and major.isascii() and major.isdigit() and len(major) <= 3
    return major if is_known and major.strip("0") else None


def _windows(version: str) -> str | None:
    """The platform version counts API contracts: 13 and up is 11, 1 to 12 is 10."""
    major, _, rest = version.partition(".")
    if not (major.isascii() and major.isdigit() and len(major) <= 3):
        return None
    if int(major) >= _FIRST_OF_WINDOWS_11:
        return "11"
    return "10" if int(major) > 0 else _OLD_WINDOWS.get(f"0.{rest.partition('.')[0]}")


def _by_agent(parsed: Result) -> str | None:
    family = _family(parsed.os)
    if family is None or parsed.os is None:
        return None
    version = _agent_version(family, parsed.os, parsed.string)
    if family == "iOS" and parsed.device and parsed.device.family == "iPad":
        family = "iPadOS"
    return f"{family} {version}" if version and _VERSION.fullmatch(version) else family


def _family(system: OS | None) -> str | None:
    if system is None or not _PLAIN.fullmatch(system.family):
        return None
    return _FAMILIES.get(system.family, system.family)


def _agent_version(family: str, system: OS, agent: str) -> str | None:
    match family:
        case "Windows":
            return "10/11" if system.major == "10" else system.major
        case "macOS":
            return _mac_version(system)
        case "iOS":
            safari = _SAFARI_SINCE_26.search(agent)
            return safari.group(1) if safari else system.major
        case "Android":
            return None if _FROZEN_ANDROID.search(agent) else system.major
        case "ChromeOS":
            return None  # It counts builds here, not versions.
        case _:
            return system.major


def _mac_version(system: OS) -> str | None:
    if system.major != "10":
        return system.major
    return None if system.minor == "15" else f"10.{system.minor}"
