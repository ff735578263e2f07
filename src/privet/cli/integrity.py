"""``privet integrity``: run the detectors, and measure them against a population of known truth."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from privet.cli.installation import open_installation, operator, set_up_django
from privet.cli.integrity_measures import calibrate, fairness
from privet.cli.printing import AsJson, print_json
from privet.cli.progress import progress_bar

if TYPE_CHECKING:
    from privet.integrity.findings import Finding
    from privet.integrity.pipeline import Reached, Report

_AGAIN = "from privet.cli import main; main()"
app = typer.Typer(help="Copied answers and shared accounts: what speaks for them.")
app.command()(fairness)
app.command()(calibrate)


@app.command()
def run(
    course: Annotated[
        str | None, typer.Option(help="Only this course, and no accounts as a whole.")
    ] = None,
    first: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day.")
    ] = None,
    last: Annotated[
        datetime | None,
        typer.Option(
            "--to", formats=["%Y-%m-%d"], help="The last day; yesterday if none is given."
        ),
    ] = None,
    preset: Annotated[
        str, typer.Option(help="usual, or northcutt-2016: the five filters as published.")
    ] = "usual",
    as_json: AsJson = False,
) -> None:
    """Look for copied answers and shared accounts; people judge what is found.

    Without days, what has not been looked at yet. A run that was stopped goes on where it stopped;
    a run over the same days changes nothing.
    """
    open_installation()
    from privet.events.lake import default_lake  # noqa: PLC0415 - needs settings
    from privet.integrity.pipeline import Wanted, run_detectors  # noqa: PLC0415 - it imports tables

    wanted = Wanted(course=course, first=_day(first), last=_day(last), preset=preset)
    with _progress() as on_progress:
        report = run_detectors(
            wanted, lake=default_lake(), by=operator(), now=datetime.now(UTC),
            on_progress=on_progress,
        )  # fmt: skip
    if as_json:
        print_json(vars(report))
    else:
        _tell(report)
    if report.failed:
        raise typer.Exit(1)


def _tell(report: "Report") -> None:
    typer.echo(
        f"{report.courses} courses, {report.days} days of them: {report.found} findings, "
        f"{report.fell} earlier ones no longer stand."
    )
    for kind, count in report.by_kind.items():
        typer.echo(f"  {kind}: {count}")
    for course in report.failed:
        typer.echo(f"{course or 'Accounts as a whole'}: failed, see the log", err=True)


@app.command()
def evaluate(
    *,
    learners: Annotated[int, typer.Option(min=100, max=2_000_000, help="How many learners.")],
    seed: Annotated[int, typer.Option(min=0, help="The same seed makes the same learners.")] = 1,
    stories: Annotated[
        float, typer.Option(min=0, max=20, help="Times as many who cheat or share as was found.")
    ] = 4.0,
    days: Annotated[int, typer.Option(min=28, max=400, help="How long they learn.")] = 84,
    problems: Annotated[int, typer.Option(min=12, max=2000, help="How many a course has.")] = 300,
    seeds: Annotated[
        str, typer.Option(help="Several seeds, with commas between: one after the other, added up.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Simulate learners, run the detectors over them, and say how right they are.

    It works in a directory of its own that is removed again; the installation is not touched.
    """
    wish = {"learners": learners, "stories": stories, "days": days, "problems": problems}
    if seeds:
        found = _evaluated_apart(_read_seeds(seeds), wish)
    else:
        with tempfile.TemporaryDirectory(prefix="privet-evaluate-") as directory:
            found = _evaluated(Path(directory), wish | {"seed": seed})
    if as_json:
        print_json(found)
        return
    typer.echo(f"precision {_words(found['precision'])}")
    for name, value in found["recall"].items():
        typer.echo(f"recall of {name}: {_words(value)}")


def _read_seeds(said: str) -> list[int]:
    seeds = [one.strip() for one in said.split(",")]
    if not all(one.isdecimal() for one in seeds) or len(set(seeds)) < len(seeds):
        raise typer.BadParameter("Write different whole numbers, with commas between them.")
    return [int(one) for one in seeds]


def _evaluated_apart(seeds: Sequence[int], wish: dict[str, Any]) -> dict[str, Any]:
    """Each population in a process of its own, since an installation is set up once in each."""
    set_up_django()
    from privet.integrity.evaluate import pool  # noqa: PLC0415 - it imports tables

    reports = []
    for seed in seeds:
        options = [f"--{name}={value}" for name, value in (wish | {"seed": seed}).items()]
        command = ["-c", _AGAIN, "integrity", "evaluate", *options, "--json"]
        told = subprocess.run([sys.executable, *command], stdout=subprocess.PIPE, check=False)
        if told.returncode:
            raise typer.Exit(told.returncode)
        reports.append(json.loads(told.stdout))
    figures = [{n: v for n, v in one.items() if n not in (*wish, "seed")} for one in reports]
    return wish | {"seeds": list(seeds)} | pool(figures)


