"""``privet import``: bring logs of a platform in, and look at what was brought in."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from privet.catalogue.uses import Use, parse_uses, use_names
from privet.cli.installation import open_installation, operator
from privet.cli.printing import AsJson, print_json, print_rows
from privet.cli.progress import progress_bar
from privet.intake.edx_forking import start_early

if TYPE_CHECKING:
    from privet.intake.edx_import import Progress as Reached
    from privet.intake.edx_record import Import

app = typer.Typer(no_args_is_help=True, help="Bring in logs, and see what was brought in.")

_COUNTS = ("skipped", "rejected", "not_permitted", "fields_dropped")


def _read_uses(text: str) -> Use:
    try:
        return parse_uses(text)
    except KeyError as error:
        known = ", ".join(use_names(Use(255)))
        raise typer.BadParameter(f"One of the uses is unknown. Known are: {known}.") from error


@app.command()
def edx(  # noqa: PLR0917 - one parameter an option, as Typer has it
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH…", help="Files, directories, or - for input.")
    ],
    uses: Annotated[
        str, typer.Option(help="What you may use these past events for, separated by commas.")
    ] = "instruction,security,integrity",
    site: Annotated[
        str, typer.Option(help="The platform whose learners these are, by its short name.")
    ] = "edx",
    name: Annotated[str, typer.Option(help="A name for the record of this import.")] = "",
    follow: Annotated[
        bool, typer.Option("--follow", help="Go on with what is added, until interrupted.")
    ] = False,
    workers: Annotated[int, typer.Option(min=0, help="Processes that read; 0 for one a core.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Import Open edX tracking logs: plain or gzip, files or directories.

    Running the same import again adds nothing, and takes up one that was stopped. A learner's
    own decision always narrows what --uses permits.
    """
    permitted = _read_uses(uses)
    if workers != 1:
        start_early(paths)
    open_installation()
    from privet.intake.edx_import import (  # noqa: PLC0415 - it imports tables
        ImportRequest,
        Surroundings,
        run_import,
    )
    from privet.intake.loader import close_loader, load_once  # noqa: PLC0415 - it imports tables
    from privet.kernel.config import read_config  # noqa: PLC0415 - beside the others

    request = ImportRequest(
        paths=tuple(paths), site=site, uses=permitted, name=name, is_following=follow
    )
    with _stop_on_signals() as is_stopped, _progress() as on_progress:
        around = Surroundings(
            config=read_config(),
            load_once=load_once,
            on_progress=on_progress,
            is_stopped=is_stopped.is_set,
            workers=workers or None,
        )
        try:
            record = run_import(request, by=operator(), around=around)
        finally:
            close_loader()
    if as_json:
        print_json(_report(record))
    else:
        _print_report(record)
    if is_stopped.is_set() and not follow:
        raise typer.Exit(130)


@app.command("list")
def list_imports(as_json: AsJson = False) -> None:
    """List all imports, the last one first."""
    open_installation()
    from privet.intake import edx_record  # noqa: PLC0415 - needs settings

    rows = [_row(record) for record in edx_record.list_imports()]
    print_rows(rows, as_json=as_json, empty="Nothing was imported yet.")


@app.command()
def show(
    number: Annotated[int, typer.Argument(help="The import's number, from `privet import list`.")],
    as_json: AsJson = False,
) -> None:
    """Show one import: what was said of it, its files, and each line that was rejected."""
    open_installation()
    from privet.intake.edx_record import find_import  # noqa: PLC0415 - needs settings

    found = find_import(number)
    described = _row(found) | _report(found) | {"paths": found.paths, "problem": found.problem}
    described["files"] = [
        {"path": f.path, "bytes": f.offset, "lines": f.lines, "complete": f.is_complete}
        for f in found.files.order_by("pk")
    ]
    described["rejects"] = list(_rejects(found))
    if as_json:
        print_json(described)
        return
    for key, value in described.items():
        if key not in ("files", "rejects"):
            typer.echo(f"{key}: {value}")
    print_rows(described["files"], as_json=False, empty="It has read no file.")
    print_rows(described["rejects"], as_json=False, empty="No line was rejected.")


def _rejects(record: "Import") -> Iterator[dict[str, Any]]:
    for file in record.files.order_by("pk"):
        for reject in file.rejects.order_by("offset").iterator():
            yield {
                "path": file.path,
                "offset": reject.offset,
                "bytes": reject.size_bytes,
                "hash": bytes(reject.hash).hex(),
                "reason": reject.reason,
            }


def _row(record: "Import") -> dict[str, Any]:
    return {
        "number": record.pk,
        "state": str(record.state),
        "name": record.name,
        "site": record.site,
        "uses": ",".join(use_names(Use(record.uses))),
        "by": record.by,
        "started": record.started.isoformat(timespec="seconds"),
        "lines": record.lines,
        "events": record.events,
        "stored": record.stored,
    }


def _report(record: "Import") -> dict[str, Any]:
    return {
        "import": record.pk,
        "lines": record.lines,
        "events": record.events,
        "skipped": record.skipped,
        "rejected": record.rejected,
        "not_permitted": record.not_permitted,
        "stored": record.stored,
        "duplicates": record.duplicates,
        "loaded_elsewhere": record.loaded_elsewhere,
        "fields_dropped": record.fields_dropped,
        "seconds": round(record.seconds, 3),
    }


def _print_report(record: "Import") -> None:
    table = Table("What", "Lines", title=f"Import {record.pk}, {record.seconds:.1f} s")
    table.add_row("lines", f"{record.lines:,}")
    table.add_row("events", f"{record.events:,}")
    for kind in _COUNTS[:3]:
        for reason, count in sorted(getattr(record, kind).items()):
            table.add_row(f"{kind.replace('_', ' ')}: {reason}", f"{count:,}")
    table.add_row("stored", f"{record.stored:,}")
    table.add_row("duplicates", f"{record.duplicates:,}")
    if record.loaded_elsewhere:
        table.add_row("not yet said by the loader", f"{record.loaded_elsewhere:,}")
    Console().print(table)
    if record.rejected:
        typer.echo(f"See the rejected lines with: privet import show {record.pk}")


@contextmanager
def _stop_on_signals() -> Iterator[Event]:
    """The first signal asks for a clean stop; the second one ends the process."""
    stopped = Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        if stopped.is_set():
            raise KeyboardInterrupt
        stopped.set()

    before = {each: signal.signal(each, stop) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stopped
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


@contextmanager
def _progress() -> "Iterator[Callable[[Reached], None]]":
    """Shows the bytes that are read, and how many lines that is a second."""
    began = time.monotonic()
    with progress_bar("Importing") as show:

        def tell(reached: "Reached") -> None:
            rate = reached.lines / max(time.monotonic() - began, 0.001)
            words = f"{reached.lines:,} lines, {rate:,.0f} a second"
            show(words, reached.done_bytes, reached.total_bytes)

        yield tell
