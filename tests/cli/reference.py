"""Writes docs/reference/cli.md from the command itself: ``python -m tests.cli.reference``."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from privet.cli.app import app

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "cli.md"
_HEAD = """# The command

Commands that print data take `--json` and then print one JSON value on standard output; progress
and errors go to standard error. The exit code is 0 only if what was asked is done, 2 for a wrong
command line, 130 for an interrupted one, else 1. Settings come from the environment
([all of them](settings.md)). A command that needs an installation makes a new embedded one if
there is none.
"""


def page() -> str:
    """The whole page."""
    return _HEAD + "".join(_sections(typer.main.get_command(app), "privet"))


def _sections(command: Any, path: str) -> Iterator[str]:
    commands = getattr(command, "commands", None)
    if commands is None:
        yield _section(command, path)
        return
    for name, inner in sorted(commands.items()):
        yield from _sections(inner, f"{path} {name}")


def _section(command: Any, path: str) -> str:
    shown = [_parameter(p) for p in command.params if p.name != "help"]
    words = " ".join((command.help or "").split())
    table = "\n| parameter | what it is | default |\n| --- | --- | --- |\n" + "".join(shown)
    return f"\n## `{path}`\n\n{words}\n" + (table if shown else "")


def _parameter(parameter: Any) -> str:
    is_option = any(word.startswith("-") for word in parameter.opts)
    name = ", ".join(parameter.opts) if is_option else parameter.metavar or parameter.name.upper()
    has_default = isinstance(parameter.default, str | int) and parameter.default not in (False, "")
    default = f"`{parameter.default}`" if has_default else ""
    return f"| `{name}` | {parameter.help or ''} | {default} |\n"


if __name__ == "__main__":
    PAGE.write_text(page())
