"""``privet consent scan`` as a pipeline calls it."""

import json
import subprocess
import sys
from pathlib import Path

from tests.consent.scan.kit import REGISTRY
from tests.consent.scan.site.serve import browser_arguments, serve

_PRIVET = str(Path(sys.executable).parent / "privet")
_ENTRY = """
[[technology]]
name = "course_cookie"
kind = "cookie"
setter = "the server"
party = "first"
lifetime = "session"
category = "necessary"
vendor = "School"
purpose = { en = "Says which course.", es = "Dice qué curso." }
"""


def _scan(tmp_path: Path, path: str, *more: str) -> subprocess.CompletedProcess[str]:
    (tmp_path / "cookies.toml").write_text(REGISTRY + _ENTRY)
    (tmp_path / "journey.toml").write_text("has_banner = false\n")
    with serve() as port:
        arguments = [f"--chromium-argument={one}" for one in browser_arguments(port)]
        command = [
            _PRIVET, "consent", "scan", f"http://school.test:{port}{path}",
            "--registry", "cookies.toml", "--journey", "journey.toml", "--step", "no_action",
            "--third-party-cookies", "allowed", "--wait", "900", *arguments, *more,
        ]  # fmt: skip
        return subprocess.run(
            command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
        )


def test_a_page_that_is_as_registered_passes(tmp_path: Path) -> None:
    done = _scan(tmp_path, "/course")
    assert done.returncode == 0, done.stderr
    assert "1 findings" in done.stdout


def test_a_page_that_sets_more_fails_and_says_what(tmp_path: Path) -> None:
    done = _scan(tmp_path, "/", "--json")
    assert done.returncode == 1, done.stderr
    report = json.loads(done.stdout)
    assert report["has_drift"]
    assert "s_cookie" in {one["name"] for one in report["found"] if one["drift"]}


def test_an_address_without_a_scheme_is_refused(tmp_path: Path) -> None:
    command = [_PRIVET, "consent", "scan", "school.test"]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 2
