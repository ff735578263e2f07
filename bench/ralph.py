"""The peer, Ralph 5.1.0 (a learning record store), in an environment of its own."""

import subprocess
import sys
import venv
from pathlib import Path

VERSION = "5.1.0"
DIRECTORY = Path(__file__).parents[1] / "build" / "peers" / "ralph"


def ralph_python() -> Path:
    """The Python of an environment that has Ralph; made on first use, which needs an index."""
    python = DIRECTORY / "bin" / "python"
    done = DIRECTORY / f".ralph-{VERSION}"
    if not done.exists():
        print(f"Installing ralph-malph {VERSION} into {DIRECTORY.name} …", file=sys.stderr)
        venv.create(DIRECTORY, with_pip=True, clear=True)
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", f"ralph-malph[full]=={VERSION}"],
            check=True,
            stdout=sys.stderr,
        )
        done.touch()
    return python


def ralph_command() -> Path:
    """The command ``ralph``."""
    return ralph_python().parent / "ralph"
