"""``privet consent scan`` as a pipeline calls it."""

import json
import re
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from privet.cli.app import app
from privet.cli.scan import _line
from privet.consent.scan.shapes import DriftKind
from tests.consent.scan.kit import REGISTRY
from tests.consent.scan.site.serve import browser_arguments, serve
from tests.consent.scan.test_compare import FOUND

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
    with serve() as port:
        arguments = [f"--chromium-argument={one}" for one in browser_arguments(port)]
        return _scan_at(tmp_path, f"http://school.test:{port}{path}", *arguments, *more)


def _scan_at(tmp_path: Path, url: str, *more: str) -> subprocess.CompletedProcess[str]:
    (tmp_path / "cookies.toml").write_text(REGISTRY + _ENTRY)
    (tmp_path / "journey.toml").write_text("has_banner = false\n")
    command = [
        _PRIVET, "consent", "scan", url,
        "--registry", "cookies.toml", "--journey", "journey.toml", "--step", "no_action",
        "--third-party-cookies", "allowed", "--wait", "900", *more,
    ]  # fmt: skip
    return subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, timeout=600, check=False
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
    assert not report["is_incomplete"]
    assert "s_cookie" in {one["name"] for one in report["found"] if one["drift"]}


def test_the_words_say_who_did_what_in_whole_also_where_there_are_no_columns(
    tmp_path: Path,
) -> None:
    done = _scan(tmp_path, "/")
    assert done.returncode == 1, done.stderr
    lines = done.stdout.splitlines()
    (line,) = [one for one in lines if " cookie s_cookie (school.test), " in one]
    assert line.startswith("  unregistered: ")
    assert re.search(r" ms, by anonymous http://school\.test:\d+/js/own\.js:1:\d+$", line)
    assert "no_action, decided: undecided, third-party cookies allowed:" in lines


def test_what_a_page_names_cannot_command_a_terminal() -> None:
    found = replace(FOUND, name="a\x1b[2Jb\n" + "c" * 1000, drift=(DriftKind.UNREGISTERED,))
    line = _line(found)
    assert line.isprintable()
    assert len(line) < 600


def _scan_with_a_route_that_breaks_off(tmp_path: Path, path: str, *more: str):  # type: ignore[no-untyped-def]
    """The page answers, and what the journey goes on to does not."""
    with serve() as port, socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        gone = f"http://127.0.0.1:{closed.getsockname()[1]}/"
        journey = tmp_path / "breaking.toml"
        journey.write_text(f'has_banner = false\n[[route]]\ngo = "{gone}"\n')
        arguments = [f"--chromium-argument={one}" for one in browser_arguments(port)]
        url = f"http://school.test:{port}{path}"
        steps = ("--step", "route", "--journey", journey.name)
        return _scan_at(tmp_path, url, *arguments, *steps, *more)


def test_a_scan_of_which_a_step_broke_off_does_not_pass(tmp_path: Path) -> None:
    done = _scan_with_a_route_that_breaks_off(tmp_path, "/course")
    assert done.returncode == 3, done.stdout + done.stderr
    assert "Incomplete: route, third-party cookies allowed: broke off" in done.stdout
    assert "This scan is incomplete: 1 of 2 steps broke off" in done.stdout


def test_what_is_wrong_counts_more_than_what_broke_off(tmp_path: Path) -> None:
    done = _scan_with_a_route_that_breaks_off(tmp_path, "/", "--json")
    assert done.returncode == 1, done.stderr
    report = json.loads(done.stdout)
    assert report["has_drift"]
    assert report["is_incomplete"]
    assert [run["step"] for run in report["runs"] if run["broke_off"]] == ["route"]


@pytest.mark.parametrize("wait", ["-5", "0"])
def test_a_scan_that_would_watch_nothing_is_refused(wait: str) -> None:
    done = CliRunner().invoke(app, ["consent", "scan", "http://127.0.0.1:9/", "--wait", wait])
    assert done.exit_code == 2
    assert "greater than or equal to 100" in " ".join(done.output.replace("│", " ").split())


def test_an_address_without_a_scheme_is_refused(tmp_path: Path) -> None:
    command = [_PRIVET, "consent", "scan", "school.test"]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--course", "c1"), "name it too"),
        (("--institution", "hedge", "--registry", "x.toml"), "without --registry"),
        (("--institution", "nowhere"), "no institution of that name"),
    ],
)
@pytest.mark.django_db
def test_a_member_that_nothing_can_be_compared_with_is_refused(words, said) -> None:
    done = CliRunner().invoke(app, ["consent", "scan", "http://127.0.0.1:9/", *words])
    assert done.exit_code == 2
    assert said in " ".join(done.output.split())


def test_where_nothing_answers_nothing_is_vouched_for(tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        done = _scan_at(tmp_path, f"http://127.0.0.1:{closed.getsockname()[1]}/")
    assert done.returncode == 1
    assert "Nothing was scanned: broke off" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("journey.toml", "[[route]]\nwait_ms = 'long'\n", "milliseconds, like wait_ms = 500"),
        ("journey.toml", None, "no file journey.toml"),
        ("cookies.toml", "version = 1\n[[technology]]\nname = 'x'\n", "The entry 'x'"),
        ("cookies.toml", None, "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_used_is_a_wrong_command_and_no_finding(
    tmp_path: Path, file: str, text: str | None, said: str
) -> None:
    paths = {"cookies.toml": REGISTRY, "journey.toml": "has_banner = false\n", file: text}
    for name, content in paths.items():
        if content is not None:
            (tmp_path / name).write_text(content)
    options = ["--registry", tmp_path / "cookies.toml", "--journey", tmp_path / "journey.toml"]
    command = ["consent", "scan", "http://127.0.0.1:9/", *map(str, options)]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 2
    assert said in " ".join(done.output.replace("│", " ").split())


def test_a_button_that_is_not_there_is_named(tmp_path: Path) -> None:
    journey = tmp_path / "buttons.toml"
    journey.write_text("[controls]\nbanner = 'h1'\naccept = '#nowhere'\n")
    done = _scan(tmp_path, "/course", "--step", "accept", "--journey", journey.name)
    assert done.returncode == 3, done.stdout + done.stderr
    assert "#nowhere" in done.stdout
