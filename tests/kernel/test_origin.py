"""Sealed origins of events."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privet.kernel.errors import CannotDecryptError
from privet.kernel.origin import SealedOrigin, seal_origin, unseal_origin

KEY = bytes(range(32))
DAY = date(2026, 11, 21)


@given(st.ip_addresses(), st.text(st.characters(exclude_categories=["Cs"])))
def test_an_origin_that_was_sealed_is_unsealed(address: object, agent: str) -> None:
    sealed = seal_origin(KEY, DAY, address=str(address), agent=agent)
    assert unseal_origin(KEY, DAY, sealed) == SealedOrigin(str(address), agent)


def test_an_origin_opens_as_that_of_its_day_alone() -> None:
    sealed = seal_origin(KEY, DAY, address="192.0.2.1", agent="Hedge/1")
    with pytest.raises(CannotDecryptError):
        unseal_origin(KEY, DAY + timedelta(days=1), sealed)
