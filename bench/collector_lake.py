"""Asks the lake of an installation: ``count`` its rows, or ``watch`` how far it lags behind.

It reads the Delta table's own files, as any other engine would.
"""

import os
import sys
import time
from datetime import UTC, datetime

import duckdb
from deltalake import DeltaTable

from privet.kernel.config import read_config


def main() -> None:
    """Print the number of rows once, or the lag in seconds every second."""
    if sys.argv[1] == "count":
        print(_ask("count(*)") or 0)
        return
    while True:
        try:
            newest = _ask("max(received)")
        except duckdb.IOException:
            continue  # A file was compacted away between the list and the reading.
        if isinstance(newest, datetime):
            print((datetime.now(UTC) - newest).total_seconds(), flush=True)
        time.sleep(1)


def _ask(what: str) -> object:
    lake = read_config().lake
    if not os.path.isdir(os.path.join(lake, "_delta_log")):  # noqa: PTH112, PTH118
        return None
    files = DeltaTable(lake).file_uris()
    if not files:
        return None
    found = duckdb.execute(f"SELECT {what} FROM read_parquet({files!r})").fetchone()
    return found[0] if found else None


if __name__ == "__main__":
    main()
