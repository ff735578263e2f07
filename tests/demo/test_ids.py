"""Event ids are UUIDs of version 7, in the order of time."""

from uuid import RFC_4122, UUID

from hypothesis import given
from hypothesis import strategies as st

from demo.ids import make_event_id

times = st.integers(0, (1 << 48) - 1)


@given(times, st.binary(min_size=10, max_size=10))
def test_an_event_id_is_a_uuid_of_version_7_and_tells_its_time(time: int, tail: bytes) -> None:
    made = UUID(make_event_id(time, lambda size: tail[:size]))
    assert made.version == 7
    assert made.variant == RFC_4122
    assert made.int >> 80 == time


@given(times, times)
def test_a_later_event_has_a_greater_id(one: int, other: int) -> None:
    first, second = (make_event_id(time, bytes) for time in sorted((one, other)))
    assert first <= second
