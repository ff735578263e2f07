"""The noise on small counts: the same learners give the same noise, wherever they are counted.

This is the cell-key method of official statistics (Fraser and Wooton, "A proposed method for
confidentialising tabular output to protect against differencing", UNECE 2005; Giessing,
"Computational issues in the design of transition probabilities and disclosure risk estimation for
additive noise", PSD 2016). Each learner has a random key, their pseudonym; the key of a cell is
the sum of the keys of its learners. A keyed hash of it, under a secret of the installation, picks
the noise from a table. So asking again, in another order, on another page or by another filter
that leaves the same learners, gives the same answer: averaging gains nothing.
"""

from functools import cache
from hashlib import blake2b
from itertools import accumulate
from math import exp

WIDEST = 5
"""The noise on a number of learners is at most this, either way."""
VARIANCE = 3.0
SMALLEST_SHOWN = 3
"""A number of learners is 0 or at least this."""
COMMON = WIDEST + SMALLEST_SHOWN
"""From this number on, all have the same noise."""

_SURE, _PART = 0.5, 0.25
"""A share of the largest contribution: at least so much by the learners, so much by the amount."""
_EXACT = 1e-11


class Noise:
    """The noise of one installation; two with other secrets have other noise."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def on_count(self, count: int, key: int) -> int:
        """A number of learners as it may be shown: 0, or at least `SMALLEST_SHOWN`.

        ``key`` is the sum of the learners' ``subject % 4294967296``.
        """
        return count + _pick(transition(count), self._draw("count", key))

    def on_amount(self, amount: float, top: float, *, count: int, key: int) -> float:
        """What some learners did, as it may be shown; the largest part of one of them is ``top``.

        To the noise of their number comes a random share of ``top``, from a quarter of it to all
        of it, so that even one who did nearly everything cannot be told. Most of the share hangs
        on the learners alone, so that asking about other days does not average it away; a part
        hangs on the amount too, so that it does not cancel when two sums of the same learners are
        compared. Whole numbers stay whole. Nothing stays nothing.
        """
        learners = self.on_count(count, key)
        if not amount or not learners:
            return 0
        noise = learners - count + top * self._share(amount, top, key)
        shown = max(0.0, amount + noise)
        return round(shown) if isinstance(amount, int) else shown

    def _share(self, amount: float, top: float, key: int) -> float:
        """From -1 to 1, with mean 0, and never nearer to 0 than a quarter."""
        drawn = self._draw("amount", key)
        sign, size = (1, 2 * drawn) if drawn < 0.5 else (-1, 2 * drawn - 1)
        moving = 2 * self._draw("part", key, f"{amount:.9g}", f"{top:.9g}") - 1
        return sign * (_SURE + _PART * size) + _PART * moving

    def _draw(self, label: str, *content: object) -> float:
        """A number from 0 to below 1, always the same for the same content."""
        text = ":".join((label, *map(str, content))).encode()
        digest = blake2b(text, key=self._secret, digest_size=8).digest()
        return int.from_bytes(digest, "big") / 2**64


@cache
def transition(count: int) -> dict[int, float]:
    """How likely each noise is on a number of learners: mean 0, variance `VARIANCE`.

    Of all such distributions it is the one of the largest entropy: it tells least. For 0 there is
    no noise at all.
    """
    if count == 0:
        return {0: 1.0}
    if count > COMMON:
        return transition(COMMON)
    allowed = [
        noise
        for noise in range(-WIDEST, WIDEST + 1)
        if count + noise == 0 or count + noise >= SMALLEST_SHOWN
    ]
    return _most_entropic(allowed)


def _most_entropic(values: list[int]) -> dict[int, float]:
    """The largest entropy under a mean and a variance is exp(a·v + b·v²): Newton finds a, b."""
    a = b = 0.0
    shares, off = _shares(values, a, b)
    while max(map(abs, off)) > _EXACT:
        step = _newton(shares, values, off)
        # A long step overshoots where few values are allowed.
        damping = min(1.0, 0.5 / max(map(abs, step)))
        a, b = a - damping * step[0], b - damping * step[1]
        shares, off = _shares(values, a, b)
    return dict(zip(values, shares, strict=True))


def _shares(values: list[int], a: float, b: float) -> tuple[list[float], tuple[float, float]]:
    """The distribution, and how far its mean and its variance are off."""
    weights = [exp(a * v + b * (v * v - VARIANCE)) for v in values]
    shares = [weight / sum(weights) for weight in weights]
    mean = _mean(shares, [float(v) for v in values])
    return shares, (mean, _mean(shares, [v * v - VARIANCE for v in values]))


def _newton(
    shares: list[float], values: list[int], off: tuple[float, float]
) -> tuple[float, float]:
    first = [v - off[0] for v in values]
    second = [v * v - VARIANCE - off[1] for v in values]
    aa = _mean(shares, [x * x for x in first])
    ab = _mean(shares, [x * y for x, y in zip(first, second, strict=True)])
    bb = _mean(shares, [y * y for y in second])
    size = aa * bb - ab * ab
    return (bb * off[0] - ab * off[1]) / size, (aa * off[1] - ab * off[0]) / size


def _mean(shares: list[float], values: list[float]) -> float:
    return sum(share * value for share, value in zip(shares, values, strict=True))


def _pick(chances: dict[int, float], drawn: float) -> int:
    noises = list(chances)
    up_to = accumulate(chances.values())
    # What rounding leaves above the last sum belongs to the last noise.
    return next(
        (noise for noise, sum_ in zip(noises, up_to, strict=True) if drawn < sum_), noises[-1]
    )
