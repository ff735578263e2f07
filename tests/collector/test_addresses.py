"""What is kept of addresses: paths and hosts, without secrets and names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privet.collector.addresses import read_page, referrer_host, scrub_link, scrub_path, scrub_text

_COURSE = "/courses/course-v1:Hedge+S101+2026"
_BLOCK = f"{_COURSE}/jump_to/block-v1:Hedge+S101+2026+type@problem+block@a0effb954cca4759994f1ac9"


@pytest.mark.parametrize(
    ("address", "path", "campaign"),
    [
        ("/a/b", "/a/b", ""),
        ("/a/b?email=alice%40hedge.example&utm_campaign=spring", "/a/b", "spring"),
        ("https://learn.hedge.example/a?x=1#part", "/a", ""),
        ("/a?utm_campaign=alice@hedge.example", "/a", "*"),
        ("http://[broken", "", ""),
        ("", "", ""),
    ],
)
def test_of_a_page_the_path_and_the_campaign_are_kept(
    address: str, path: str, campaign: str
) -> None:
    assert read_page(address) == (path, campaign)


@pytest.mark.parametrize("path", [_COURSE, _BLOCK, "/", "/wiki/hedge_2026/", "/u/42/grades"])
def test_paths_of_courses_and_blocks_stay_as_they_are(path: str) -> None:
    assert scrub_path(path) == path


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/u/alice@hedge.example/grades", "/u/*/grades"),
        ("/u/alice%40hedge.example", "/u/*"),
        ("/password_reset_confirm/MQ-5x9-0123456789abcdef/", "/password_reset_confirm/*/"),
        ("/activate/0123456789abcdef0123456789abcdef", "/activate/*"),
        ("/in/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl/x", "/in/*/x"),
        ("/s/0123456789abcdefghij0123456789abcdefghij", "/s/*"),
        ("/login/start", "/login/start"),
    ],
)
def test_what_looks_like_a_secret_or_a_name_is_taken_out(path: str, kept: str) -> None:
    assert scrub_path(path) == kept


@pytest.mark.parametrize(
    ("link", "kept"),
    [
        ("https://other.example/a?session=1#x", "https://other.example/a"),
        ("https://alice:secret@other.example:8443/a", "https://other.example:8443/a"),
        ("mailto:alice@hedge.example", "mailto:"),
        ("tel:+34600000000", "tel:"),
        ("javascript:alert(1)", "javascript:"),
        ("/a/b?c=d", "/a/b"),
        ("//cdn.example/x?y", "//cdn.example/x"),
        ("http://h:99999/", ""),
    ],
)
def test_a_link_loses_query_user_and_fragment(link: str, kept: str) -> None:
    assert scrub_link(link) == kept


def test_of_a_referrer_only_the_host_is_kept() -> None:
    assert referrer_host("https://u:p@search.example:444/find?q=hedge") == "search.example"
    assert referrer_host("nothing") == ""
    assert referrer_host("http://[broken") == ""


def test_a_text_loses_its_e_mail_addresses() -> None:
    assert scrub_text("Mail alice@hedge.example now") == "Mail * now"


@given(st.text(max_size=300))
def test_no_address_makes_it_fail_or_keeps_a_query(text: str) -> None:
    assert "?" not in read_page(text).path
    assert "?" not in scrub_link(text)
    referrer_host(text)


@pytest.mark.parametrize(
    "address",
    [
        "jos%C3%A9.garcia%40mail.example",
        "ana@m%C3%BChle.example",
        "%D0%BF%D0%BE%D1%87%D1%82%D0%B0@%D0%BF%D1%80%D0%B8.%D1%80%D1%84",
        "ana%2540mail.example",
        "o'brien@mail.example",
    ],
)
def test_an_address_of_any_alphabet_leaves_nothing_in_a_path_or_a_text(address: str) -> None:
    assert scrub_path(f"/people/{address}/edit") == "/people/*/edit"
    assert scrub_text(f"to {address}, twice") == "to *, twice"


def test_a_percent_sign_alone_is_no_address() -> None:
    assert scrub_text("100% @home in 1940") == "100% @home in 1940"
