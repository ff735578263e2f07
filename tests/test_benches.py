"""Every bench still runs through, at a small size, and says its figures as it promises."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.__main__ import MODULES

REPOSITORY = Path(__file__).parents[1]
SMALL = {
    "collector": ["--rounds", "1", "--seconds", "1", "--minutes", "0.02"],
    "console": ["--rows", "100000"],
    "dashboards": ["--sizes", "1"],
    "decision": [],
    "import": ["--lines", "5000"],
    "integrity": ["--sizes", "0.2"],
    "sdk": ["--rounds", "1"],
    "simulate": ["--events", "100000"],
}
ALONE = {"decision", "simulate"}
"""Those which have no peer to be held against."""


@pytest.mark.soak
@pytest.mark.parametrize("name", sorted(MODULES))
def test_a_bench_runs_through_and_its_last_line_is_its_figures(name: str) -> None:
    own = {key: value for key, value in os.environ.items() if not key.startswith("PRIVET_")}
    done = subprocess.run(
        [sys.executable, "-m", "bench", name, *SMALL[name]],
        cwd=REPOSITORY, env=own, stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    figures = json.loads(done.stdout.splitlines()[-1])
    assert figures["bench"] == name
    assert (figures["ratio"] is None) == (name in ALONE)
    assert name in ALONE or figures["ratio"] > 0
