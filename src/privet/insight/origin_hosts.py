"""Which sites are search engines and which are social: a short list, with its date.

It names what most visits come from. A site that is missing counts as another site, and nothing is
lost: its own name is on the page.
"""

import re
from datetime import date

LISTED_ON = date(2026, 11, 1)
"""When the list was last gone through."""

# A search engine with many countries stands without its ending.
SEARCH = (
    "google", "bing", "duckduckgo", "ecosia", "yahoo", "qwant", "startpage", "baidu", "yandex",
    "naver", "seznam", "kagi", "sogou", "mojeek", "swisscows",
)  # fmt: skip
SEARCH_HOSTS = ("search.brave.com", "ya.ru")
SOCIAL_HOSTS = (
    "facebook.com", "fb.com", "instagram.com", "threads.net", "threads.com", "whatsapp.com",
    "wa.me", "x.com", "twitter.com", "t.co", "linkedin.com", "lnkd.in", "xing.com", "reddit.com",
    "youtube.com", "youtu.be", "tiktok.com", "pinterest.com", "snapchat.com", "telegram.org",
    "t.me", "discord.com", "tumblr.com", "quora.com", "bsky.app", "mastodon.social",
    "news.ycombinator.com", "vk.com", "weibo.com", "weixin.qq.com", "line.me",
)  # fmt: skip


def _hosts(names: tuple[str, ...]) -> str:
    listed = "|".join(re.escape(name) for name in names)
    return rf"(^|\.)({listed})$"


SOCIAL_PATTERN = _hosts(SOCIAL_HOSTS)
SEARCH_PATTERN = rf"(^|\.)({'|'.join(SEARCH)})(\.[a-z]{{2,3}}){{1,2}}$|{_hosts(SEARCH_HOSTS)}"
"""Regular expressions over a whole host name, in the syntax that engines share."""
