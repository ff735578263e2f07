"""Is it a crawler? The patterns of crawlerdetect, matched by ua-parser's engine.

Joined to one expression for Python's ``re``, the 1,462 patterns cost more than a millisecond an
agent; the engine that ua-parser brings along matches the same patterns some twenty times faster,
with the same verdicts.
"""

import re

from crawlerdetect.providers.crawlers import data as crawlers
from crawlerdetect.providers.exclusions import data as exclusions
from ua_parser_rs import DeviceExtractor

# Libraries that native apps speak through: a learner's phone, not a crawler.
_APP_LIBRARY = re.compile(r"\b(?:okhttp|Dart|CFNetwork|Dalvik)/[\w.]+(?: \(dart:io\))?")
_LOOKS_AROUND = re.compile(r"\(\?<?[!=]")


class Crawlers:
    """All patterns, compiled when it is made (about half a second)."""

    def __init__(self) -> None:
        # The engine works in linear time and so knows no look-around; Python matches those few.
        simple = [pattern for pattern in crawlers if not _LOOKS_AROUND.search(pattern)]
        others = [pattern for pattern in crawlers if _LOOKS_AROUND.search(pattern)]
        self._engine = DeviceExtractor([(pattern, "i", "", None, None) for pattern in simple])
        self._others = [re.compile(pattern, re.IGNORECASE) for pattern in others]
        self._ordinary = re.compile("|".join(exclusions), re.IGNORECASE)

    def match(self, agent: str) -> bool:
        """Whether the agent names a crawler, once what ordinary browsers say is taken away."""
        rest = self._ordinary.sub("", _APP_LIBRARY.sub("", agent).strip())
        if not rest:
            return False
        if self._engine.extract(rest) is not None:
            return True
        return any(pattern.search(rest) for pattern in self._others)
