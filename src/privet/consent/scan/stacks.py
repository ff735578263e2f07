"""Reads a stack as V8 writes it: which script, which line, the innermost call first."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

_PLACE = re.compile(r"(https?://[^\s()]+?):(\d+):(\d+)")
_NAME = re.compile(r"^\s*at (?:async )?(?:new )?([\w$.<>\[\] ]+?) \(")
_MOST = 12


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call of a stack."""

    script: str
    """The script's address, without its query."""
    text: str
    """``function script:line:column``."""


def read_stack(stack: str) -> list[Call]:
    """The calls that lie in scripts with an address, `eval` by the script that called it."""
    calls = []
    for line in stack.splitlines():
        found = _PLACE.search(line)
        if found is None:
            continue
        url, row, column = found.groups()
        parts = urlsplit(url)
        script = f"{parts.scheme}://{parts.netloc}{parts.path}"
        name = _NAME.match(line)
        function = name[1] if name else "anonymous"
        calls.append(Call(script=script, text=f"{function} {script}:{row}:{column}"))
    return calls[:_MOST]


def script_in(text: str) -> str:
    """The script of a call that was written out (``function script:line:column``)."""
    return text.rpartition(" ")[2].rsplit(":", 2)[0]
