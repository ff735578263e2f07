"""An installation of its own for each test, used by the command as an operator would."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import connect
from typing import Any

import pyarrow as pa
from deltalake import DeltaTable

COMMAND = [sys.executable, "-c", "from privet.cli import main; main()"]
EVERYTHING = "instruction,security,integrity,analytics,personalisation,research,sharing"


@dataclass
class Installation:
    """Where it is, and what stands in it."""

    home: Path

    @property
    def environment(self) -> Mapping[str, str]:
        return {
            **os.environ,
            "PRIVET_HOME": str(self.home),
            "PRIVET_DATABASE_URL": f"sqlite:///{self.home / 'state.sqlite3'}",
        }

    def start(self, *words: str | Path, **more: Any) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [*COMMAND, *map(str, words)],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            **more,
        )

    def run(self, *words: str | Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [*COMMAND, *map(str, words)],
            env=self.environment,
            input=stdin,
            capture_output=True,
            check=False,
        )

    def report(self, *words: str | Path, stdin: bytes = b"") -> Any:
        """What a command prints with ``--json``."""
        done = self.run(*words, "--json", stdin=stdin)
        assert done.returncode == 0, done.stderr.decode()
        return json.loads(done.stdout)

    def import_edx(self, *words: str | Path, stdin: bytes = b"") -> Any:
        return self.report("import", "edx", *words, stdin=stdin)

    def rows(self) -> list[dict[str, Any]]:
        """Every row of the lake."""
        lake = self.home / "lake"
        if not (lake / "_delta_log").exists():
            return []
        table: pa.Table = DeltaTable(lake).to_pyarrow_table()
        return table.to_pylist()

    def segments(self) -> list[Path]:
        return sorted((self.home / "log").glob("*/*.seg"))

    def select(self, sql: str) -> list[Any]:
        with closing(connect(self.home / "state.sqlite3")) as database:
            return database.execute(sql).fetchall()


def balance(report: Mapping[str, Any]) -> None:
    """Check that every line and every event is accounted for."""
    skipped, rejected = sum(report["skipped"].values()), sum(report["rejected"].values())
    assert report["lines"] == report["events"] + skipped + rejected
    barred = sum(report["not_permitted"].values())
    loaded = report["stored"] + report["duplicates"] + report["loaded_elsewhere"]
    assert report["events"] == loaded + barred
