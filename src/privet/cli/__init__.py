"""The command ``privet``: one file a command group, each calling the same services as the pages."""

import gc
import sys

_IMPORT = ["import", "edx"]

__all__ = ["main"]


def main() -> None:
    """Run one command, as `privet.cli.app.main` does; an import begins and ends quickly."""
    if sys.argv[1:3] != _IMPORT:
        return _run()
    # Its readers take longest to be ready, so they begin before anything else is imported.
    from privet.intake.edx_forking import start_early  # noqa: PLC0415 - other commands do not

    start_early(text for text in sys.argv[3:] if not text.startswith("-"))
    try:
        _run()
    finally:
        _leave()


def _run() -> None:
    from privet.cli import app  # noqa: PLC0415 - it imports all groups

    app.main()


def _leave() -> None:
    """Close the database, and let the memory go with the process, unsearched for garbage."""
    if "django.db" in sys.modules:
        from django.db import connections  # noqa: PLC0415 - it is there already

        connections.close_all()
    gc.freeze()
