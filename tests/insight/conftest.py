"""The month of events that the pages are tested with, too."""

from tests.web.conftest import empty_home, filled, home_with_events

__all__ = ["empty_home", "filled", "home_with_events"]
