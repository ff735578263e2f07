"""``privet simulate``: a population of learners with known truth, for trying things out."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress

from privet.cli.installation import open_installation, operator
from privet.cli.printing import AsJson, print_json

if TYPE_CHECKING:
    from privet.simulate.service import Reached


def simulate(  # noqa: PLR0917 - one parameter an option, as Typer has it
    learners: Annotated[int, typer.Option(min=1, max=5_000_000, help="How many learners.")],
    seed: Annotated[int, typer.Option(min=0, help="The same seed makes the same learners.")] = 1,
    days: Annotated[int, typer.Option(min=7, max=1000, help="Days, the last is yesterday.")] = 56,
    courses: Annotated[int, typer.Option(min=1, max=2000, help="How many courses.")] = 20,
    platform: Annotated[
        Path | None, typer.Option(help="Your own courses, described in a JSON file.")
    ] = None,
    lake: Annotated[bool, typer.Option("--lake", help="Put the events into the lake.")] = False,
    truth: Annotated[
        Path | None, typer.Option(help="Write the truth as CSV files into this directory.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Simulate learners on a platform, and put what they do into the lake."""
    if not lake:
        raise typer.BadParameter("Say where to put the events: --lake.")
    open_installation()
    from privet.events.lake import default_lake  # noqa: PLC0415 - needs settings
    from privet.kernel.config import read_config  # noqa: PLC0415 - beside the others
    from privet.kernel.crypto import KeyRing  # noqa: PLC0415 - beside the others
    from privet.network.service import open_network  # noqa: PLC0415 - it loads data
    from privet.simulate.platform import read_platform  # noqa: PLC0415 - it imports numpy
    from privet.simulate.service import (  # noqa: PLC0415 - it imports tables
        Means,
        simulate_into_lake,
        want,
    )

    config = read_config()
    means = Means(keys=KeyRing(config.keys), network=open_network(config))
    given = read_platform(platform) if platform else None
    wanted = want(learners=learners, seed=seed, days=days, courses=courses, platform=given)
    with _progress() as on_progress:
        report = simulate_into_lake(
            wanted, lake=default_lake(), means=means, by=operator(), truth=truth,
            on_progress=on_progress,
        )  # fmt: skip
    if as_json:
        print_json(vars(report))
    else:
        typer.echo(
            f"{report.learners:,} learners did {report.acts:,} things between {report.first_day} "
            f"and {report.last_day}; {report.events:,} events are in the lake."
        )


@contextmanager
def _progress() -> Iterator[Any]:
    """A bar on standard error if that is a terminal; else nothing is shown."""
    console = Console(stderr=True)
    bar = Progress(console=console, disable=not console.is_terminal)
    task = bar.add_task("Beginning", total=None)

    def show(reached: "Reached") -> None:
        bar.update(task, description=reached.step, completed=reached.done, total=reached.total)

    with bar:
        yield show
