"""The lake's form follows the catalogue."""

import re
from pathlib import Path

from privet.catalogue.columns import COLUMNS
from privet.catalogue.uses import use_names
from privet.events.schema import file_schema, lake_schema

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "lake.md"


def test_the_table_has_exactly_the_columns_of_the_catalogue() -> None:
    assert lake_schema().names == [column.name for column in COLUMNS]
    assert [f.name for f in lake_schema() if f.nullable] == [c.name for c in COLUMNS if c.nullable]


def test_the_partition_is_said_by_the_directory_and_not_in_the_files() -> None:
    assert "day" not in file_schema().names


def test_the_reference_lists_every_column_with_its_type_and_its_uses() -> None:
    lines = re.findall(r"^\| `(\w+)` \| (\w+) \| (.*?) \| (.*?) \|$", REFERENCE.read_text(), re.M)
    expected = [(c.name, c.type.value, c.says, ", ".join(use_names(c.uses))) for c in COLUMNS]
    assert [
        (
            n,
            t,
            s,
            "instruction, security, integrity, analytics, personalisation, marketing, "
            "research, sharing"
            if u == "all"
            else u,
        )
        for n, t, s, u in lines
    ] == expected
