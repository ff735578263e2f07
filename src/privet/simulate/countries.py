"""The countries that the learners are in: how many, how far from UTC, how many on a phone."""

from typing import NamedTuple

import numpy as np


class Country(NamedTuple):
    """One country."""

    code: str
    share: float
    hours_from_utc: float
    on_phones: float
    """How much more often than elsewhere a phone is used."""


COUNTRIES: tuple[Country, ...] = tuple(
    Country(*row)
    for row in (
        ("US", 0.25, -6, 0.7), ("IN", 0.12, 5.5, 2.2), ("GB", 0.08, 0, 0.8), ("DE", 0.06, 1, 0.7),
        ("BR", 0.06, -3, 1.6), ("FR", 0.05, 1, 0.8), ("ES", 0.05, 1, 1.0), ("CA", 0.04, -5, 0.7),
        ("MX", 0.04, -6, 1.6), ("CN", 0.03, 8, 1.2), ("AU", 0.03, 10, 0.8), ("IT", 0.03, 1, 1.0),
        ("NL", 0.02, 1, 0.7), ("PL", 0.02, 1, 0.9), ("JP", 0.02, 9, 0.9), ("EG", 0.02, 2, 2.0),
        ("CO", 0.015, -5, 1.6), ("ID", 0.015, 7, 2.2), ("ZA", 0.015, 2, 1.8),
        ("TR", 0.015, 3, 1.5), ("SE", 0.01, 1, 0.7), ("KR", 0.01, 9, 1.0), ("KE", 0.01, 3, 2.4),
        ("VN", 0.01, 7, 1.9),
    )
)  # fmt: skip

CODES = tuple(country.code for country in COUNTRIES)
SHARES = np.array([country.share for country in COUNTRIES])
SHARES = SHARES / SHARES.sum()
FROM_UTC = np.array([country.hours_from_utc for country in COUNTRIES])
ON_PHONES = np.array([country.on_phones for country in COUNTRIES])
NEAR = {
    "US": "CA", "CA": "US", "MX": "US", "GB": "FR", "FR": "ES", "ES": "FR", "IT": "FR", "DE": "NL",
    "NL": "DE", "PL": "DE", "SE": "DE", "BR": "CO", "CO": "BR", "JP": "KR", "KR": "JP", "CN": "VN",
    "VN": "CN",
}  # fmt: skip
"""A country close by, where there is one among these."""
