"""Whose consent something is about."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Who:
    """Whose consent changes: a learner, a visitor with a number, or (no key) nobody known."""

    site: str
    """The slug of the site where it happens."""
    key: bytes | None = None
    account_id: int | None = None
    birth_year: int | None = None
    country: str = ""
    """ISO 3166-1; empty if unknown."""
    default_regime: str = ""
    """The site's word for people of unknown place; empty is the strictest."""
