"""Several officers publish at once, on SQLite and on PostgreSQL: each number is given once."""

from tests.consent.racers import VERSIONS
from tests.consent.test_races import PROCESSES, Installation, installation

__all__ = ["installation"]


def test_of_two_who_publish_the_next_version_at_once_one_is_refused(
    installation: Installation,
) -> None:
    seen = installation.race(*["publish"] * PROCESSES)
    given = [number for numbers in seen for number in numbers]  # type: ignore[attr-defined]
    assert sorted(given) == list(range(1, VERSIONS + 1))
    kept = installation.shell(
        "from privet.consent.policies.models import PolicyVersion\n"
        "print(PolicyVersion.objects.count())"
    )
    assert int(kept) == VERSIONS
