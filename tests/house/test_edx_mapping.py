"""The table of what a line of an edX log becomes is that of the catalogue."""

from tests.house.edx_mapping import PAGE, table


def test_the_table_is_that_of_the_catalogue() -> None:
    assert PAGE.read_text().endswith(table()), "Write it anew: python -m tests.house.edx_mapping"
