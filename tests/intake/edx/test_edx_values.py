"""Times, courses, sessions and ids of lines."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privet.intake.edx_values import (
    course_in_path,
    institution_slug,
    line_hash,
    line_hasher,
    line_ids,
    read_course,
    read_time,
    read_times,
    session_number,
)
from privet.kernel.ids import event_id_millis

KEY = b"k" * 32
AT = 1_400_178_236_781_588


def _id(key: bytes, text: bytes) -> bytes:
    return line_ids([AT], [line_hasher(key)(text)])


@pytest.mark.parametrize(
    "text",
    [
        "2014-05-15T18:23:56.781588+00:00",
        "2014-05-15T18:23:56.781588Z",
        "2014-05-15T18:23:56.781588",
        "2014-05-15 18:23:56.781588",
        "2014-05-15T20:23:56.781588+02:00",
        " 2014-05-15T18:23:56.781588+00:00\n",
    ],
)
def test_a_time_is_read_with_zone_or_as_utc(text: str) -> None:
    assert read_time(text) == AT


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2014-13-01", "2014-05-15T18:23:56.78x588+00:00", "9999-99-99"]
)
def test_what_is_no_time_is_none(text: str) -> None:
    assert read_time(text) is None


USUAL = "2014-05-15T18:23:56.781588+00:00"


@pytest.mark.parametrize(
    ("texts", "read"),
    [
        ([], []),
        ([USUAL, "2014-05-15T18:23:56Z"], [AT, AT - 781_588]),
        ([USUAL, "2014-05-15T18:23:56.781588", "soon", ""], [AT, AT, None, None]),
    ],
)
def test_times_are_read_together_and_one_that_is_odd_spoils_none(
    texts: list[str], read: list[int | None]
) -> None:
    assert read_times(texts) == read


ODD_TIMES = st.from_regex(
    r"\A\d{4}-\d\d-\d\d[T ]\d\d(:\d\d(:\d\d(\.\d{1,7})?)?)?(Z|[+-]\d\d(:?\d\d)?)?\Z"
    r"|\A\d{4}-?W[0-5]\d-?[0-8](T\d{6}Z?)?\Z"
    r"|\A(19|20)\d\d[01]\d[0-3]\d(T[0-2]\d[0-5]\d[0-5]\d([,.]\d{1,7})?(Z|[+-]\d{4})?)?\Z"
)
ENDS_OF_TIME = st.sampled_from(("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.999999-14:00"))
ANY_TIME = (
    st.datetimes().map(lambda moment: f"{moment.isoformat()}+00:00") | ODD_TIMES | ENDS_OF_TIME
)


@given(st.lists(ANY_TIME, max_size=4))
def test_a_time_is_the_same_moment_read_alone_and_with_others(texts: list[str]) -> None:
    assert read_times(texts) == [read_time(text) for text in texts]


@given(st.text())
def test_no_text_breaks_the_reading_of_times(text: str) -> None:
    found = read_time(text)
    assert found is None or isinstance(found, int)


@pytest.mark.parametrize(
    ("text", "institution"),
    [
        ("HedgeX/S101/2026", "hedgex"),
        ("course-v1:HedgeX+S101+2026", "hedgex"),
        ("ccx-v1:HedgeX+S101+2026+ccx@12", "hedgex"),
        ("library-v1:HedgeX+Lib1", "hedgex"),
        ("course-v1:Hedge.X_1-a+S101+2026", "hedge-x_1-a"),
    ],
)
def test_both_kinds_of_course_id_are_known(text: str, institution: str) -> None:
    assert read_course(text) == (text, institution)


@pytest.mark.parametrize("text", ["", "S101", "a/b", "alice@mail.example/x/y", "course-v1:A",
                                  "block-v1:A+B+C+type@x+block@y", "a/b/c/d"])  # fmt: skip
def test_what_is_no_course_id_is_none(text: str) -> None:
    assert read_course(text) is None


@pytest.mark.parametrize(
    ("path", "course"),
    [
        ("/courses/HedgeX/S101/2026/info", "HedgeX/S101/2026"),
        ("/courses/course-v1:HedgeX+S101+2026/info", "course-v1:HedgeX+S101+2026"),
        ("/courses/course-v1%3AHedgeX%2BS101%2B2026/", "course-v1:HedgeX+S101+2026"),
        ("/dashboard", ""),
    ],
)
def test_a_course_is_found_in_a_path(path: str, course: str) -> None:
    assert course_in_path(path) == course


def test_an_organisation_becomes_a_short_name() -> None:
    assert institution_slug("Hedge University!") == "hedge-university"


def test_an_id_carries_its_time_and_is_a_uuid_of_version_7() -> None:
    found = UUID(bytes=_id(KEY, b"x"))
    assert (found.version, found.variant) == (7, "specified in RFC 4122")
    assert event_id_millis(found) == AT // 1000


@given(st.binary(), st.binary())
def test_equal_lines_have_equal_ids_and_others_have_not(one: bytes, other: bytes) -> None:
    assert (_id(KEY, one) == _id(KEY, other)) == (one == other)


def test_ids_made_together_are_those_that_are_made_alone() -> None:
    digests = [line_hasher(KEY)(bytes([number])) for number in range(50)]
    moments = [AT + 997 * number for number in range(50)]
    alone = (line_ids([at], [digest]) for at, digest in zip(moments, digests, strict=True))
    assert line_ids(moments, digests) == b"".join(alone)


def test_an_id_stays_what_it_was_for_a_line_that_was_imported_long_ago() -> None:
    assert _id(KEY, b'{"a": 1}').hex() == "014601205d6d7417899de5a7eaa86560"


def test_ids_and_hashes_cannot_be_guessed_without_the_key() -> None:
    assert _id(KEY, b"x") != _id(b"o" * 32, b"x")
    assert line_hash(KEY, b"x") != line_hash(b"o" * 32, b"x")


@given(st.text(min_size=1))
def test_a_session_is_a_positive_number_of_63_bits(session: str) -> None:
    assert 0 < session_number(KEY, session) < 2**63
