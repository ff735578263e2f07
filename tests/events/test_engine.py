"""The engine itself is locked, so that a text that got past the check would reach nothing."""

import gc
import os
import threading
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from privet.events.engine import Engine, literal_list
from privet.events.errors import EngineFullError

DENIED = (
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_blob('/etc/passwd')",
    "SELECT * FROM read_json('/etc/passwd')",
    "SELECT * FROM sniff_csv('/etc/passwd')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM glob('/etc/*')",
    "SELECT * FROM read_parquet('{outside}/secret.parquet')",
    "SELECT * FROM read_parquet('{inside}/../secret.parquet')",
    "SELECT * FROM 'https://example.org/x.parquet'",
    "SELECT * FROM 's3://bucket/x.parquet'",
    "COPY (SELECT 1) TO '{outside}/out.csv'",
    "ATTACH '{outside}/other.db'",
    "EXPORT DATABASE '{outside}/all'",
    "IMPORT DATABASE '{outside}/all'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "LOAD '{outside}/x.duckdb_extension'",
    "INSTALL spatial FROM community",
    "SET threads = 8",
    "SET enable_external_access = true",
    "SET lock_configuration = false",
    "SET allowed_directories = ['/']",
    "SET python_enable_replacements = true",
    "RESET memory_limit",
    "PRAGMA threads = 8",
    "PRAGMA memory_limit = '90GB'",
    "CALL enable_logging()",
    "CREATE SECRET s (TYPE s3, KEY_ID 'a', SECRET 'b')",
    "SELECT getenv('HOME')",
    "SELECT * FROM a_data_frame",
    "SELECT * FROM an_arrow_table",
)


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    (tmp_path / "inside").mkdir()
    pa.parquet.write_table(pa.table({"x": [1]}), tmp_path / "secret.parquet")
    pa.parquet.write_table(pa.table({"x": [2]}), tmp_path / "inside" / "mine.parquet")
    return Engine(tmp_path / "inside", spill=tmp_path / "spill")


@pytest.mark.parametrize("text", DENIED)
def test_the_engine_reaches_nothing_but_the_tables_directory(
    engine: Engine, tmp_path: Path, text: str
) -> None:
    an_arrow_table = a_data_frame = pa.table({"x": [3]})
    text = text.format(outside=tmp_path, inside=tmp_path / "inside")
    with engine.connection() as connection, pytest.raises(duckdb.Error):
        connection.execute(text).fetchall()
    assert a_data_frame is an_arrow_table


def test_the_engine_reads_the_tables_own_files(engine: Engine, tmp_path: Path) -> None:
    with engine.connection() as connection:
        found = connection.execute(f"SELECT x FROM '{tmp_path}/inside/mine.parquet'").fetchall()
    assert found == [(2,)]


def test_one_connection_sees_nothing_of_another(engine: Engine) -> None:
    with engine.connection() as first:
        first.execute("CREATE TEMP TABLE mine AS SELECT 1 AS x")
        with engine.connection() as second, pytest.raises(duckdb.CatalogException):
            second.execute("SELECT * FROM mine")


def test_a_query_that_outgrows_memory_spills_where_nobody_else_reads(
    engine: Engine, tmp_path: Path
) -> None:
    (spill,) = (tmp_path / "spill").iterdir()
    assert spill.stat().st_mode & 0o077 == 0
    assert str(os.getpid()) in spill.name


def test_what_dead_processes_spilled_is_removed(tmp_path: Path) -> None:
    left = tmp_path / "spill" / f"spill-{os.getpid()}-dead"
    left.mkdir(parents=True)
    (left / "rows.tmp").write_bytes(b"somebody")
    engine = Engine(None, spill=tmp_path / "spill")
    (only,) = (tmp_path / "spill").iterdir()
    assert only != left
    del engine


def test_what_an_engine_spills_goes_with_it_and_not_before(tmp_path: Path) -> None:
    engine = Engine(None, spill=tmp_path / "spill")
    (first,) = (tmp_path / "spill").iterdir()
    another = Engine(None, spill=tmp_path / "spill")
    assert first.exists()
    del engine
    gc.collect()
    assert not first.exists()
    del another
    gc.collect()
    assert list((tmp_path / "spill").iterdir()) == []


def test_an_engine_without_a_directory_reaches_no_file(tmp_path: Path) -> None:
    pa.parquet.write_table(pa.table({"x": [1]}), tmp_path / "secret.parquet")
    with Engine(None, spill=tmp_path).connection() as connection, pytest.raises(duckdb.Error):
        connection.execute(f"SELECT * FROM '{tmp_path}/secret.parquet'")


def test_what_does_not_fit_into_memory_is_an_error_in_words(tmp_path: Path) -> None:
    engine = Engine(None, spill=tmp_path / "spill", memory="20MB")
    with (
        pytest.raises(EngineFullError, match=r"fewer days or one course"),
        engine.connection() as connection,
    ):
        connection.execute("SELECT list(range) FROM range(20000000)")


def test_what_it_works_on_can_be_ended(tmp_path: Path) -> None:
    engine = Engine(None, spill=tmp_path / "spill", threads=1)
    ended: list[BaseException] = []

    def work() -> None:
        with engine.connection() as connection:
            try:
                connection.execute("SELECT sum(hash(range)) FROM range(1000000000000)")
            except duckdb.InterruptException as error:
                ended.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    while thread.is_alive():
        engine.interrupt()
        thread.join(0.01)
    assert len(ended) == 1


def test_with_nothing_to_end_nothing_happens(engine: Engine) -> None:
    engine.interrupt()
    with engine.connection() as connection:
        assert connection.execute("SELECT 1").fetchall() == [(1,)]


def test_a_quote_in_a_path_stays_a_quote() -> None:
    assert literal_list(["a'b"]) == "['a''b']"
