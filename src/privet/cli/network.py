"""``privet network``: IP data from a file, and how old the data in use is."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from privet.cli.installation import open_installation, operator
from privet.cli.printing import AsJson, print_json, print_rows
from privet.kernel.clock import SystemClock
from privet.kernel.config import read_config
from privet.network.facts import DataAge, DataSource

app = typer.Typer(no_args_is_help=True, help="IP data: install it from a file, see its age.")


@app.command()
def update(
    file: Annotated[Path, typer.Argument(help="A .mmdb, .mmdb.gz or .tar.gz, or a list (.txt).")],
    as_json: AsJson = False,
) -> None:
    """Install IP data, or your own list of networks, for all running processes."""
    from privet.network.service import install_data  # noqa: PLC0415 - it imports what reads data

    directory = read_config().network
    with _recorded("network.data.update", file.name):
        source = install_data(file, directory=directory, by=operator(), clock=SystemClock())
    if as_json:
        print_json(_describe(source))
        return
    typer.echo(f"Installed {source.name} of {source.data_date}; it answers: {_answers(source)}.")
    if source.attribution:
        typer.echo(f"Its licence wants shown: {source.attribution.text}, {source.attribution.url}")


@app.command()
def status(as_json: AsJson = False) -> None:
    """List the data in use, in the order in which it is asked; exit 1 if some is unusable."""
    from privet.network.service import open_network  # noqa: PLC0415 - it imports what reads data

    network = open_network(read_config())
    ages = network.data_ages(datetime.now(UTC))
    faults = network.faults()
    if as_json:
        sources = [_describe(a.source) | {"age_days": a.age_days, "old": a.is_old} for a in ages]
        print_json({"sources": sources, "faults": list(faults)})
    else:
        print_rows([_row(age) for age in ages], as_json=False, empty="There is no IP data.")
        for fault in faults:
            typer.echo(fault, err=True)
    if faults:
        raise typer.Exit(1)


@app.command()
def remove(
    name: Annotated[str, typer.Argument(help="A name from `privet network status`.")],
) -> None:
    """Stop using data that you installed; what Privet brought along answers again."""
    from privet.network.service import remove_data  # noqa: PLC0415 - it imports what reads data

    directory = read_config().network
    with _recorded("network.data.remove", name):
        remove_data(name, directory=directory)
    typer.echo(f"Removed {name}.")


@contextmanager
def _recorded(act: str, name: str) -> Iterator[None]:
    """The act stands in the audit chain if, and only if, the block ends well."""
    open_installation()
    from django.db import transaction  # noqa: PLC0415 - needs settings

    from privet.audit.service import record_act  # noqa: PLC0415 - it imports tables

    with transaction.atomic():
        record_act(act=act, by=operator(), about={"data": name})
        yield


def _row(age: DataAge) -> dict[str, object]:
    source = age.source
    return {
        "Data": source.name,
        "Answers": _answers(source),
        "Of": source.data_date,
        "Age in days": f"{age.age_days} (old)" if age.is_old else age.age_days,
        "Licence": source.licence,
        "From": "Privet" if source.is_embedded else "you",
    }


def _answers(source: DataSource) -> str:
    return ", ".join(source.roles)


def _describe(source: DataSource) -> dict[str, object]:
    credit = source.attribution
    return {
        "name": source.name,
        "roles": list(source.roles),
        "date": source.data_date,
        "licence": source.licence,
        "sha256": source.sha256,
        "embedded": source.is_embedded,
        "attribution": {"text": credit.text, "url": credit.url} if credit else None,
    }
