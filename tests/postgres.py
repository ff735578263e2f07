"""A PostgreSQL of the tests' own, in a temporary directory, for those that race or compare."""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

_VERSIONS = Path("/usr/lib/postgresql")
_NAMES = ("postgres", "nobody")
_PATIENCE_SECONDS = 600


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """``postgresql://…/postgres`` of a server that lives as long as the session of tests.

    It listens on 127.0.0.1 alone, asks for a password, and runs as a user without rights.
    """
    programs = _programs()
    home = Path(tempfile.mkdtemp(prefix="privet-postgres-"))
    password = secrets.token_hex(16)
    port = _free_port()
    try:
        _prepare(programs, home, password)
        _start(programs, home, port)
        yield f"postgresql://privet:{password}@127.0.0.1:{port}/postgres"
    finally:
        _run(programs, "pg_ctl", "stop", "-D", str(home / "data"), "-m", "immediate", check=False)
        shutil.rmtree(home, ignore_errors=True)


def _programs() -> Path:
    found = sorted(_VERSIONS.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        pytest.fail("PostgreSQL is missing. Run: apt-get install postgresql")
    return found[-1].parent


def _prepare(programs: Path, home: Path, password: str) -> None:
    (home / "password").write_text(password)
    if os.geteuid() == 0:
        user = _user()
        for path in (home, home / "password"):
            os.chown(path, user.pw_uid, user.pw_gid)
    _run(
        programs, "initdb", "-D", str(home / "data"), "-U", "privet", "--auth=scram-sha-256",
        f"--pwfile={home / 'password'}", "--encoding=UTF8", "--no-sync",
    )  # fmt: skip


def _start(programs: Path, home: Path, port: int) -> None:
    options = (
        f"-c port={port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={home}"
        " -c fsync=off -c shared_buffers=32MB -c max_connections=50"
    )
    _run(
        programs, "pg_ctl", "start", "-w", "-t", str(_PATIENCE_SECONDS), "-D", str(home / "data"),
        "-l", str(home / "log"), "-o", options,
    )  # fmt: skip


def _run(programs: Path, program: str, *arguments: str, check: bool = True) -> None:
    """Run a program of PostgreSQL's, which refuses to run as root."""
    command = [str(programs / program), *arguments]
    if os.geteuid() == 0:
        command = ["runuser", "-u", _user().pw_name, "--", *command]
    subprocess.run(
        command,
        check=check,
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        timeout=_PATIENCE_SECONDS,
    )


def _user() -> pwd.struct_passwd:
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    return next(names[name] for name in _NAMES if name in names)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def fresh_database(url: str) -> str:
    """The URL of a new, empty database on the server of ``postgres_url``."""
    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return url.rsplit("/", 1)[0] + f"/{name}"
