"""What a process remembers of its installation; a test with a home of its own forgets it."""

from privet.events.lake import default_lake
from privet.intake.loader import default_loader
from privet.web import network
from privet.web.api import client, surroundings


def forget_installation() -> None:
    """Let the next who asks for the lake, the keys or the counters get those of the home of now."""
    for remembered in (
        default_lake,
        default_loader,
        surroundings.installation,
        surroundings._live,
        network._network,
        client._network,
    ):
        remembered.cache_clear()
    surroundings.SITES.__init__()  # type: ignore[misc]
