"""This room as a keeper of personal data: it reads and erases by learner, outside the view.

Each reading of rows is an act in the audit chain, with who and why.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import duckdb
import pyarrow as pa

from privet.audit.service import record_act
from privet.catalogue.columns import COLUMNS
from privet.catalogue.uses import TERMS, Use, use_names
from privet.events.engine import literal_list
from privet.events.erasure import Erasing, default_erasing, run_erasure_pass
from privet.events.lake import Lake
from privet.events.models import Withholding
from privet.events.query import reader_of
from privet.events.rewriting import Holds
from privet.events.rollup_files import holds_any, rollup_paths
from privet.events.rollups import Rollup, find_rollup, rollup_names
from privet.events.service import erase_subjects
from privet.events.store import LakeFile
from privet.events.view import bind_files
from privet.holder import Erased, Held, Kept, Person

_FEW = 1000
_NOBODY = 0


def read_subject(
    subjects: Collection[int],
    *,
    by: str,
    why: str = "",
    event_names: Collection[str] | None = None,
    limit: int | None = None,
    offset: int = 0,
    lake: Lake | None = None,
) -> list[dict[str, Any]]:
    """All rows of some pseudonyms (or those of some events), newest first, in the lake's columns.

    Withheld and restricted rows are among them: access covers all that is kept. What is sealed
    comes as it lies there.
    """
    record_act(act="events.read_subject", by=by, about={"subjects": len(subjects)}, why=why)
    names = ", ".join(column.name for column in COLUMNS)
    page = f"LIMIT {limit:d} OFFSET {offset:d}" if limit is not None else ""
    order = f"ORDER BY time DESC, event_id {page}"
    rows = _ask(subjects, names, f"{_only(event_names)} {order}", lake)
    return [dict(zip((c.name for c in COLUMNS), row, strict=True)) for row in rows]


def count_subject(subjects: Collection[int], *, lake: Lake | None = None) -> int:
    """How many rows there are of some pseudonyms."""
    return int(_ask(subjects, "count(*)", "", lake)[0][0])


def count_by_day(subjects: Collection[int], *, lake: Lake | None = None) -> dict[str, int]:
    """How many rows there are of some pseudonyms on each day, in ISO 8601."""
    rows = _ask(subjects, "day, count(*)", "GROUP BY day ORDER BY day", lake)
    return {day.isoformat(): count for day, count in rows}


def count_by_event(
    subjects: Collection[int], *, lake: Lake | None = None
) -> list[tuple[str, Use, int]]:
    """How many rows of some pseudonyms there are of each event with the same uses."""
    rows = _ask(subjects, "name, uses, count(*)", "GROUP BY name, uses", lake)
    return [(name, Use(uses), count) for name, uses, count in rows]


def count_in_use(
    subjects: Collection[int], *, lake: Lake | None = None
) -> list[tuple[str, Use, int]]:
    """As `count_by_event`, without the uses that are hidden and wait for the daily pass.

    Rows that serve nothing any more are among them, with no use.
    """
    uses = "uses"
    for one in Withholding.objects.filter(subject__in=list(subjects)):
        # Numbers and a moment of our own are put into the text.
        hidden = f"subject = {one.subject:d}"
        if one.until is not None:
            hidden += f" AND least(time, received) <= TIMESTAMPTZ '{one.until.isoformat()}'"
        uses += f" & ~(CASE WHEN {hidden} THEN {one.use:d} ELSE 0 END)"
    rows = _ask(subjects, f"name, {uses} AS served, count(*)", "GROUP BY name, served", lake)
    return [(name, Use(served), count) for name, served, count in rows]


class EventsHolder:
    """Events, as `privet.holder.Holder` asks for them."""

    name = "events"

    def __init__(self, places: Erasing | None = None) -> None:
        self._given = places

    def describe(self) -> Collection[Kept]:
        """What is kept of events, by column, and what is aggregated from them."""
        longest = max(terms.retention_months for terms in TERMS.values())
        columns = [
            Kept(
                what=column.says,
                data_category=column.data_category,
                purpose=", ".join(use_names(column.uses)),
                lawful_basis=", ".join(sorted({TERMS[use].basis for use in column.uses})),
                retention=f"P{longest}M at most; see the retention of each use",
            )
            for column in COLUMNS
        ]
        return columns + [_kept_rollup(find_rollup(name)) for name in rollup_names()]

    def find(self, person: Person) -> int:
        """How many events there are of the person."""
        return count_subject(person.subjects, lake=self._places.lake)

    def export(self, person: Person) -> Iterator[Mapping[str, Any]]:
        """Each event of the person, its uses by name; what is sealed is a copy, and left out."""
        why = "export of all data of one person"
        rows = read_subject(person.subjects, by="rights", why=why, lake=self._places.lake)
        for row in rows:
            told = {name: value for name, value in row.items() if name != "sealed"}
            yield told | {"uses": use_names(Use(row["uses"]))}

    def rectify(self, person: Person, *, field: str, value: str, by: str) -> bool:
        """Events say what happened; there is nothing in them to correct."""
        del person, field, value, by
        return False

    def preview(self, person: Person) -> Mapping[str, int]:
        """How many events an erasure would remove."""
        return {"events": self.find(person)}

    def erase(self, people: Collection[Person], *, by: str) -> Erased | Held:
        """Remove all events of the people, now."""
        subjects = frozenset[int]().union(*(person.subjects for person in people)) - {_NOBODY}
        keys = frozenset[bytes]().union(*(person.person_keys for person in people))
        places = self._places
        erase_subjects(
            subjects=subjects, person_keys=keys, by=by, clock=places.lake.clock, keys=places.keys
        )
        done = run_erasure_pass(by=by, places=places)
        return Erased(records=done.rows if done else 0)

    def verify(self, people: Collection[Person]) -> bool:
        """Whether no file of the lake, and none of its rollups, holds a row of the people."""
        subjects = frozenset[int]().union(*(person.subjects for person in people)) - {_NOBODY}
        lake = self._places.lake
        holds = Holds(lake, subjects)
        is_in_rollups = any(holds_any(path, subjects) for path in rollup_paths(lake.rollups))
        return not is_in_rollups and not any(holds(file) for file in lake.files())

    @property
    def _places(self) -> Erasing:
        return self._given or default_erasing()


def _kept_rollup(rollup: Rollup) -> Kept:
    terms = TERMS[rollup.use]
    return Kept(
        what=f"The rollup {rollup.name}: events of a learner and a day, counted together",
        data_category="user.behavior",
        purpose=", ".join(use_names(rollup.use)),
        lawful_basis=terms.basis,
        retention="As long as the events it was made of",
    )


def _only(event_names: Collection[str] | None) -> str:
    if event_names is None:
        return ""
    return f"AND list_contains({literal_list(sorted(event_names))}, name)"


def _ask(subjects: Collection[int], what: str, rest: str, lake: Lake | None) -> list[Any]:
    """Ask the table itself, all rows and columns, for some subjects."""
    wanted = sorted(int(subject) for subject in subjects if subject != _NOBODY)
    reader = reader_of(lake or default_erasing().lake)

    def work(connection: duckdb.DuckDBPyConnection, files: list[LakeFile]) -> list[Any]:
        bind_files(connection, reader.lake, files)
        if len(wanted) > _FEW:
            connection.register("wanted", pa.table({"subject": pa.array(wanted, pa.int64())}))
            condition = "subject IN (SELECT subject FROM wanted)"
        else:
            # Numbers written out let whole files and row groups be passed over.
            condition = f"subject IN ({', '.join(map(str, wanted)) or 'NULL'})"
        text = f"SELECT {what} FROM lake_rows WHERE {condition} {rest}"  # noqa: S608 - see above
        return connection.execute(text).fetchall()

    return reader.run(work)
