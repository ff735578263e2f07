"""``privet network``: IP data from a file, and how old the data in use is."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from privet.kernel.clock import SystemClock
from privet.kernel.config import read_config
from privet.kernel.errors import PrivetError
from privet.network.facts import DataAge, DataSource
from privet.network.service import install_data, open_network, remove_data

app = typer.Typer(no_args_is_help=True, help="IP data: install it from a file, see its age.")

_BY = "operator"
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of words.")]


@app.command()
def update(
    file: Annotated[Path, typer.Argument(help="A .mmdb, .mmdb.gz or .tar.gz, or a list (.txt).")],
    as_json: AsJson = False,
) -> None:
    """Install IP data, or your own list of networks, for all running processes."""
    config = read_config()
    try:
        with _recorded("network.data.update", file.name):
            source = install_data(file, directory=config.network, by=_BY, clock=SystemClock())
    except PrivetError as error:
        raise _refuse(error) from error
    if as_json:
        typer.echo(json.dumps(_describe(source)))
        return
    answers = ", ".join(source.roles)
    typer.echo(f"Installed {source.name} of {source.data_date}; it answers: {answers}.")
    if source.attribution:
        typer.echo(f"Its licence wants shown: {source.attribution.text}, {source.attribution.url}")


@app.command()
def status(as_json: AsJson = False) -> None:
    """List the data in use, in the order in which it is asked; exit 1 if some is unusable."""
    network = open_network(read_config())
    ages = network.data_ages(datetime.now(UTC))
    if as_json:
        rows = [
            _describe(age.source) | {"age_days": age.age_days, "old": age.is_old} for age in ages
        ]
        typer.echo(json.dumps({"sources": rows, "faults": list(network.faults())}))
    else:
        Console().print(_table(ages))
        for fault in network.faults():
            typer.echo(fault, err=True)
    if network.faults():
        raise typer.Exit(1)


@app.command()
def remove(
    name: Annotated[str, typer.Argument(help="A name from `privet network status`.")],
) -> None:
    """Stop using data that you installed; what Privet brought along answers again."""
    config = read_config()
    try:
        with _recorded("network.data.remove", name):
            remove_data(name, directory=config.network)
    except PrivetError as error:
        raise _refuse(error) from error
    typer.echo(f"Removed {name}.")


@contextmanager
def _recorded(act: str, name: str) -> Iterator[None]:
    """The act stands in the audit chain if, and only if, the block ends well."""
    # Models can be imported only when Django is set up, and `status` should not wait for that.
    import django  # noqa: PLC0415

    django.setup()
    from django.db import DatabaseError, transaction  # noqa: PLC0415

    from privet.audit.service import record_act  # noqa: PLC0415

    try:
        with transaction.atomic():
            record_act(act=act, by=_BY, about={"data": name})
            yield
    except DatabaseError as error:
        raise PrivetError(
            "The database is not ready, so the act could not be recorded; nothing was changed.",
            remedy="Run: privet setup",
        ) from error


def _table(ages: tuple[DataAge, ...]) -> Table:
    table = Table("Data", "Answers", "Of", "Age in days", "Licence", "From")
    for age in ages:
        source = age.source
        table.add_row(
            source.name,
            ", ".join(source.roles),
            str(source.data_date),
            f"{age.age_days} (old)" if age.is_old else str(age.age_days),
            source.licence,
            "Privet" if source.is_embedded else "you",
        )
    return table


def _describe(source: DataSource) -> dict[str, object]:
    credit = source.attribution
    return {
        "name": source.name,
        "roles": list(source.roles),
        "date": source.data_date.isoformat(),
        "licence": source.licence,
        "sha256": source.sha256,
        "embedded": source.is_embedded,
        "attribution": {"text": credit.text, "url": credit.url} if credit else None,
    }


def _refuse(error: PrivetError) -> typer.Exit:
    typer.echo(f"{error.what} {error.remedy}", err=True)
    return typer.Exit(1)
