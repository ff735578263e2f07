"""What a scan keeps while it runs goes with it, and what a killed one left goes with the next."""

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from privet.consent.scan.scratch import remove_leftovers, scratch_directory

_SCAN = """
from privet.consent.scan.scratch import scratch_directory
with scratch_directory() as kept:
    (kept / "Cookies").write_text("session=secret")
    print(kept, flush=True)
    input()
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary directories are made, by this process and by those that it starts."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


def test_a_scan_that_ends_leaves_nothing(temporary: Path) -> None:
    with scratch_directory() as kept:
        (kept / "Cookies").write_text("session=secret")
    assert not list(temporary.iterdir())


def test_a_scan_that_fails_leaves_nothing(temporary: Path) -> None:
    with pytest.raises(KeyboardInterrupt), scratch_directory():
        raise KeyboardInterrupt
    assert not list(temporary.iterdir())


def test_what_a_killed_scan_left_goes_and_what_a_running_one_has_stays() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _SCAN], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as scan:
        assert scan.stdout is not None
        kept = Path(scan.stdout.readline().strip())
        remove_leftovers()
        assert (kept / "Cookies").exists()
        scan.kill()
    assert (kept / "Cookies").exists()
    remove_leftovers()
    assert not kept.exists()


def test_no_link_is_followed_and_no_file_removed(temporary: Path) -> None:
    (temporary / "other").mkdir()
    (temporary / "privet-scan-link").symlink_to(temporary / "other")
    (temporary / "privet-scan-file").write_text("")
    remove_leftovers()
    assert len(list(temporary.iterdir())) == 3
