"""Shows how far long work has come."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress

Show = Callable[[str, float, float | None], None]
"""Called with what is being done in words, how much is done, and of how much, if that is known."""


@contextmanager
def progress_bar(beginning: str) -> Iterator[Show]:
    """A bar on standard error if that is a terminal; else nothing is shown."""
    console = Console(stderr=True)
    bar = Progress(console=console, disable=not console.is_terminal)
    task = bar.add_task(beginning, total=None)

    def show(words: str, done: float, total: float | None) -> None:
        bar.update(task, description=words, completed=done, total=total)

    with bar:
        yield show
