"""The command ``privet``: one file a command group, each calling the same services as the pages."""

from privet.cli.app import main

__all__ = ["main"]
