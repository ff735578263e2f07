"""Random numbers that depend on the seed and on a name, and never on the order of the work.

Each part of the population has a stream of its own, and what is drawn for one event comes from the
event's number by a mixing function. So the same seed gives the same events however they are cut
into chunks.
"""

from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)


def number_of(seed: int, *names: str | int) -> int:
    """A 128-bit number for a seed and the name of what it is for."""
    text = "/".join(str(name) for name in (seed, *names))
    return int.from_bytes(sha256(text.encode()).digest()[:16], "big")


def stream(seed: int, *names: str | int) -> np.random.Generator:
    """The stream of random numbers of that name."""
    return np.random.Generator(np.random.PCG64(number_of(seed, *names)))


def mix(numbers: Array, salt: int) -> Array:
    """64 well-mixed bits for each number and a salt (the finaliser of SplitMix64)."""
    x = numbers.astype(np.uint64) * _GOLDEN + np.uint64(salt & 0xFFFF_FFFF_FFFF_FFFF)
    x = (x ^ (x >> np.uint64(30))) * _FIRST
    x = (x ^ (x >> np.uint64(27))) * _SECOND
    return x ^ (x >> np.uint64(31))


def fractions(numbers: Array, salt: int) -> Array:
    """A number from 0 up to 1 for each number and a salt."""
    return (mix(numbers, salt) >> np.uint64(11)).astype(np.float64) * 2.0**-53


def lognormal(random: np.random.Generator, median: float | Array, sigma: float, size: Any) -> Array:
    """Log-normal values by their median."""
    found: Array = median * np.exp(sigma * random.standard_normal(size))
    return found
