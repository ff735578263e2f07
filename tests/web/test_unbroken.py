"""Course keys in pages break where their parts end, and stay whole for whoever copies them."""

import re

import pytest

from privet.web.templatetags.privet import breaking, unbroken

KEY = "course-v1:Hedge+S101+2026"


def _text(markup: str) -> str:
    return re.sub(r"<[^>]*>", "", markup)


def test_a_key_breaks_after_its_colon_and_each_plus_alone() -> None:
    pieces = re.findall(r'<span class="whole">([^<]*)</span>', unbroken(KEY))
    assert pieces == ["course-v1:", "Hedge+", "S101+", "2026"]


@pytest.mark.parametrize("text", [KEY, f"Unit 3 · {KEY}", f"{KEY} · 5 of 7", "well-known", ""])
def test_the_words_stay_the_same(text: str) -> None:
    assert _text(unbroken(text)) == text


def test_what_is_no_key_is_escaped_and_left_alone() -> None:
    assert unbroken("<b>well-known</b>") == "&lt;b&gt;well-known&lt;/b&gt;"


def test_what_looks_like_a_key_is_escaped_too() -> None:
    assert "<b>" not in unbroken("course-v1:<b>+x")


def test_in_a_mail_a_key_may_break_where_its_parts_end() -> None:
    assert "<wbr>Hedge+<wbr>S101+<wbr>2026" in breaking(KEY)


def test_in_a_mail_no_part_of_a_key_breaks_at_its_hyphen_but_what_is_too_long() -> None:
    assert '<span style="white-space:nowrap">course-v1:</span>' in breaking(KEY)
    assert "<span" not in breaking(f"course-v1{'-and-on' * 9}:x")


def test_in_a_mail_the_words_stay_the_same_and_are_escaped() -> None:
    assert _text(breaking(f"Unit 3 · {KEY}")) == f"Unit 3 · {KEY}"
    assert breaking("<b>") == "&lt;b&gt;"
