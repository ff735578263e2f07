"""What the banner and the privacy centre list in a category: a reading of the registry."""

from collections.abc import Sequence

from privet.consent.registry import Category, Technology, read_platform_registry


def listed_in(category: Category) -> Sequence[Technology]:
    """The platform's cookies and similar technologies of a category, in the registry's order."""
    return read_platform_registry().of(category)
