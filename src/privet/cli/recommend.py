"""``privet recommend``: build the model of suggestions now, and measure how good it is."""

from dataclasses import asdict
from typing import Annotated

import typer

from privet.cli.installation import open_installation
from privet.cli.printing import AsJson, print_json

app = typer.Typer(no_args_is_help=True, help="Suggestions of courses: build and evaluate.")


@app.command()
def build(as_json: AsJson = False) -> None:
    """Build the model now; the worker does it once a day."""
    open_installation()
    from privet.events.lake import default_lake  # noqa: PLC0415 - needs settings
    from privet.insight import recommend  # noqa: PLC0415 - it loads scikit-learn
    from privet.kernel.clock import SystemClock  # noqa: PLC0415 - beside the others
    from privet.kernel.config import read_config  # noqa: PLC0415 - beside the others

    model = recommend.build(home=read_config().home, clock=SystemClock(), lake=default_lake())
    if as_json:
        print_json({"built": model.built.isoformat(), "courses": len(model.neighbours)})
    else:
        typer.echo(f"{len(model.neighbours)} courses have others like them.")


@app.command()
def evaluate(
    learners: Annotated[int, typer.Option(min=10, max=2_000_000, help="How many learners.")] = (
        20_000
    ),
    seed: Annotated[int, typer.Option(min=0, help="The same seed makes the same learners.")] = 1,
    courses: Annotated[int, typer.Option(min=2, max=2000, help="How many courses.")] = 120,
    as_json: AsJson = False,
) -> None:
    """Hide the last course of simulated learners, and see who finds it: ours, or popularity."""
    open_installation()
    from privet.insight.recommend_evaluation import (  # noqa: PLC0415 - it loads scikit-learn
        evaluate as measure,
    )
    from privet.kernel.clock import SystemClock  # noqa: PLC0415 - beside the others
    from privet.kernel.config import read_config  # noqa: PLC0415 - beside the others
    from privet.network.service import open_network  # noqa: PLC0415 - it loads data
    from privet.simulate.histories import draw_histories  # noqa: PLC0415 - needs settings

    histories = draw_histories(
        learners=learners, seed=seed, courses=courses, days=364, network=open_network(read_config())
    )
    found = measure(histories, built=SystemClock().now())
    if as_json:
        print_json(asdict(found) | {"seed": seed})
        return
    typer.echo(f"{found.tested:,} of {found.learners:,} learners took two courses or more.")
    for name, score in (("item-item", found.ours), ("popularity", found.popularity)):
        typer.echo(f"{name:>11}: recall@10 {score.recall_at_10:.3f}, coverage {score.coverage:.3f}")
