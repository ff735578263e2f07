"""What learners use: agents as browsers send them, read by the same reader as those of visitors."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from privet.network.facts import AgentFacts
from privet.simulate.randomness import Array


class ReadsAgents(Protocol):
    """What this needs of the room network."""

    def about_agent(self, agent: str) -> AgentFacts: ...


@dataclass(frozen=True)
class Device:
    """One kind of device: its agent, how common it is, how fast, and whether it is a phone."""

    agent: str
    share: float
    slowness: float
    is_mobile: bool


_WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
_SAFARI = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
_WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
_MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"
_IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X)"
_IPAD = "Mozilla/5.0 (iPad; CPU OS 17_7 like Mac OS X)"

DEVICES: tuple[Device, ...] = (
    Device(f"{_WINDOWS} {_WEBKIT} Chrome/141.0.0.0 Safari/537.36", 0.24, 1.0, False),
    Device(f"{_WINDOWS} {_WEBKIT} Chrome/140.0.0.0 Safari/537.36", 0.06, 1.0, False),
    Device(f"{_WINDOWS} {_WEBKIT} Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0", 0.09, 1.0, False),
    Device("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0",
           0.06, 1.05, False),
    Device(f"{_MAC} {_SAFARI} Version/18.6 Safari/605.1.15", 0.10, 0.85, False),
    Device(f"{_MAC} {_WEBKIT} Chrome/141.0.0.0 Safari/537.36", 0.08, 0.85, False),
    Device(f"Mozilla/5.0 (X11; Linux x86_64) {_WEBKIT} Chrome/141.0.0.0 Safari/537.36",
           0.02, 0.95, False),
    Device("Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0",
           0.03, 0.95, False),
    Device(f"Mozilla/5.0 (Linux; Android 15; K) {_WEBKIT} Chrome/141.0.0.0 Mobile Safari/537.36",
           0.12, 1.7, True),
    Device(f"Mozilla/5.0 (Linux; Android 13; K) {_WEBKIT} SamsungBrowser/28.0 "
           "Chrome/130.0.0.0 Mobile Safari/537.36", 0.04, 2.0, True),
    Device("Mozilla/5.0 (Android 14; Mobile; rv:144.0) Gecko/144.0 Firefox/144.0", 0.01, 1.9, True),
    Device(f"{_IPHONE} {_SAFARI} Version/18.6 Mobile/15E148 Safari/604.1", 0.11, 1.3, True),
    Device(f"{_IPHONE} {_SAFARI} CriOS/141.0.0.0 Mobile/15E148 Safari/604.1", 0.02, 1.35, True),
    Device(f"{_IPAD} {_SAFARI} Version/17.7 Mobile/15E148 Safari/604.1", 0.02, 1.2, True),
)  # fmt: skip


def read_devices(network: ReadsAgents) -> tuple[AgentFacts, ...]:
    """What the collector would have known of each device."""
    return tuple(network.about_agent(device.agent) for device in DEVICES)


def shares() -> Array:
    """How common each device is."""
    found = np.array([device.share for device in DEVICES])
    total: Array = found / found.sum()
    return total


MOBILE = np.array([device.is_mobile for device in DEVICES])
SLOWNESS = np.array([device.slowness for device in DEVICES])
