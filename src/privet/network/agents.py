"""Browser, operating system and device from the ``User-Agent`` and, where sent, client hints.

The agent is parsed by ua-parser, crawlers are told by the patterns of crawlerdetect; the rules
here reconcile both with the hints and admit what a frozen agent string no longer says.
"""

from collections.abc import Mapping
from functools import cache, lru_cache

import ua_parser
from ua_parser.loaders import load_lazy_builtins
from ua_parser.regex import Resolver

from privet.network.browsers import name_browser
from privet.network.client_hints import HINT_HEADERS, Hints, read_hints
from privet.network.crawlers import Crawlers
from privet.network.devices import device_of, model_of
from privet.network.facts import AgentFacts, DeviceType
from privet.network.systems import name_system

MAX_AGENT = 1_024
_MAX_HINT = 512
_NO_HINTS = Hints()


class AgentReader:
    """Reads agents behind a bounded cache; the patterns are loaded when the first one comes."""

    def __init__(self, *, cache_size: int = 4_096) -> None:
        self._cached = lru_cache(maxsize=cache_size)(self._read)

    def read(self, agent: str, hints: Mapping[str, str]) -> AgentFacts:
        """The facts of an agent; only the first `MAX_AGENT` characters count."""
        if len(agent) > MAX_AGENT:
            agent = agent[:MAX_AGENT]
        if not hints:
            return self._cached(agent, None)
        return self._cached(agent, tuple(_short(hints.get(name)) for name in HINT_HEADERS))

    def warm(self) -> None:
        """Load the patterns now."""
        self._read("Mozilla/5.0", None)

    def _read(self, agent: str, values: tuple[str | None, ...] | None) -> AgentFacts:
        hints = _NO_HINTS if values is None else _hints_of(values)
        parsed = _parser().parse(agent)
        is_bot = self._is_bot(agent, parsed)
        return AgentFacts(
            browser=name_browser(parsed.user_agent, hints),
            os=name_system(parsed, hints),
            device=DeviceType.BOT if is_bot else device_of(parsed, hints),
            is_bot=is_bot,
            model=model_of(parsed.device, hints),
        )

    def _is_bot(self, agent: str, parsed: ua_parser.Result) -> bool:
        if parsed.device is not None and parsed.device.family == "Spider":
            return True
        return _crawlers().match(agent)


# The patterns are the same for all readers, and a process that is forked has those of its parent.
@cache
def _parser() -> ua_parser.Parser:
    return ua_parser.Parser(Resolver(load_lazy_builtins()))


@cache
def _crawlers() -> Crawlers:
    return Crawlers()


def _short(value: str | None) -> str | None:
    """A hint that is longer than any browser's is as if it had not been sent."""
    return value if value is not None and len(value) <= _MAX_HINT else None


def _hints_of(values: tuple[str | None, ...]) -> Hints:
    pairs = zip(HINT_HEADERS, values, strict=True)
    return read_hints({name: value for name, value in pairs if value is not None})
