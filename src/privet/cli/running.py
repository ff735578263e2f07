"""``privet setup``, ``serve``, ``collect``, ``worker``: make the installation, keep it running."""

import errno
import socket
from functools import partial
from typing import Annotated

import typer

from privet.cli.installation import make_installation, open_installation, set_up_django
from privet.cli.printing import AsJson, print_json
from privet.kernel.errors import PrivetError

_WAITING = 512
"""Requests that a process answers at once; further ones wait in the system's queue."""


class CannotListenError(PrivetError):
    """The address cannot be served on."""


def setup(as_json: AsJson = False) -> None:
    """Make the installation, or bring its tables to this version; safe to repeat."""
    set_up_django()
    make_installation(lambda words: None if as_json else typer.echo(words))
    if as_json:
        from privet.kernel.config import read_config  # noqa: PLC0415 - read late, like the rest

        print_json({"home": str(read_config().home), "done": True})
    else:
        typer.echo("Done.")


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 8000,
    workers: Annotated[int, typer.Option(min=1, help="Processes that answer.")] = 1,
) -> None:
    """Serve the collector, the learner's page and the console until interrupted."""
    open_installation()
    from privet.consent.registry import read_platform_registry  # noqa: PLC0415 - reads settings

    # Without it nobody can decide: better told here than at the first request.
    read_platform_registry()
    _check_free(host, port)
    from granian import Granian  # noqa: PLC0415 - other commands need not wait for it
    from granian.constants import Interfaces  # noqa: PLC0415 - the same

    Granian(
        "privet.server:application",
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=workers,
        backpressure=_WAITING,
        log_access=False,
        websockets=False,
    ).serve()


def _check_free(host: str, port: int) -> None:
    """Raise `CannotListenError` where something listens already.

    The server itself would share the port, and each request would come to one of the two by chance.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, _, _, address = found[0]
        with socket.socket(family, kind) as probe:
            # What was closed a moment ago is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        is_taken = error.errno == errno.EADDRINUSE
        why = "something listens there already" if is_taken else "the system does not allow it"
        raise CannotListenError(
            f"Nothing can be served on port {port} of {host}: {why}.",
            remedy="Stop what listens there, or give others with --port and --host.",
        ) from error


def collect(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 8001,
) -> None:
    """Take events and serve nothing else, on one core, until interrupted.

    For a platform whose events are too many for `serve`. Start one for each core; they may share
    a port. A proxy sends what is under /t/ to them, and all else to `serve`.
    """
    open_installation()
    import uvloop  # noqa: PLC0415 - other commands need not wait for it

    from privet.collector.direct import serve_until_signalled  # noqa: PLC0415 - the same

    def tell(port: int) -> None:
        typer.echo(f"Collecting on port {port} of {host}.")

    uvloop.run(serve_until_signalled(host=host, port=port, on_ready=tell))


def worker() -> None:
    """Load the log into the lake, keep it in order, run tasks, send mail, until interrupted."""
    open_installation()
    from privet.jobs.worker import run_worker  # noqa: PLC0415 - it imports tables
    from privet.kernel.clock import SystemClock  # noqa: PLC0415 - beside the others
    from privet.kernel.config import read_config  # noqa: PLC0415 - the same
    from privet.web.reports.weekly import put_weekly_mails  # noqa: PLC0415 - it imports tables

    put_weekly = partial(put_weekly_mails, config=read_config(), clock=SystemClock())
    run_worker(mail_chores=[put_weekly])
