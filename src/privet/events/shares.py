"""What some learners have in an answer: the same query over their rows alone.

An answer about learners is made of what each of them adds to it. So when somebody is hidden, what
they had in it can be taken out, and nobody else has to be looked at. Their rows are read from the
events, not from rollups, in which a learner's rows lie in many places.
"""

from collections.abc import Collection, Hashable
from typing import Any

import duckdb
import pyarrow as pa

from privet.catalogue.uses import Use
from privet.events.lake import Lake, default_lake
from privet.events.query import Reader, Result, reader_of, run_statement
from privet.events.rollup_view import made_from
from privet.events.rollups import find_rollup
from privet.events.statements import VIEW, find_statement
from privet.events.store import LakeFile
from privet.events.view import Gate, Scope, bind_files, create_view_over
from privet.events.withheld import HiddenFrom

_ROWS, _SEEN = "rows_of_some", "seen_of_some"


class Shares:
    """Some learners' shares in answers; it holds their rows, so let go of it with the page."""

    def __init__(self, subjects: Collection[int], *, lake: Lake | None = None) -> None:
        self.subjects = frozenset(subjects)
        self._reader = reader_of(lake or default_lake())
        self._rows: dict[frozenset[str], pa.Table] = {}
        self._seen: dict[tuple[Hashable, ...], pa.Table] = {}
        """What of the rows may be seen, and what rollups come to of it; many queries share them."""

    def find(
        self, name: str, /, *, use: Use, scope: Scope, hidden: HiddenFrom, files: frozenset[str],
        **params: Any,
    ) -> Result | None:  # fmt: skip
        """What the query finds in their rows of these files if so many are hidden.

        None if these files do not all lie in the lake any more, or rows of them were changed.
        """
        statement = find_statement(name)
        gate = Gate(use=use, scope=scope, hidden=_of_these(hidden, self.subjects))

        def work(connection: duckdb.DuckDBPyConnection) -> Result | None:
            if not self._read(connection, files):
                return None
            for table in statement.reads:
                connection.register(table, self._see(connection, table, gate, files))
            return run_statement(connection, statement, params, is_whole=True)

        return self._reader.attempt(work)

    def _read(self, connection: duckdb.DuckDBPyConnection, wanted: frozenset[str]) -> bool:
        """Have their rows of some files; false if one of them is gone.

        That is looked at each time, also when the rows were read before: a pass that takes files
        away may have taken these learners' rows, and nobody is hidden of whom nothing is left.
        """
        files = self._find_files(wanted)
        if len(files) < len(wanted):
            return False
        if wanted not in self._rows:
            self._rows[wanted] = _rows_of(connection, self._reader, files, self.subjects)
        return True

    def _find_files(self, wanted: frozenset[str]) -> list[LakeFile]:
        """Those of some files that the lake has, or that a merge took away but a moment ago."""
        reader = self._reader
        files = [file for file in reader.lake.files() if file.path in wanted]
        gone = wanted - {file.path for file in files}
        if not gone or reader.carried_over(wanted) is None:
            return files
        merged = reader.lineage.merged_away(gone)
        return files + [file for file in merged if reader.lake.store.size_of(file.path)]

    def _see(
        self, connection: duckdb.DuckDBPyConnection, name: str, gate: Gate, files: frozenset[str]
    ) -> pa.Table:
        """The view ``events``, or a rollup of it, over their rows of some files."""
        key = (name, files, gate.use, gate.scope, gate.hidden.wholly, *gate.hidden.partly.items())
        if key not in self._seen:
            self._seen[key] = self._make(connection, name, gate, files)
        return self._seen[key]

    def _make(
        self, connection: duckdb.DuckDBPyConnection, name: str, gate: Gate, files: frozenset[str]
    ) -> pa.Table:
        # In a connection of its own, since a query's tables have the same names.
        with connection.cursor() as own:
            if name == VIEW:
                own.register(_ROWS, self._rows[files])
                create_view_over(own, _ROWS, gate=gate)
                return own.sql(f"SELECT * FROM {VIEW}").to_arrow_table()  # noqa: S608 - our name
            rollup = find_rollup(name)
            own.register(_SEEN, self._see(connection, VIEW, gate, files))
            text = f"SELECT {rollup.cast()} FROM {made_from(rollup, _SEEN)}"  # noqa: S608 - checked text
            return own.sql(text).to_arrow_table()


def _rows_of(
    connection: duckdb.DuckDBPyConnection,
    reader: Reader,
    files: list[LakeFile],
    subjects: frozenset[int],
) -> pa.Table:
    bind_files(
        connection, reader.lake, reader.whereabouts.holding(files, subjects), name="lake_rows"
    )
    listed = ", ".join(str(int(subject)) for subject in sorted(subjects))
    text = f"SELECT * FROM lake_rows WHERE subject IN ({listed})"  # noqa: S608 - numbers
    return connection.sql(text).to_arrow_table()


def _of_these(hidden: HiddenFrom, subjects: frozenset[int]) -> HiddenFrom:
    partly = {one: hidden.partly[one] for one in subjects if one in hidden.partly}
    return HiddenFrom(hidden.wholly & subjects, partly)
