"""The demo's own directory: what lies in it, and that only one demo uses it at a time."""

import fcntl
import json
import os
import secrets
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from demo.settings import Settings

_MARK = "this-is-a-demo.txt"
_SETTLED = "settled"
_WORD_LIST = (
    "acorn alder amber apple ash aspen badger bark barley beech berry birch bloom bramble brook "
    "bud burr catkin cedar cherry clover copse cowslip crab daisy dell dew dock dove elder elm "
    "fern field finch flax fox frost gorse grove hare hazel heath heron holly hop ivy jay kestrel "
    "larch lark leaf lichen linnet maple marsh may meadow mole moss moth nettle newt nut oak otter "
    "owl pear pine plum pond poplar reed robin rook rose rowan rush rye sedge sloe snail sorrel "
    "sparrow spruce squirrel stile stone stream swift tansy teal thistle thorn thrush thyme toad "
    "trout vetch viola vole wasp weir wheat willow wren yarrow yew"
)
_WORDS = _WORD_LIST.split()


class DemoError(Exception):
    """The demo cannot run; the text says why and what to do."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """An account of this installation, with the password that was made for it."""

    name: str
    email: str
    password: str
    role: str
    """A role of Privet's staff, or what the learner decided."""
    institution: str = ""


class Home:
    """One installation of the demo."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory.absolute()
        self.privet = self.directory / "privet"
        self.logs = self.directory / "logs"
        self.tracking_log = self.directory / "tracking.log"
        self._accounts = self.directory / "accounts.json"
        self._lock: int | None = None

    def settings(self, privet_url: str) -> Settings:
        """The platform's settings in this home."""
        return Settings(home=self.directory, privet_url=privet_url)

    def empty(self) -> None:
        """Throw away all of it; refuses a directory that no demo has made."""
        if not self.directory.exists():
            return
        if not (self.directory / _MARK).exists() and any(self.directory.iterdir()):
            raise DemoError(
                f"{self.directory} was not made by the demo, so it is not emptied.\n"
                "Choose another directory with --home, or empty it yourself."
            )
        shutil.rmtree(self.directory)

    def open(self) -> None:
        """Make it if it is not there, and keep it from other demos until this process ends."""
        for directory in (self.directory, self.privet, self.logs):
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        (self.directory / _MARK).write_text("Made by the demo, which may delete all of this.\n")
        self._lock = os.open(self.directory / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DemoError(
                f"Another demo is running in {self.directory}.\n"
                "Stop it first, or choose another directory with --home."
            ) from None

    @property
    def is_settled(self) -> bool:
        """Whether its first people have been let in."""
        return (self.directory / _SETTLED).exists()

    def note_settled(self) -> None:
        """Remember that they have, so that the next start lets nobody in twice."""
        (self.directory / _SETTLED).touch()

    def read_accounts(self) -> list[Person]:
        """The accounts of this installation, or none yet."""
        if not self._accounts.exists():
            return []
        return [Person(**row) for row in json.loads(self._accounts.read_text("utf-8"))]

    def write_accounts(self, people: list[Person]) -> None:
        """Keep them for the next start, readable by their owner alone."""
        text = json.dumps([asdict(person) for person in people], indent=2)
        write_secret(self._accounts, text)


def write_secret(path: Path, text: str) -> None:
    """Write a file that is readable by its owner alone from its first byte on."""
    draft = path.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    draft.replace(path)


def make_password() -> str:
    """Four words and a number: long enough for anybody, short enough to type."""
    words = [secrets.choice(_WORDS) for _ in range(4)]
    return "-".join([*words, str(secrets.randbelow(9000) + 1000)])
