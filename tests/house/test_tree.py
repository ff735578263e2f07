"""What never goes into the project is not there."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def tracked_texts() -> dict[str, str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    found = {}
    for name in listed.stdout.split("\0"):
        path = ROOT / name
        if name and path.is_file() and path.suffix not in {".woff2", ".webm", ".mp4", ".png"}:
            found[name] = path.read_text(errors="replace")
    return found


def test_lock_files_carry_hashes_and_no_addresses() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    assert "--hash=sha256:" in lock
    assert re.search(r"https?://", lock) is None
    npm = (ROOT / "sdk" / "package-lock.json").read_text()
    assert '"integrity"' in npm
    assert '"resolved"' not in npm


def test_no_file_is_named_utils_helpers_common_or_misc() -> None:
    vague = re.compile(r"(^|/)(utils|helpers|common|misc)(\.\w+)?(/|$)")
    assert [name for name in tracked_texts() if vague.search(name)] == []


def test_no_source_file_is_too_long() -> None:
    sources = (ROOT / "src").rglob("*.py")
    assert [str(p) for p in sources if p.read_text().count("\n") >= 400] == []
