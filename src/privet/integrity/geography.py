"""How far countries are apart at least: the lake knows no coordinate, only countries.

``countries.csv`` has the middle and the radius of each country's largest part, from the shapes of
Natural Earth (public domain). The distance that counts is from border to border, so countries that
touch are never apart; what remains is what nobody can travel.
"""

import csv
from functools import cache
from importlib.resources import files
from math import asin, cos, radians, sin, sqrt

_EARTH_KM = 6371.0
_LEAST_KM = 100.0


def kilometres_apart(one: str, other: str) -> float | None:
    """The least distance between two countries (ISO 3166-1); none if one is not known."""
    places = _places()
    if one not in places or other not in places:
        return None
    (lat, lon, radius), (lat2, lon2, radius2) = places[one], places[other]
    half = sin(radians(lat2 - lat) / 2) ** 2
    half += cos(radians(lat)) * cos(radians(lat2)) * sin(radians(lon2 - lon) / 2) ** 2
    between = 2 * _EARTH_KM * asin(min(1.0, sqrt(half)))
    return max(0.0, between - radius - radius2)


def hours_needed(one: str, other: str, *, kilometres_an_hour: float) -> float | None:
    """How long the way takes at least; none if the countries may be near, or are not known."""
    apart = kilometres_apart(one, other)
    if apart is None or apart <= _LEAST_KM:
        return None
    return apart / kilometres_an_hour


@cache
def _places() -> dict[str, tuple[float, float, float]]:
    text = (files("privet.integrity") / "countries.csv").read_text("utf-8")
    return {
        row["country"]: (float(row["latitude"]), float(row["longitude"]), float(row["radius_km"]))
        for row in csv.DictReader(text.splitlines())
    }
