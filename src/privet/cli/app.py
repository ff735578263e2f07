"""Puts the command groups together, and tells errors in words instead of traces."""

import logging
import os
import secrets
import sys
from typing import Annotated

import typer

from privet import __version__
from privet.cli import (
    accounts,
    audit,
    catalogue,
    consent,
    imports,
    integrity,
    links,
    network,
    query,
    recommend,
    running,
    scan,
    simulate,
    sites,
)
from privet.kernel.errors import PrivetError, place_of

app = typer.Typer(
    name="privet",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    help="Learner-data privacy and tracking for online-learning platforms.",
)


def _print_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"privet {__version__}")
        raise typer.Exit


@app.callback()
def privet(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Learner-data privacy and tracking for online-learning platforms."""


app.add_typer(imports.app, name="import")
app.add_typer(network.app, name="network")
app.add_typer(accounts.account, name="account")
app.add_typer(accounts.institution, name="institution")
app.add_typer(sites.site, name="site")
app.add_typer(sites.key, name="key")
app.add_typer(audit.app, name="audit")
app.add_typer(consent.app, name="consent")
consent.app.command("scan")(scan.scan)
consent.app.command("links")(links.links)
app.add_typer(recommend.app, name="recommend")
app.add_typer(integrity.app, name="integrity")
app.command("catalogue")(catalogue.catalogue)
app.command("query")(query.query)
app.command("simulate")(simulate.simulate)
app.command("setup")(running.setup)
app.command("migrate")(running.setup)
app.command("serve")(running.serve)
app.command("collect")(running.collect)
app.command("worker")(running.worker)

_log = logging.getLogger(__name__)


def main() -> None:
    """Run one command; exit 0 only if it did what was asked.

    What Privet foresaw is told with what to do; anything else gets a number that stands in the
    log beside the kind of error, and no text of it, which could hold personal data.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "privet.web.settings")
    try:
        app()
    except PrivetError as error:
        typer.echo(error.what, err=True)
        typer.echo(error.remedy, err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        typer.echo("Stopped.", err=True)
        sys.exit(130)
    except BrokenPipeError:
        # Who reads our output has gone; there is nobody to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:  # noqa: BLE001 - a door: nothing of it is shown
        _tell_fault(error)
        sys.exit(1)


def _tell_fault(error: Exception) -> None:
    number = secrets.token_hex(4)
    _log.error("Fault %s: %s at %s", number, type(error).__name__, place_of(error))
    typer.echo(f"Something went wrong that was not foreseen (fault {number}).", err=True)
    typer.echo("Look for that number in the log and report it with the command.", err=True)
