"""Crawlers, told as crawlerdetect itself tells them."""

import pytest
from crawlerdetect import CrawlerDetect
from crawlerdetect.providers.crawlers import data as patterns
from hypothesis import given
from hypothesis import strategies as st

from privet.network.crawlers import Crawlers

CRAWLERS = Crawlers()
REFERENCE = CrawlerDetect()
_WORDS = [word for word in patterns if word.replace(" ", "").isalnum()]
_PARTS = [
    "Mozilla/5.0", "(Windows NT 10.0; Win64; x64)", "Chrome/128.0", "Safari/537.36", "YandexSearch",
    "Yandex", "(compatible;", "+http://hedge.example/bot)", "Version/17.4", "MSIE 9.0;", "",
]  # fmt: skip


@pytest.mark.parametrize(
    ("agent", "is_crawler"),
    [
        ("Googlebot/2.1 (+http://www.google.com/bot.html)", True),
        ("python-requests/2.31", True),
        ("Yandex/1.0", True),
        ("YandexSearch/9.20", False),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", False),
        ("okhttp/4.9.3", False),
        ("", False),
    ],
)
def test_a_crawler_is_told_from_a_browser(agent: str, is_crawler: bool) -> None:
    assert CRAWLERS.match(agent) is is_crawler


@given(st.lists(st.sampled_from([*_PARTS, *_WORDS]) | st.text(max_size=8), max_size=8))
def test_the_verdict_is_that_of_the_reference(parts: list[str]) -> None:
    agent = " ".join(parts)
    for library in ("okhttp", "Dart", "CFNetwork", "Dalvik"):
        agent = agent.replace(library, "")
    assert CRAWLERS.match(agent) == REFERENCE.is_crawler(agent)
