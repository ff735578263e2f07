"""``privet consent scan``: what a site really sets, in a real browser, before which decision."""

from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from privet.cli.installation import open_installation, operator
from privet.cli.printing import AsJson, print_json
from privet.kernel.clock import SystemClock
from privet.kernel.config import read_config
from privet.kernel.errors import PrivetError

if TYPE_CHECKING:
    from privet.consent.scan.drive import Order
    from privet.consent.scan.journey import Journey
    from privet.consent.scan.shapes import Found, Report


_DRIFT = 1
_LONGEST = 200
"""Letters of a name that are printed; `--json` has them all."""
_INCOMPLETE = 3
"""Not 2: that is a wrong command."""


class NoDriverError(PrivetError):
    """The part that drives a browser is not installed."""


def scan(
    urls: Annotated[list[str], typer.Argument(help="Addresses to scan, http:// or https://.")],
    *,
    journey: Annotated[
        Path | None, typer.Option(help="A TOML file: the banner's buttons, route, sign-in, course.")
    ] = None,
    registry: Annotated[
        Path | None, typer.Option(help="Compare with this file and keep nothing: for CI.")
    ] = None,
    step: Annotated[
        list[str] | None, typer.Option(help="Only this step of the matrix; may be repeated.")
    ] = None,
    third_party_cookies: Annotated[
        str, typer.Option(help="allowed, blocked or both; browsers differ.")
    ] = "both",
    wait: Annotated[
        int, typer.Option(min=100, help="Milliseconds to watch a page after each act.")
    ] = 3000,
    chromium_argument: Annotated[
        list[str] | None, typer.Option(help="A further argument of Chromium; may be repeated.")
    ] = None,
    institution: Annotated[
        str,
        typer.Option(
            help="Compare with this member's entries too, and report to it what none covers."
        ),
    ] = "",
    course: Annotated[str, typer.Option(help="Only in this course of the member's.")] = "",
    as_json: AsJson = False,
) -> None:
    """Scan a site and compare it with the registry; exit 1 if anything is not as registered.

    Exit 3 if nothing is wrong in what was seen, but a step broke off: the scan is incomplete and
    does not vouch for the site.

    A real Chromium goes through the matrix of decisions, each in a browser without history. The
    report names what was set or asked for, by which script, when, and after which decision.
    """
    _check_urls(urls)
    if registry is None:
        open_installation()
    _check_place(registry, institution, course)
    order = _order(
        urls,
        journey,
        steps=step or [],
        cookies=third_party_cookies,
        wait=wait,
        arguments=chromium_argument or [],
    )
    report = (
        _scan_alone(order, registry) if registry else _scan_and_keep(order, (institution, course))
    )
    if as_json:
        is_incomplete = bool(report.broken_off)
        print_json(asdict(report) | {"has_drift": report.has_drift, "is_incomplete": is_incomplete})
    else:
        _print_report(report)
    if report.has_drift:
        raise typer.Exit(_DRIFT)
    if report.broken_off:
        raise typer.Exit(_INCOMPLETE)


def _check_urls(urls: Sequence[str]) -> None:
    if not all(url.startswith(("http://", "https://")) for url in urls):
        raise typer.BadParameter("An address begins with http:// or https://.", param_hint="URL")


def _check_place(registry: Path | None, institution: str, course: str) -> None:
    """A name that is none would be compared with nothing, and nobody would see that."""
    if course and not institution:
        raise typer.BadParameter("A course is a member's: name it too.", param_hint="institution")
    if institution and registry is not None:
        raise typer.BadParameter(
            "A file holds no member's entries: say it without --registry.", param_hint="institution"
        )
    if not institution:
        return
    from privet.accounts.registry import institution_names  # noqa: PLC0415 - imports tables

    if institution not in institution_names():
        raise typer.BadParameter("There is no institution of that name.", param_hint="institution")


def _order(
    urls: Sequence[str],
    journey: Path | None,
    *,
    steps: Sequence[str],
    cookies: str,
    wait: int,
    arguments: Sequence[str],
) -> "Order":
    try:
        from privet.consent.scan.drive import Order, steps_named  # noqa: PLC0415 - needs playwright
    except ModuleNotFoundError as error:
        raise NoDriverError(
            "What drives the browser is not installed.",
            remedy="Run: pip install 'privet[scan]', and playwright install chromium.",
        ) from error

    ways = {"allowed": (True,), "blocked": (False,), "both": (False, True)}
    if cookies not in ways:
        raise typer.BadParameter(f"Say one of {', '.join(ways)}.", param_hint="third-party-cookies")
    chosen = steps_named(steps)
    if len(chosen) < len(set(steps)):
        names = ", ".join(steps_named([]))
        raise typer.BadParameter(f"The steps are: {names}.", param_hint="step")
    return Order(
        urls=tuple(urls),
        journey=_journey(journey),
        steps=chosen,
        third_party_cookies=ways[cookies],
        wait_ms=wait,
        arguments=tuple(arguments),
    )


