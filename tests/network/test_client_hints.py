"""Client hints as browsers send them, and as nobody should."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privet.network.client_hints import HINT_HEADERS, Brand, Hints, read_hints

CHROME = {
    "sec-ch-ua": '"Chromium";v="128", "Not;A=Brand";v="24", "Google Chrome";v="128"',
    "sec-ch-ua-platform": '"Windows"',
    "sec-ch-ua-platform-version": '"15.0.0"',
    "sec-ch-ua-mobile": "?0",
    "sec-ch-ua-model": '""',
    "sec-ch-ua-form-factors": '"Desktop"',
}


def test_the_hints_of_a_browser_are_read() -> None:
    assert read_hints(CHROME) == Hints(
        brands=(
            Brand(name="Chromium", version="128"),
            Brand(name="Google Chrome", version="128"),
        ),
        platform="Windows",
        platform_version="15.0.0",
        is_mobile=False,
        form_factors=frozenset({"desktop"}),
    )


def test_no_hints_say_nothing() -> None:
    assert read_hints({}) == Hints()


def test_full_versions_serve_where_the_short_list_is_missing() -> None:
    hints = read_hints({"sec-ch-ua-full-version-list": '"Brave";v="128.0.6613.84"'})
    assert hints.brands[0].major == "128"


@pytest.mark.parametrize(
    "decoy", [" Not A;Brand", "Not)A;Brand", "Not_A Brand", "Not/A)Brand", "(Not(A:Brand"]
)
def test_a_decoy_brand_is_left_out(decoy: str) -> None:
    assert read_hints({"sec-ch-ua": f'"{decoy}";v="99", "Brave";v="1"'}).brands == (
        Brand(name="Brave", version="1"),
    )


@pytest.mark.parametrize("name", HINT_HEADERS)
def test_a_bad_hint_does_not_spoil_the_others(name: str) -> None:
    read = read_hints(CHROME | {name: '"never closed'})
    whole = read_hints({k: v for k, v in CHROME.items() if k != name})
    assert read == whole


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("sec-ch-ua", 'Chrome;v="1", 5, ("a"), "";v="1", "B";v=1'),
        ("sec-ch-ua-platform", "Windows"),
        ("sec-ch-ua-platform-version", "15"),
        ("sec-ch-ua-mobile", '"yes"'),
        ("sec-ch-ua-model", "?1"),
        ("sec-ch-ua-form-factors", 'Desktop, ("Mobile")'),
    ],
)
def test_a_hint_of_another_type_says_nothing(name: str, text: str) -> None:
    assert read_hints({name: text}) == Hints()


@given(st.dictionaries(st.sampled_from(HINT_HEADERS), st.text(max_size=60)))
def test_no_hint_makes_it_fail(headers: dict[str, str]) -> None:
    assert isinstance(read_hints(headers), Hints)
