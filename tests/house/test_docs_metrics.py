"""The page of the collector lists what ``/metrics`` tells, and no page names anything else."""

import re
from pathlib import Path

import pytest

from privet.events.worker_status import WorkerStatus, write_status
from tests.collector.kit import NOW, Rig

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md")])
LISTED = re.compile(r"^\| `(privet_\w+)` \| (counter|gauge) \| (.+) \|$", re.M)
HELP = re.compile(r"^# HELP (\w+) (.+)\n# TYPE \1 (\w+)$", re.M)
NAMED = re.compile(r"`(privet_(?:collector|log|worker|quarantine|home)_\w+)(?:\{[^`]*\})?`")


@pytest.fixture
def told(tmp_path: Path) -> dict[str, tuple[str, str]]:
    """Of each metric of a collector beside a worker: counter or gauge, and its help."""
    rig = Rig(tmp_path)
    status = WorkerStatus(
        beat=NOW, pid=1, segments_waiting=0, bytes_waiting=0, lag_seconds=0, events_loaded=0,
        dropped={}, parts_quarantined=0, last_pass=None, lake_version=0, last_error="",
    )  # fmt: skip
    write_status(rig.config.live, status)
    texts: list[str] = []

    async def scenario() -> None:
        texts.append((await rig.request("GET", "/metrics")).body.decode())

    rig.run(scenario())
    return {name: (kind, says) for name, says, kind in HELP.findall(texts[0])}


def test_the_page_lists_every_metric_as_it_explains_itself(
    told: dict[str, tuple[str, str]],
) -> None:
    page = (ROOT / "docs/reference/collector-api.md").read_text()
    listed = {name: (kind, says) for name, kind, says in LISTED.findall(page)}
    assert listed == told


def test_no_page_names_a_metric_that_is_not_told(told: dict[str, tuple[str, str]]) -> None:
    named = {(path.name, name) for path in PAGES for name in NAMED.findall(path.read_text())}
    assert [each for each in sorted(named) if each[1] not in told] == []
