"""Runs the demo: Hedgerow Courses and Privet on one local address, with people in them.

``make demo`` calls this. It prepares what is missing, starts the worker and the server, says where
to look and with which accounts, and stops everything on Ctrl-C.
"""

import argparse
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

import httpx

from demo.children import Child, Children
from demo.content import read_library
from demo.crowd import simulate_command, write_platform
from demo.home import DemoError, Home, Person, make_password, write_secret
from demo.population import CHARACTERS, settle
from demo.settings import SITE
from demo.tokens import KEY_ID, public_pem, read_or_make_key
from demo.tracking_log import move_to, yesterday
from demo.welcome import say_welcome

_ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_DETECTORS = "detectors"
START_SECONDS = 60.0
ENDS_SECONDS = 60.0
STAFF = (
    ("Ada Lindqvist", "analyst", ""),
    ("Tilda Marsh", "tutor", "hedge"),
    ("Pia Rosales", "privacy_officer", ""),
    ("Ivo Granger", "integrity_officer", ""),
    ("Ines Calder", "integrity_officer", ""),
    ("Kofi Brandt", "integrity_officer", ""),
    ("Mona Hedges", "member", "hedge"),
    ("Olu Adeyemi", "operator", ""),
)


class Ending:
    """A polite kill ends the demo as Ctrl-C does, so that its children are stopped.

    The exception alone would not do: one that is raised within a fork's callbacks or an object's
    end is printed and dropped by the interpreter, so whoever waits looks here as well.
    """

    def __init__(self) -> None:
        self._is_asked = False

    def ask(self, _number: int, _frame: FrameType | None) -> NoReturn:
        """The signals' handler."""
        self._is_asked = True
        raise KeyboardInterrupt

    def check(self) -> None:
        """Raise `KeyboardInterrupt` if a signal asked for the end and was not heard."""
        if self._is_asked:
            raise KeyboardInterrupt


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until Ctrl-C; returns the exit code."""
    chosen = _read_arguments(arguments)
    home = Home(chosen.home)
    try:
        with ending_on_signals() as ending:
            _run(home, chosen.port, ending, fresh=chosen.fresh)
    except DemoError as error:
        sys.stderr.write(f"\nThe demo cannot run. {error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stdout.write("\nStopped. “make demo” starts it again where it was.\n")
    return 0


@contextmanager
def ending_on_signals() -> Iterator[Ending]:
    ending = Ending()
    before = {number: signal.signal(number, ending.ask) for number in _ENDINGS}
    try:
        yield ending
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _run(home: Home, port: int, ending: Ending, *, fresh: bool) -> None:
    _check_port(port)
    if fresh:
        home.empty()
    home.open()
    url = f"http://127.0.0.1:{port}"
    with Children(home.logs, _environment(home, url)) as children:
        _say("Preparing")
        people, is_new = _prepare(home, url, port, children)
        children.start("worker", [_script("privet"), "worker"])
        children.start("server", _server_command(port))
        imported = _start_import(home, children) if is_new else None
        crowd = _start_crowd(home, children) if is_new else None
        _wait_until_up(url, children, ending)
        if is_new:
            _settle(home, url, people)
        if imported:
            _wait_for(imported, children, ending, "Importing a tracking log")
        if crowd:
            _wait_for(crowd, children, ending, "Letting a crowd in")
        sys.stdout.write("\n\n" + say_welcome(url, people, home.directory) + "\n")
        sys.stdout.flush()
        if is_new:
            # Nobody waits for it: the worker makes cases of what it finds.
            children.start(_DETECTORS, [_script("privet"), "integrity", "run"])
        while True:
            ending.check()
            children.check(but=(_DETECTORS,))
            time.sleep(0.5)


def _prepare(home: Home, url: str, port: int, children: Children) -> tuple[list[Person], bool]:
    """Set Privet up for the platform; true if this home is a new one."""
    settings = home.settings(url)
    key = read_or_make_key(settings.identity_key)
    people = home.read_accounts() or _make_people()
    home.write_accounts(people)
    roles = {role for _, role, _ in STAFF}
    wanted = {
        "site": SITE,
        "name": "Hedgerow Courses",
        "origins": [url, f"http://localhost:{port}"],
        "institutions": {i.slug: i.name for i in read_library().institutions.values()},
        "kid": KEY_ID,
        "identity_key": public_pem(key),
        "staff": [vars(person) for person in people if person.role in roles],
        "needs_api_key": not settings.api_key.exists(),
    }
    command = [sys.executable, "-m", "demo.composition"]
    made = json.loads(children.run("preparation", command, json.dumps(wanted)))
    if "api_key" in made:
        write_secret(settings.api_key, made["api_key"])
    return people, not home.is_settled


def _make_people() -> list[Person]:
    staff = [
        Person(
            name=name,
            email=f"{_mailbox(role, STAFF[:place])}@hedgerow.example",
            password=make_password(),
            role=role,
            institution=institution,
        )
        for place, (name, role, institution) in enumerate(STAFF)
    ]
    learners = [
        Person(
            name=one.name,
            email=f"{one.name.split()[0].lower().replace('é', 'e')}@hedgerow.example",
            password=make_password(),
            role=one.says,
        )
        for one in CHARACTERS
    ]
    return staff + learners


def _mailbox(role: str, before: Sequence[tuple[str, str, str]]) -> str:
    """The role, with a number for the second of it and those that follow."""
    number = 1 + sum(role == theirs for _, theirs, _ in before)
    name = role.replace("_", "-")
    return name if number == 1 else f"{name}-{number}"


def _start_import(home: Home, children: Children) -> Child:
    """Import the tracking log; what its operator says of its use stands in the import's record."""
    move_to(yesterday(), home.tracking_log)
    command = [_script("privet"), "import", "edx", str(home.tracking_log), "--site", SITE, "--json"]
    uses = "instruction,security,integrity,analytics"
    return children.start("import", [*command, "--uses", uses])


