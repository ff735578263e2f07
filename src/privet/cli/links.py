"""``privet consent links``: whether the links that policies show still lead somewhere."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from privet.cli.installation import open_installation, operator
from privet.cli.printing import AsJson, print_json
from privet.kernel.clock import SystemClock

if TYPE_CHECKING:
    from privet.consent.policies.checking import Checked
    from privet.consent.policies.links import Link


def links(
    names: Annotated[
        list[str] | None, typer.Argument(help="Only these entries, by name; otherwise all.")
    ] = None,
    timeout: Annotated[
        float, typer.Option(min=0.1, max=300, help="Seconds that a link may be silent.")
    ] = 15.0,
    as_json: AsJson = False,
) -> None:
    """Ask for each link of the directory and write down what came of it; exit 1 if one fails.

    The directory is what ships with Privet, with the entries of links.toml in PRIVET_HOME. A site
    that turns programs away proves nothing: that is said, and is no failure.
    """
    open_installation()
    from privet.consent.policies.checking import check_links  # noqa: PLC0415 - imports tables

    wanted = _find(names or [])
    found = check_links(
        links=[link.link for link in wanted],
        by=operator(),
        clock=SystemClock(),
        timeout_seconds=timeout,
    )
    said = {one.link: one for one in found}
    if as_json:
        print_json([asdict(said[link.link]) | {"name": link.name} for link in wanted])
    else:
        _print(wanted, [said[link.link] for link in wanted])
    if any(one.result.is_failure for one in found):
        raise typer.Exit(1)


def _find(names: Sequence[str]) -> "list[Link]":
    from privet.consent.policies.links import read_directory  # noqa: PLC0415 - beside the above

    known = {link.name: link for link in read_directory().links}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise typer.BadParameter(f"The names are: {', '.join(known)}.", param_hint="NAMES")
    return [known[name] for name in names] if names else list(known.values())


def _print(wanted: "Sequence[Link]", found: "Sequence[Checked]") -> None:
    table = Table("name", "result", "status", "link", "moved to", "owner")
    for link, one in zip(wanted, found, strict=True):
        table.add_row(
            link.name, one.result.replace("_", " "), str(one.status or ""), link.link,
            one.moved_to, link.owner,
        )  # fmt: skip
    Console().print(table)
    failed = sum(one.result.is_failure for one in found)
    typer.echo(f"{len(found)} links asked for, {failed} failed.")