def _evaluated(home: Path, wish: dict[str, Any]) -> dict[str, Any]:
    os.environ["PRIVET_HOME"] = str(home)
    os.environ["PRIVET_DATABASE_URL"] = f"sqlite:///{home / 'state.sqlite3'}"
    for name in ("PRIVET_LAKE", "PRIVET_KEYS"):
        os.environ.pop(name, None)
    open_installation()
    from privet.events.lake import default_lake  # noqa: PLC0415 - needs settings
    from privet.integrity.evaluate import evaluate as judge  # noqa: PLC0415 - it imports tables
    from privet.integrity.evaluate import read_truth  # noqa: PLC0415 - the same
    from privet.integrity.findings import find_rows, to_finding  # noqa: PLC0415 - the same
    from privet.integrity.pipeline import Wanted, run_detectors  # noqa: PLC0415 - the same

    last = date(2026, 3, 29)
    courses = max(1, wish["learners"] // 2500)
    site = _simulate(home, wish | {"courses": courses, "last_day": last})
    report: dict[str, Any] = dict(wish)
    truth = read_truth(home / "truth", lambda names: _subjects(site, names))
    _roll_up()
    for preset in ("usual", "northcutt-2016"):
        with _progress() as on_progress:
            run_detectors(
                Wanted(last=last, preset=preset), lake=default_lake(), by="evaluate",
                now=datetime.now(UTC), on_progress=on_progress,
            )  # fmt: skip
        judged = judge(truth, [to_finding(row) for row in find_rows(preset=preset)])
        if preset == "usual":
            report |= judged
        else:
            report[preset] = {name: judged[name] for name in ("findings", "precision", "recall")}
    report["sharing_by_fewest_days"] = _sharing_curve(truth, wish["learners"], last)
    return report


def _simulate(home: Path, wish: dict[str, Any]) -> str:
    from privet.events.lake import default_lake  # noqa: PLC0415 - needs settings
    from privet.kernel.config import read_config  # noqa: PLC0415 - beside the others
    from privet.kernel.crypto import KeyRing  # noqa: PLC0415 - beside the others
    from privet.network.service import open_network  # noqa: PLC0415 - it loads data
    from privet.simulate.service import Means, simulate_into_lake, want  # noqa: PLC0415 - tables

    config = read_config()
    wanted = want(**wish)
    means = Means(keys=KeyRing(config.keys), network=open_network(config))
    simulate_into_lake(
        wanted, lake=default_lake(), means=means, by="evaluate", truth=home / "truth"
    )
    return wanted.platform.site


def _roll_up() -> None:
    """Make the rollups once: without them each question would make them anew."""
    from privet.events.lake import Lake  # noqa: PLC0415 - needs settings
    from privet.events.rollup_build import SETTLED, refresh_rollups  # noqa: PLC0415 - the same
    from privet.kernel.clock import FixedClock  # noqa: PLC0415 - beside the others
    from privet.kernel.config import read_config  # noqa: PLC0415 - beside the others

    config = read_config()
    # Files wait until it is plain that no more comes, which is known here.
    clock = FixedClock(datetime.now(UTC) + 2 * SETTLED)
    refresh_rollups(Lake(config.lake, locks=config.home / "locks", clock=clock))


def _subjects(site: str, names: Sequence[str]) -> list[int]:
    """The pseudonyms of learners by what their platform calls them; 0 for who is not known."""
    from privet.accounts.subjects import read_links  # noqa: PLC0415 - it imports tables
    from privet.kernel.config import read_config  # noqa: PLC0415 - beside the others
    from privet.kernel.crypto import KeyRing, person_key  # noqa: PLC0415 - beside the others

    link_key = KeyRing(read_config().keys).link_key()
    keys = [person_key(link_key, site, name) for name in names]
    known: dict[bytes, int] = {}
    for start in range(0, len(keys), 5000):
        links = read_links(keys[start : start + 5000])
        known |= {key: link.subject for key, link in links.items()}
    return [known.get(key, 0) for key in keys]


def _sharing_curve(truth: Any, learners: int, last: date) -> list[dict[str, Any]]:
    """What one would find, and how right, if fewer or more days were asked for."""
    from dataclasses import replace  # noqa: PLC0415 - beside the others

    from privet.events.lake import default_lake  # noqa: PLC0415 - needs settings
    from privet.integrity.evaluate import evaluate as judge  # noqa: PLC0415 - it imports tables
    from privet.integrity.preset import SHARING_THRESHOLDS  # noqa: PLC0415 - beside the others
    from privet.integrity.reading import Reader  # noqa: PLC0415 - the same
    from privet.integrity.sharing import find_sharing  # noqa: PLC0415 - the same

    reader = Reader(by="evaluate", lake=default_lake(), start=date(2000, 1, 1), end=last)
    curve = []
    for fewest in (1, 2, 3, 4):
        thresholds = replace(SHARING_THRESHOLDS, fewest_days=fewest, most_q=1.0)
        found: list[Finding] = find_sharing(reader, thresholds, accounts=learners, parts=1)
        judged = judge(truth, found)
        recall = {name: judged["recall"][name] for name in judged["recall"] if "sharing" in name}
        curve.append({"fewest_days": fewest, "precision": judged["precision"], "recall": recall})
    return curve


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _words(value: dict[str, Any]) -> str:
    if value["value"] is None:
        return "nothing to measure"
    return f"{value['value']:.3f} ({value['low']:.3f} to {value['high']:.3f}, of {value['of']})"


@contextmanager
def _progress() -> "Iterator[Callable[[Reached], None]]":
    with progress_bar("Beginning") as show:
        yield lambda reached: show(
            reached.course or "Accounts as a whole", reached.done, reached.total
        )
