"""The command ``privet``: one file a command group, each calling the same services as the pages."""

import sys

_IMPORT = ["import", "edx"]

__all__ = ["main"]


def main() -> None:
    """Run one command, as `privet.cli.app.main` does.

    The readers of an import take longest to be ready, so they begin before anything else is
    imported.
    """
    if sys.argv[1:3] == _IMPORT:
        from privet.intake.edx_forking import start_early  # noqa: PLC0415 - other commands do not

        start_early(text for text in sys.argv[3:] if not text.startswith("-"))
    from privet.cli import app  # noqa: PLC0415 - it imports all groups

    app.main()
