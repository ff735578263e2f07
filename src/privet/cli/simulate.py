"""``privet simulate``: a population of learners with known truth, for trying things out."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from privet.cli.installation import open_installation, operator
from privet.cli.printing import AsJson, print_json
from privet.cli.progress import progress_bar

if TYPE_CHECKING:
    from privet.simulate.service import Means, Reached, Wanted


def simulate(  # noqa: PLR0917 - one parameter an option, as Typer has it
    learners: Annotated[int, typer.Option(min=1, max=5_000_000, help="How many learners.")],
    seed: Annotated[int, typer.Option(min=0, help="The same seed makes the same learners.")] = 1,
    days: Annotated[int, typer.Option(min=7, max=1000, help="Days, the last is yesterday.")] = 56,
    courses: Annotated[int, typer.Option(min=1, max=2000, help="How many courses.")] = 20,
    problems: Annotated[
        int | None,
        typer.Option(min=12, max=2000, help="How many a course has; else 3 to 6 a unit."),
    ] = None,
    platform: Annotated[
        Path | None, typer.Option(help="Your own courses, described in a JSON file.")
    ] = None,
    stories: Annotated[
        float,
        typer.Option(min=0, max=20, help="Times as many who cheat or share as was found."),
    ] = 1.0,
    lake: Annotated[bool, typer.Option("--lake", help="Put the events into the lake.")] = False,
    out: Annotated[
        Path | None, typer.Option(help="Write Open edX tracking logs and the truth in here.")
    ] = None,
    truth: Annotated[
        Path | None, typer.Option(help="Where the truth goes that belongs to the lake.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Simulate learners on a platform; the truth of who did what is written beside it.

    With --lake their events go straight into the lake, as far as each of them allows. With --out
    they become tracking logs in DIR/logs, for privet import edx, and the truth is in DIR/truth.
    """
    if lake == (out is not None):
        raise typer.BadParameter("Say where to put it: either --lake or --out DIR.")
    if platform and problems is not None:
        raise typer.BadParameter("Your courses have their problems already: leave --problems out.")
    open_installation()
    from privet.kernel.config import read_config  # noqa: PLC0415 - beside the others
    from privet.simulate.platform import read_platform  # noqa: PLC0415 - it imports numpy
    from privet.simulate.service import want  # noqa: PLC0415 - it imports tables

    given = read_platform(platform) if platform else None
    wanted = want(
        learners=learners, seed=seed, days=days, courses=courses, platform=given,
        stories=stories, problems=problems,
    )  # fmt: skip
    with _progress() as on_progress:
        if out is not None:
            report = _into_logs(wanted, out, on_progress)
        else:
            beside = truth or read_config().home / "simulated" / f"seed-{seed}"
            report = _into_lake(wanted, beside, on_progress)
    if as_json:
        print_json(report)
    else:
        typer.echo(_say(report))


def _into_lake(wanted: "Wanted", truth: Path, on_progress: Any) -> dict[str, Any]:
    from privet.events.lake import default_lake  # noqa: PLC0415 - needs settings
    from privet.simulate.service import simulate_into_lake  # noqa: PLC0415 - it imports tables

    report = simulate_into_lake(
        wanted, lake=default_lake(), means=_means(), by=operator(), truth=truth,
        on_progress=on_progress,
    )  # fmt: skip
    return vars(report) | {"truth": str(truth)}


def _into_logs(wanted: "Wanted", out: Path, on_progress: Any) -> dict[str, Any]:
    from privet.simulate.service import simulate_into_logs  # noqa: PLC0415 - it imports tables

    truth = out / "truth"
    report = simulate_into_logs(
        wanted, directory=out / "logs", means=_means(), truth=truth, on_progress=on_progress
    )
    return vars(report) | {"truth": str(truth)}


def _means() -> "Means":
    from privet.kernel.config import read_config  # noqa: PLC0415 - beside the others
    from privet.kernel.crypto import KeyRing  # noqa: PLC0415 - beside the others
    from privet.network.service import open_network  # noqa: PLC0415 - it loads data
    from privet.simulate.service import Means  # noqa: PLC0415 - it imports tables

    config = read_config()
    return Means(keys=KeyRing(config.keys), network=open_network(config))


def _say(report: dict[str, Any]) -> str:
    did = f"{report['learners']:,} learners did {report['acts']:,} things between "
    did += f"{report['first_day']} and {report['last_day']}; "
    if "lines" in report:
        kept = f"{report['lines']:,} lines stand in {report['files']} files."
    else:
        kept = f"{report['events']:,} events are in the lake."
    return f"{did}{kept} The truth is in {report['truth']}."


@contextmanager
def _progress() -> "Iterator[Callable[[Reached], None]]":
    with progress_bar("Beginning") as show:
        yield lambda reached: show(reached.step, reached.done, reached.total)
