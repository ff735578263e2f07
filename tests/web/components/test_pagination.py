"""Pages of a list."""

import pytest

from privet.web.components.pagination import Pages, read_pages


def _pages(wanted: str, total: int = 95) -> Pages:
    return read_pages(wanted, total=total, size=30, query="kind=forum")


def test_the_first_page_has_only_a_way_on() -> None:
    pages = _pages("")
    assert (pages.first, pages.last, pages.newer, pages.older) == (1, 30, "", "?kind=forum&page=2")


def test_the_last_page_has_only_a_way_back() -> None:
    pages = _pages("4")
    assert (pages.first, pages.last, pages.newer, pages.older) == (91, 95, "?kind=forum&page=3", "")


def test_the_second_page_leads_back_to_the_bare_address() -> None:
    assert _pages("2").newer == "?kind=forum"


@pytest.mark.parametrize("wrong", ["0", "x", "-3", "²", ""])
def test_what_is_no_page_is_the_first(wrong: str) -> None:
    assert _pages(wrong).number == 1


@pytest.mark.parametrize("far", ["5", "99999999"])
def test_what_lies_behind_the_end_is_the_last(far: str) -> None:
    assert _pages(far).number == 4


def test_an_empty_list_has_one_page() -> None:
    pages = _pages("", total=0)
    assert (pages.count, pages.first, pages.last) == (1, 0, 0)
