"""A rollup as registered queries see it: what is ready, and the rest made on the fly.

A day for which a file fits the lake is read from it, under the same conditions as events. Rows are
left out of it and made anew from the events themselves where the file cannot say: of learners with
events that came after it was made, and of learners who are hidden up to a moment of that day.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

import duckdb
import pyarrow as pa

from privet.events.engine import literal_list
from privet.events.errors import QueryError
from privet.events.lake import Lake
from privet.events.rollup_files import DayFiles, RollupFile, fitting
from privet.events.rollups import Rollup
from privet.events.store import LakeFile
from privet.events.view import Gate, bind_files, bind_scope, bind_wholly_hidden, create_view
from privet.kernel.clock import to_micros

_DAY_MICROS = 86_400_000_000


@dataclass
class Plan:
    """From where the rows of a rollup come."""

    ready: dict[date, RollupFile] = field(default_factory=dict)
    rest: list[LakeFile] = field(default_factory=list)
    """Of the days for which nothing is ready."""
    late: list[LakeFile] = field(default_factory=list)
    """What came after the files that are ready were made."""
    apart: list[LakeFile] = field(default_factory=list)
    """Of the days of which some learners' rows are made anew."""


def create_rollup_view(
    connection: duckdb.DuckDBPyConnection,
    lake: Lake,
    days: Mapping[date, DayFiles],
    *,
    rollup: Rollup,
    gate: Gate,
) -> None:
    """Make the view of a rollup's name in a fresh connection, over some days."""
    if gate.use != rollup.use:
        raise QueryError(
            f"The rollup {rollup.name!r} is made for {rollup.use.name}, not for {gate.use.name}.",
            remedy="Ask the view events instead, or register a rollup for that use.",
        )
    plan = make_plan(fitting(lake.rollups, rollup, days), days, gate.hidden.partly)
    parts = []
    if plan.ready:
        left_out = _bind_left_out(connection, lake, plan, rollup, gate)
        parts.append(_ready_part(connection, plan, rollup, gate, left_out))
    if plan.rest or plan.apart or not plan.ready:
        source = _bind_events(connection, lake, plan, rollup, gate)
        parts.append(f"SELECT {rollup.cast()} FROM {made_from(rollup, source)}")  # noqa: S608
    connection.execute(f"CREATE TEMP VIEW {rollup.name} AS {' UNION ALL '.join(parts)}")


def make_plan(
    ready: Mapping[date, RollupFile],
    days: Mapping[date, DayFiles],
    partly: Mapping[int, datetime],
) -> Plan:
    """Decide for each day what is read."""
    moments = sorted(to_micros(until) for until in partly.values())
    plan = Plan()
    for day, here in sorted(days.items()):
        file = ready.get(day)
        beside = here.beside(file.days[day].digest) if file else ()
        if file is None or (beside and not file.days[day].rows):
            plan.rest += here.files
            continue
        if not file.days[day].rows:
            continue
        plan.ready[day] = file
        plan.late += beside
        if beside or _cuts(file.days[day].earliest, day, moments):
            plan.apart += here.files
    return plan


def made_from(rollup: Rollup, source: str) -> str:
    """The rollup made from the view ``source`` instead of ``events``, as SQL."""
    # The text names events, and a common table expression goes before a view of that name.
    return (
        f"(WITH events AS NOT MATERIALIZED (SELECT * FROM {source}) "  # noqa: S608 - checked text
        f"SELECT * FROM (\n{rollup.text}\n))"
    )


def _cuts(earliest: int, day: date, moments: list[int]) -> bool:
    """Whether somebody is hidden up to a moment that is within a day."""
    place = bisect_left(moments, earliest)
    return place < len(moments) and moments[place] < _end_micros(day)


def _end_micros(day: date) -> int:
    return to_micros(datetime.combine(day + timedelta(days=1), time(), UTC))


