"""The parser of structured fields, by examples of the standard and by properties."""

import string
from base64 import b64encode
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privet.network.structured_fields import (
    MAX_FIELD,
    InnerList,
    Item,
    StructuredFieldError,
    Token,
    parse_item,
    parse_list,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("42", 42),
        ("-0", 0),
        ("-999999999999999", -999999999999999),
        ("4.5", Decimal("4.5")),
        ("-123456789012.123", Decimal("-123456789012.123")),
        ('"hello \\"you\\" \\\\"', 'hello "you" \\'),
        ('""', ""),
        ("foo123/456", "foo123/456"),
        ("*x:y", "*x:y"),
        (":cHJpdmV0:", b"privet"),
        (":cHJpdmV0Cg:", b"privet\n"),
        ("::", b""),
        ("?1", True),
        ("?0", False),
        ("  ?1  ", True),
    ],
)
def test_each_type_of_item_is_read(text: str, value: object) -> None:
    found = parse_item(text).value
    assert (found, type(found) is bool) == (value, type(value) is bool)


def test_a_bare_word_is_told_from_a_string() -> None:
    assert isinstance(parse_item("Windows").value, Token)
    assert not isinstance(parse_item('"Windows"').value, Token)


def test_parameters_are_read() -> None:
    assert parse_item('"a";v="1"; flag;q=0.5').parameters == {
        "v": "1",
        "flag": True,
        "q": Decimal("0.5"),
    }


def test_a_parameter_that_comes_again_overwrites() -> None:
    assert parse_item("a;v=1;v=2").parameters == {"v": 2}


def test_a_list_of_brands_is_read() -> None:
    members = parse_list('"Chromium";v="128", "Not;A=Brand";v="24",\t"Brave";v="128"')
    assert [m.value for m in members if isinstance(m, Item)] == [
        "Chromium",
        "Not;A=Brand",
        "Brave",
    ]


def test_a_list_within_a_list_is_read() -> None:
    assert parse_list("( 1  2 );p, ()") == [
        InnerList((Item(1), Item(2)), {"p": True}),
        InnerList(()),
    ]


@pytest.mark.parametrize("text", ["", "   "])
def test_an_empty_list_is_a_list(text: str) -> None:
    assert parse_list(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "1.",
        "1.2345",
        "1234567890123456",
        "1.2.3",
        '"open',
        '"bad \\n"',
        '"caf\u00e9"',
        "?2",
        "?",
        ":a",
        ":a:",
        "1 2",
        "a;",
        "a;K=1",
        "a;v=",
        "\u0663",
        "\x00",
        "=",
    ],
)
def test_what_is_no_item_is_refused(text: str) -> None:
    with pytest.raises(StructuredFieldError):
        parse_item(text)


@pytest.mark.parametrize("text", ["a,", ",a", "a b", "(a", "(a,b)", '("a""b")', "(a]", "a;;b"])
def test_what_is_no_list_is_refused(text: str) -> None:
    with pytest.raises(StructuredFieldError):
        parse_list(text)


@pytest.mark.parametrize("text", ["a" * (MAX_FIELD + 1), ",".join("a" * 65)])
def test_what_is_too_long_is_refused(text: str) -> None:
    with pytest.raises(StructuredFieldError):
        parse_list(text)


_KEYS = st.from_regex(r"[a-z*][a-z0-9_.*-]{0,5}", fullmatch=True)
_BARE = st.one_of(
    st.booleans(),
    st.integers(-(10**15) + 1, 10**15 - 1),
    st.decimals(-(10**11), 10**11, places=3),
    st.text([c for c in string.printable if " " <= c <= "~"], max_size=12),
    st.from_regex(r"[A-Za-z*][!#$%&'*+\-.^_`|~:/A-Za-z0-9]{0,8}", fullmatch=True).map(Token),
    st.binary(max_size=9),
)
_ITEMS = st.builds(Item, _BARE, st.dictionaries(_KEYS, _BARE, max_size=3))
_INNER = st.builds(
    InnerList,
    st.lists(_ITEMS, max_size=3).map(tuple),
    st.dictionaries(_KEYS, _BARE, max_size=2),
)


def _write_bare(value: object) -> str:
    match value:
        case bool():
            return f"?{int(value)}"
        case Token():
            return str(value)
        case str():
            return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        case bytes():
            return f":{b64encode(value).decode()}:"
        case Decimal():
            return f"{value:.3f}"
    return str(value)


def _write(member: Item | InnerList) -> str:
    parameters = "".join(f";{key}={_write_bare(v)}" for key, v in member.parameters.items())
    if isinstance(member, Item):
        return _write_bare(member.value) + parameters
    return "(" + " ".join(_write(item) for item in member.items) + ")" + parameters


@given(_ITEMS)
def test_an_item_that_was_written_is_read_back(item: Item) -> None:
    text = _write(item)
    if len(text) <= MAX_FIELD:
        assert parse_item(text) == item


@given(st.lists(_ITEMS | _INNER, max_size=5))
def test_a_list_that_was_written_is_read_back(members: list[Item | InnerList]) -> None:
    text = ", ".join(_write(member) for member in members)
    if len(text) <= MAX_FIELD:
        assert parse_list(text) == members


_NEAR = st.text(st.sampled_from('ab1.-?:"\\;=,() \t*\u00e9\x00'), max_size=40)


@given(_NEAR | st.text(max_size=40))
def test_any_other_text_is_refused_and_nothing_else_happens(text: str) -> None:
    for parse, kinds in ((parse_item, Item), (parse_list, list)):
        with suppress(StructuredFieldError):
            assert isinstance(parse(text), kinds)
