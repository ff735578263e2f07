"""``privet query``: the dashboards' figures for programs; never a row of a person."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from privet.catalogue.uses import ALL_USES, Use, use_names
from privet.cli.installation import open_installation, operator
from privet.cli.printing import AsJson, print_json, print_rows
from privet.kernel.clock import SystemClock
from privet.kernel.spreadsheet import write_csv

if TYPE_CHECKING:
    from privet.insight.reports import Report

_USUAL_DAYS = 28


def query(
    name: Annotated[str, typer.Argument(help="The question's name; see --list.")] = "",
    *,
    use: Annotated[str, typer.Option(help="analytics, or marketing for advertisements.")] = (
        "analytics"
    ),
    first: Annotated[str, typer.Option("--from", help="The first day, like 2026-10-01.")] = "",
    last: Annotated[str, typer.Option("--to", help="The last day; today if left out.")] = "",
    narrow: Annotated[
        list[str] | None, typer.Option("--set", help="Narrow it: course=ID, grain=week, …")
    ] = None,
    as_list: Annotated[bool, typer.Option("--list", help="List the questions.")] = False,
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
) -> None:
    """Ask for the figures of a dashboard; small counts are protected as on its page.

    Without days it tells of the last 28. The figures are those of learners who allow the use, and
    --json says what share of the learners that is.
    """
    open_installation()
    from privet.insight import reports  # noqa: PLC0415 - it imports tables

    if as_list or not name:
        listed = [
            {"name": one.name, "says": one.says, "takes": ", ".join(one.parameters)}
            for one in reports.askable()
        ]
        print_rows(listed, as_json=as_json, empty="There are no questions.")
        return
    found = _ask(name, use, (first, last), narrow or [])
    if as_csv:
        typer.echo(write_csv(found.columns, (row.values() for row in found.rows)), nl=False)
    elif as_json:
        print_json(reports.as_record(found))
    else:
        print_rows(found.rows, as_json=False, empty="There is nothing to show of these days.")


def _ask(name: str, use: str, days: tuple[str, str], narrow: Sequence[str]) -> "Report":
    from privet.events.query import Scope  # noqa: PLC0415 - it imports tables
    from privet.insight import reports  # noqa: PLC0415 - the same

    today = SystemClock().now().date()
    last = days[1] or today.isoformat()
    first, end = reports.read_days(days[0] or _weeks_before(last), last)
    given = dict(_read_pair(text) for text in narrow)
    question = reports.question_of(first=first, last=end, given=given, scope=Scope(), by=operator())
    return reports.report(name, question, use=_read_use(use), given=given)


def _weeks_before(last: str) -> str:
    """The day from which the usual days reach to the last; itself if that is no day."""
    try:
        return (date.fromisoformat(last) - timedelta(days=_USUAL_DAYS - 1)).isoformat()
    except (ValueError, OverflowError):
        return last


def _read_pair(text: str) -> tuple[str, str]:
    key, sign, value = text.partition("=")
    if not sign or not key:
        raise typer.BadParameter(f"{text!r} is not NAME=VALUE.", param_hint="--set")
    return key.strip(), value.strip()


def _read_use(name: str) -> Use:
    try:
        return Use[name.strip().upper()]
    except KeyError as error:
        uses = ", ".join(use_names(ALL_USES))
        raise typer.BadParameter(
            f"There is no use {name!r}: {uses}.", param_hint="--use"
        ) from error