def _journey(file: Path | None) -> "Journey":
    from privet.consent.scan.journey import (  # noqa: PLC0415 - beside what needs playwright
        Journey,
        JourneyError,
        read_journey,
    )

    try:
        return read_journey(file) if file else Journey()
    except JourneyError as error:
        raise _wrong(error, "journey") from error


def _wrong(error: PrivetError, option: str) -> typer.BadParameter:
    """A file that cannot be used is a wrong command, and says nothing about the site."""
    return typer.BadParameter(f"{error.what} {error.remedy}", param_hint=option)


def _scan_alone(order: "Order", file: Path) -> "Report":
    """Scan for a pipeline: no installation is needed, and nothing is kept."""
    from privet.cli.installation import set_up_django  # noqa: PLC0415 - the registry reads settings

    set_up_django()
    from privet.consent.registry import (  # noqa: PLC0415 - beside it
        TechnologyError,
        read_registry_file,
    )
    from privet.consent.scan.service import scan_site  # noqa: PLC0415 - imports tables

    try:
        registry = read_registry_file(file)
    except TechnologyError as error:
        raise _wrong(error, "registry") from error
    return scan_site(order=order, registry=registry, tell=_tell)


def _scan_and_keep(order: "Order", place: tuple[str, str]) -> "Report":
    from privet.consent.registry import registry_for  # noqa: PLC0415 - imports tables
    from privet.consent.scan.service import (  # noqa: PLC0415 - imports tables
        scan_and_keep,
        tell_member,
    )
    from privet.consent.scan.suggest import DIRECTORY, read_suggestions  # noqa: PLC0415 - the same

    home = read_config().home
    number, report = scan_and_keep(
        order=order,
        registry=registry_for(institution=place[0], course=place[1]),
        home=home,
        by=operator(),
        suggest=read_suggestions(home / DIRECTORY).of,
        tell=_tell,
    )
    if place[0]:
        told = tell_member(
            report=report, institution=place[0], course=place[1], clock=SystemClock()
        )
        typer.echo(f"Unregistered, reported to {place[0]}: {told.unregistered}.", err=True)
    typer.echo(f"Kept as scan {number}; the console shows it under Scans.", err=True)
    return report


def _tell(words: str) -> None:
    typer.echo(f"{words} …", err=True)


def _moment(one: "Found") -> tuple[str, str, bool]:
    return one.step, one.decision_state, one.third_party_cookies


def _line(one: "Found") -> str:
    """What is wrong, and who did it: whole, since a pipeline's log has no columns to spare."""
    by = one.setter_stack[0] if one.setter_stack else one.setter_script or one.set_by
    words = (
        f"{', '.join(one.drift).replace('_', ' ')}: {one.kind} {_shown(one.name)} "
        f"({one.domain}), {one.first_seen_ms} ms, by {_shown(by)}"
    )
    return f"{words}; perhaps {one.suggestion}" if one.suggestion else words


def _shown(text: str) -> str:
    """What a page named, without what a terminal would obey."""
    short = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in short
    )


def _print_report(report: "Report") -> None:
    for run in report.runs:
        allowed = "allowed" if run.third_party_cookies else "blocked"
        way = f"{run.step}, third-party cookies {allowed}"
        if run.broke_off:
            typer.echo(f"Incomplete: {way}: {run.why_not}.")
        elif not run.was_driven:
            typer.echo(f"Not driven: {way}: {run.why_not}.")
        elif run.signed_in:
            typer.echo(f"Decided by somebody signed in, since a visitor is not offered it: {way}.")
    if report.is_without_banner:
        typer.echo("The banner was not visible: whoever comes is not asked.")
    wrong = [one for one in report.found if one.drift]
    for (step, state, is_allowed), some in groupby(wrong, key=_moment):
        cookies = "allowed" if is_allowed else "blocked"
        typer.echo(f"{step}, decided: {state}, third-party cookies {cookies}:")
        for one in some:
            typer.echo(f"  {_line(one)}")
    typer.echo(
        f"{len(report.found)} findings with {report.browser}, "
        f"{len(wrong)} of them not as registered."
    )
    if report.broken_off:
        typer.echo(
            f"This scan is incomplete: {len(report.broken_off)} of {len(report.runs)} steps broke "
            "off, and for what they would have shown it does not vouch. Scan again."
        )