def _start_crowd(home: Home, children: Children) -> Child:
    """Simulate learners of the demo's courses, up to yesterday."""
    platform = home.directory / "platform.json"
    write_platform(read_library(), platform)
    return children.start("crowd", simulate_command(_script("privet"), platform))


def _settle(home: Home, url: str, people: list[Person]) -> None:
    _say("Letting a few people in")
    faults = settle(url, people)
    if faults:
        raise DemoError("Privet refused " + "\n".join(faults))
    home.note_settled()


def _wait_until_up(url: str, children: Children, ending: Ending) -> None:
    _say("Starting")
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        ending.check()
        children.check(but=("import", "crowd"))
        if _answers(f"{url}/t/health") and _answers(f"{url}/health"):
            return
        time.sleep(0.1)
    raise DemoError("The server did not answer within a minute; see logs/server.log in its home.")


def _answers(address: str) -> bool:
    try:
        return httpx.get(address, timeout=5, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def _wait_for(child: Child, children: Children, ending: Ending, words: str) -> None:
    """Wait for a process that ends by itself."""
    _say(words)
    deadline = time.monotonic() + ENDS_SECONDS
    while (code := child.process.poll()) is None:
        ending.check()
        if time.monotonic() > deadline:
            log = f"logs/{child.name}.log"
            raise DemoError(f"“{words}” took too long; see {log} in its home.")
        time.sleep(0.1)
    if code:
        children.check()
    children.forget(child)


def _environment(home: Home, url: str) -> dict[str, str]:
    """What the children know: their homes, and that the demo itself may speak as a proxy."""
    return {
        **os.environ,
        "PRIVET_HOME": str(home.privet),
        "PRIVET_PUBLIC_URL": url,
        "PRIVET_TRUSTED_PROXIES": "127.0.0.1/32",
        "PRIVET_CONTROLLER": "Hedgerow Courses, 1 Hawthorn Lane, Hedgerow",
        "PRIVET_CONTACT": "privacy-officer@hedgerow.example",
        "HEDGEROW_HOME": str(home.directory),
        "HEDGEROW_PRIVET_URL": url,
        "HEDGEROW_TRUSTED_PROXIES": "127.0.0.1",
        "PYTHONUNBUFFERED": "1",
    }


def _server_command(port: int) -> list[str]:
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--no-ws"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    return [*command, "demo.composition:application"]


def _script(name: str) -> str:
    """A command of the environment that runs the demo."""
    return str(Path(sys.executable).with_name(name))


def _check_port(port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError):
            raise DemoError(
                f"Port {port} is taken or not allowed.\nChoose another: make demo PORT={port + 1}"
            ) from None


def _read_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="demo", description="Run Hedgerow Courses with Privet.")
    parser.add_argument("--port", type=int, default=8000, help="the local port (8000)")
    parser.add_argument("--home", type=Path, default=Path(__file__).parent / "var")
    parser.add_argument("--fresh", action="store_true", help="throw the last demo away first")
    return parser.parse_args(arguments)


def _say(words: str) -> None:
    sys.stdout.write(f"{words} … ")
    sys.stdout.flush()
