"""The type of a device, and its model where one was told."""

import re

from ua_parser import Device, Result

from privet.network.client_hints import Hints
from privet.network.facts import DeviceType

_CONSOLE = re.compile(r"PlayStation|Nintendo|\bXbox|Steam Deck", re.IGNORECASE)
_TV = re.compile(
    r"smart-?tv|\btv\b|appletv|apple tv|googletv|web0s|webos\.tv|hbbtv|netcast|roku|bravia|crkey"
    r"|\baft[a-z]{1,4}[0-9]{0,3}\b|viera|nettv|opera tv|tizen.*\btv|dtv\b|set-?top",
    re.IGNORECASE,
)
_TABLET = re.compile(
    r"ipad|tablet|kindle|silk/|playbook|nexus (?:7|9|10)\b|sm-[tx]\d", re.IGNORECASE
)
_PHONE = re.compile(
    r"iphone|ipod|windows phone|iemobile|blackberry|\bbb10\b|opera mini|\bmobile\b|\bmobi\b|kaios"
    r"|symbian|series60|nokia",
    re.IGNORECASE,
)
_DESKTOP = re.compile(r"windows nt|macintosh|mac os x|imac|macbook|\bx11\b|linux", re.IGNORECASE)
_ANDROID = re.compile(r"android", re.IGNORECASE)

_FORM_FACTORS = {
    "tablet": DeviceType.TABLET,
    "mobile": DeviceType.MOBILE,
    "desktop": DeviceType.DESKTOP,
    "automotive": DeviceType.OTHER,
    "watch": DeviceType.OTHER,
    "xr": DeviceType.OTHER,
}
_NO_MODELS = frozenset({"K", "Other", "Mac", "iPhone", "iPad", "iPod", "iOS-Device"})
_MODEL = re.compile(r"[\w .+()/-]{1,40}")


def device_of(parsed: Result, hints: Hints) -> DeviceType:
    """The type by the form factor if it was sent, else by the agent, else by ``?1``."""
    agent = f"{parsed.string} {hints.model or ''}"
    if _CONSOLE.search(agent):
        return DeviceType.CONSOLE
    if _TV.search(agent):
        return DeviceType.TV
    for factor, device in _FORM_FACTORS.items():
        if factor in hints.form_factors:
            return device
    return _by_agent(agent, parsed.device, hints)


def model_of(device: Device | None, hints: Hints) -> str | None:
    """The model by the hint or the agent; None for devices that have no telling one."""
    model = hints.model or (device.model if device else None)
    if model is None or model in _NO_MODELS or not _MODEL.fullmatch(model):
        return None
    return None if device and device.family == "Spider" else model


def _by_agent(agent: str, device: Device | None, hints: Hints) -> DeviceType:
    if _TABLET.search(agent):
        return DeviceType.TABLET
    if _PHONE.search(agent) or hints.is_mobile:
        return DeviceType.MOBILE
    if _ANDROID.search(agent) or hints.platform == "Android":
        return _android(agent, device)
    if (device and device.family == "iOS-Device") or hints.platform == "iOS":
        return DeviceType.MOBILE
    if _DESKTOP.search(agent) or hints.platform is not None:
        return DeviceType.DESKTOP
    return DeviceType.OTHER


def _android(agent: str, device: Device | None) -> DeviceType:
    """A browser on an Android phone says ``Mobile``; an app's own library says nothing at all."""
    is_browser = "AppleWebKit" in agent or "Gecko" in agent
    is_listed = device is not None and device.brand == "Generic_Android_Tablet"
    return DeviceType.TABLET if is_browser or is_listed else DeviceType.MOBILE
