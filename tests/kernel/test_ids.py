"""Identifiers."""

from hypothesis import given
from hypothesis.strategies import integers

from privet.kernel.ids import event_id_from, event_id_millis, new_event_id, new_subject

_MILLIS = integers(0, 2**48 - 1)
_BITS = integers(0, 2**74 - 1)


@given(_MILLIS, _BITS)
def test_an_event_id_is_a_uuid_of_version_7(millis: int, bits: int) -> None:
    event_id = event_id_from(millis, bits)
    assert (event_id.version, event_id.variant) == (7, "specified in RFC 4122")


@given(_MILLIS, _BITS)
def test_an_event_id_carries_its_moment(millis: int, bits: int) -> None:
    assert event_id_millis(event_id_from(millis, bits)) == millis


@given(_MILLIS, _BITS, _BITS)
def test_every_bit_counts(millis: int, one: int, other: int) -> None:
    same = event_id_from(millis, one) == event_id_from(millis, other)
    assert same == (one == other)


@given(_MILLIS, _MILLIS, _BITS)
def test_ids_sort_by_their_moment(one: int, other: int, bits: int) -> None:
    in_order = event_id_from(one, bits).bytes < event_id_from(other, bits).bytes
    assert in_order == (one < other)


def test_new_ids_of_one_moment_differ() -> None:
    ids = {new_event_id(1_790_000_000_000) for _ in range(1000)}
    assert len(ids) == 1000


def test_a_subject_is_a_positive_number_of_63_bits() -> None:
    subjects = {new_subject() for _ in range(1000)}
    assert len(subjects) == 1000
    assert all(0 < subject < 2**63 for subject in subjects)
