"""``privet integrity fairness`` and ``calibrate``: measure the detectors themselves."""

from dataclasses import asdict
from datetime import UTC, datetime
from math import isfinite
from typing import Annotated, Any

import typer

from privet.cli.installation import open_installation, operator
from privet.cli.printing import AsJson, print_json


def fairness(as_json: AsJson = False) -> None:
    """Compare how often groups are flagged, and mark the cases of detectors that exceed.

    Groups are countries, kinds of networks and devices, and courses. What is allowed stands in
    PRIVET_ALLOWED_DISPARITY.
    """
    open_installation()
    from privet.events.lake import default_lake  # noqa: PLC0415 - needs settings
    from privet.integrity.fairness import mark_disparities  # noqa: PLC0415 - it imports tables
    from privet.kernel.clock import SystemClock  # noqa: PLC0415 - beside the others
    from privet.kernel.config import read_config  # noqa: PLC0415 - beside the others

    marked = mark_disparities(
        lake=default_lake(), allowed=read_config().allowed_disparity, by=operator(),
        clock=SystemClock(),
    )  # fmt: skip
    if as_json:
        print_json([_plain(asdict(one)) for one in marked])
        return
    if not marked:
        typer.echo("No detector flags a group more often than is allowed.")
    for one in marked:
        typer.echo(
            f"{one.kind.value} by {one.by_what.value}: {one.name or 'unknown'}, "
            f"{one.ratio.value:.1f} times as often as all others, at least {one.ratio.low:.1f}."
        )


def _plain(one: dict[str, Any]) -> dict[str, Any]:
    """JSON has no number without end: such an end is null."""
    ends = {name: value if isfinite(value) else None for name, value in one["ratio"].items()}
    return one | {"ratio": ends}


def calibrate(
    course: Annotated[str | None, typer.Option(help="Only this course.")] = None,
    as_json: AsJson = False,
) -> None:
    """Measure what thresholds flag in each course, and what chance would, for the console.

    It asks for the pairs of a course three times, twice as if answers had been got a day or two
    earlier; no finding changes.
    """
    open_installation()
    from privet.events.lake import default_lake  # noqa: PLC0415 - needs settings
    from privet.integrity.calibration import measure_courses  # noqa: PLC0415 - it imports tables

    done = measure_courses(lake=default_lake(), by=operator(), now=datetime.now(UTC), course=course)
    if as_json:
        print_json({"courses": done})
        return
    typer.echo(f"{len(done)} {'course' if len(done) == 1 else 'courses'} measured.")