def _bind_left_out(
    connection: duckdb.DuckDBPyConnection, lake: Lake, plan: Plan, rollup: Rollup, gate: Gate
) -> bool:
    """Make the tables of whose rows of which day are not read from files, and made anew."""
    if not (plan.late or gate.hidden.partly):
        return False
    out, apart = f"out_{rollup.name}", f"apart_{rollup.name}"
    bind_files(connection, lake, plan.late, name=f"late_{rollup.name}")
    connection.register(f"ready_{rollup.name}", _ready_table(plan.ready))
    connection.register("hidden_partly", gate.hidden.partly_table())
    cut = (
        "SELECT h.subject, d.day FROM hidden_partly AS h "  # noqa: S608 - names of our own
        f"JOIN ready_{rollup.name} AS d ON h.until >= d.earliest"
    )
    late = f"SELECT subject, day FROM late_{rollup.name}"  # noqa: S608 - see above
    connection.execute(f"CREATE TEMP TABLE {apart} AS {late} UNION {cut} AND h.until < d.ends")
    connection.execute(f"CREATE TEMP TABLE {out} AS SELECT * FROM {apart} UNION {cut}")  # noqa: S608
    return True


def _ready_table(ready: Mapping[date, RollupFile]) -> pa.Table:
    moment = pa.timestamp("us", tz="UTC")
    earliest = [file.days[day].earliest for day, file in ready.items()]
    return pa.table(
        {
            "day": pa.array(ready, pa.date32()),
            "earliest": pa.array(earliest, moment),
            "ends": pa.array([_end_micros(day) for day in ready], moment),
        }
    )


def _ready_part(
    connection: duckdb.DuckDBPyConnection, plan: Plan, rollup: Rollup, gate: Gate, left_out: bool
) -> str:
    conditions = bind_scope(connection, gate.scope)
    conditions += bind_wholly_hidden(connection, gate.hidden)
    if left_out:
        conditions.append(
            f"NOT EXISTS (SELECT 1 FROM out_{rollup.name} AS o "  # noqa: S608 - names of our own
            "WHERE o.subject = r.subject AND o.day = r.day)"
        )
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    return f"SELECT {rollup.cast()} FROM ({files_as_sql(plan.ready)}) AS r {where}"  # noqa: S608 - see above


def files_as_sql(ready: Mapping[date, RollupFile]) -> str:
    """The rows of exactly the days that are to be read of each file."""
    used: dict[RollupFile, set[date]] = defaultdict(set)
    for day, file in ready.items():
        used[file].add(day)
    whole, parts = [], []
    for file, days in used.items():
        others = sorted(day for day, one in file.days.items() if one.rows and day not in days)
        if others:
            paths = literal_list([str(file.path)])
            listed = ", ".join(f"DATE '{day}'" for day in sorted(days))
            parts.append(f"SELECT * FROM read_parquet({paths}) WHERE day IN ({listed})")  # noqa: S608
        else:
            whole.append(str(file.path))
    if whole:
        parts.append(f"SELECT * FROM read_parquet({literal_list(whole)})")  # noqa: S608 - our paths
    return " UNION ALL ".join(parts)


def _bind_events(
    connection: duckdb.DuckDBPyConnection, lake: Lake, plan: Plan, rollup: Rollup, gate: Gate
) -> str:
    """Make the view of the events that are not read from files; returns its name."""
    rest, some = f"rest_{rollup.name}", f"some_{rollup.name}"
    create_view(connection, lake, plan.rest, gate=gate, name=rest)
    if not plan.apart:
        return rest
    create_view(connection, lake, plan.apart, gate=gate, name=some)
    source = f"events_{rollup.name}"
    connection.execute(
        f"CREATE TEMP VIEW {source} AS SELECT * FROM {rest} UNION ALL "  # noqa: S608 - names
        f"SELECT * FROM {some} AS s WHERE EXISTS (SELECT 1 FROM apart_{rollup.name} AS a "
        "WHERE a.subject = s.subject AND a.day = s.day)"
    )
    return source
