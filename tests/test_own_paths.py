"""Which paths are Privet's on an address that it shares with a platform."""

import pytest

from privet.server import belongs_to_privet


@pytest.mark.parametrize(
    "path", ["/t/e", "/privacy", "/policies/cookies", "/.well-known/privet-receipts.json"]
)
def test_beside_a_platform_its_own_paths_stay_privets(path: str) -> None:
    assert belongs_to_privet(path)


@pytest.mark.parametrize("path", ["/", "/courses", "/privacypolicy", "/.well-known/gpc.json"])
def test_beside_a_platform_everything_else_is_the_platforms(path: str) -> None:
    assert not belongs_to_privet(path)
