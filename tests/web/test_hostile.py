"""Whatever stands in an address or a form, every page answers, and never with a fault."""

import re
from itertools import cycle, islice
from urllib.parse import quote

import pytest
from django.test import Client

from tests.population import make_staff
from tests.web.conftest import SignIn
from tests.web.test_permission import NO_RECORD, ROLES, TABLE

ADDRESSES = sorted(set(TABLE) - {"/accounts/logout/"})
NUMBERS = (
    "0", "-1", "9" * 30, "1e400", "nan", "-inf", "2147483648", "9223372036854775808",
    "-9223372036854775809", "\u0663", "\u00b2",
)  # fmt: skip
DAYS = (
    "0000-01-01", "0001-01-01", "9999-12-31", "10000-01-01", "2026-02-30", "2026-11-01T00:00:00",
)  # fmt: skip
TEXTS = (
    "", " ", "\ud800", "\u202e", "\0", "'\"><script>", "%", "\\", "../../etc/passwd", "\r\nX: y",
    "{}", "[]", "null", "x" * 10_000,
)  # fmt: skip
VALUES = (*NUMBERS, *DAYS, *TEXTS)
NAMES = """
    account act against aim at away base begins category choices compare control country course days
    detector device done email ends error event experiment filter finding format from grain holds
    institution key kind language learner lifetime listed mode name network_kind next notice_version
    number outcome page pattern path points problem problem_of purpose query reason receipt reply
    saved seen share show site sort step table target text theme threshold to token use username
    value vendor verdict version video video_of view wanted why
"""
QUICK = 3
"""So many values an address in each run of the tests; the long runs give all to each."""


def _at(address: str, value: str) -> str:
    address = re.sub(r"<uuid:\w+>", NO_RECORD, address)
    number = value if value.isascii() and value.isdigit() else "1"
    address = re.sub(r"<int:\w+>", number, address)
    text = _quoted(value.replace("/", "") or "x")[:2_000]
    return re.sub(r"<(str:)?\w+>", lambda _: text, address)


def _quoted(value: str) -> str:
    return quote(value, safe="", errors="surrogatepass")


def _clients(sign_in: SignIn) -> dict[str, Client]:
    """One of those who may open each address."""
    by_role = {
        role: Client() if held is None else sign_in(make_staff(f"{number}@example.org", *held))
        for number, (role, held) in enumerate(ROLES.items())
    }
    return {address: by_role[min(TABLE[address])] for address in ADDRESSES}


def _ask(client: Client, address: str, value: str) -> list[int]:
    """The answers to a question and to a form of which every field says the same."""
    said = "&".join(f"{key}={_quoted(value)}" for key in NAMES.split())
    if len(said) > 100_000:
        said = said[:100_000].rpartition("&")[0]
    form = "application/x-www-form-urlencoded"
    where = _at(address, value)
    found = (client.get(f"{where}?{said}"), client.post(where, said.encode(), content_type=form))
    return [response.status_code for response in found]


def _faults(sign_in: SignIn, most: int) -> list[tuple[str, str, int]]:
    """The client raises what a page raises, so that a fault is told with its place."""
    clients = _clients(sign_in)
    values = cycle(VALUES)
    return [
        (address, value[:20], status)
        for address in ADDRESSES
        for value in islice(values, most)
        for status in _ask(clients[address], address, value)
        if status >= 500
    ]


def test_no_value_makes_a_page_fail(filled: object, sign_in: SignIn) -> None:
    assert _faults(sign_in, QUICK) == []


@pytest.mark.soak
def test_no_value_makes_any_page_fail(filled: object, sign_in: SignIn) -> None:
    assert _faults(sign_in, len(VALUES)) == []
