"""Shared accounts: travel that is impossible, work in two places, and what is neither."""

from typing import Any

import pytest

from privet.integrity.geography import hours_needed, kilometres_apart
from tests.integrity.scene import ALICE, COURSE, Scene, findings, run

THERE = {"address": 99, "asn": 2, "browser": "Safari 18", "system": "macOS"}


def _evenings(scene: Scene, *, days: list[int], **there: Any) -> None:
    """Alice learns for two weeks at home; then somebody in another place is there as well."""
    for day in range(15):
        scene.submits(ALICE, f"h{day}", day=day, second=0)
    for day in days:
        scene.submits(ALICE, f"a{day}", day=day, second=0)
        scene.submits(ALICE, f"b{day}", day=day, second=3600, **(THERE | there))
    scene.load()


def _kinds() -> list[str]:
    return [str(one.kind) for one in findings()]


def test_three_days_of_impossible_travel_are_found(scene: Scene) -> None:
    _evenings(scene, days=[16, 18, 20], country="JP")
    run()
    (found,) = findings()
    assert (str(found.kind), found.subjects, found.x) == ("sharing_travel", (ALICE,), 3)
    assert {item.dt_seconds for item in found.items} == {3600.0}


@pytest.mark.parametrize(
    ("days", "there"),
    [
        ([16, 18], {"country": "JP"}),
        ([16, 18, 20], {"country": "FR"}),
        ([16, 18, 20], {"country": "JP", "kind": "vpn"}),
        ([16, 18, 20], {"country": "JP", "kind": "mobile"}),
        ([16, 18, 20], {"country": "JP", "kind": "hosting"}),
        ([2, 4, 6], {"country": "JP"}),
        ([16, 50, 84], {"country": "JP"}),
        ([16, 18, 20], {"country": ""}),
        ([16, 18, 20], {"country": "XX"}),
        ([16, 18, 20], {"country": "JP", "kind": "relay"}),
        ([16, 18, 20], {"country": "JP", "browser": "Firefox 129", "system": "Linux"}),
        ([16, 18, 20], {"country": "JP", "browser": None, "system": None}),
    ],
)
def test_what_is_no_impossible_travel(scene: Scene, days: list[int], there: dict[str, str]) -> None:
    _evenings(scene, days=days, **there)
    run()
    assert _kinds() == []


def test_sign_ins_alone_show_it_too(scene: Scene) -> None:
    for day in range(21):
        scene.signs_in(ALICE, day=day, second=0)
        scene.submits(ALICE, f"h{day}", day=day, second=60)
    for day in (16, 18, 20):
        scene.signs_in(ALICE, day=day, second=3600, country="JP", **THERE)
    scene.load()
    run()
    (found,) = findings()
    assert (str(found.kind), found.x) == ("sharing_travel", 3)


def test_a_sign_in_that_failed_may_be_anybody(scene: Scene) -> None:
    for day in range(21):
        scene.submits(ALICE, f"h{day}", day=day, second=0)
    for day in (16, 18, 20):
        scene.signs_in(ALICE, day=day, second=3600, outcome="failure", country="JP", **THERE)
    scene.load()
    run()
    assert _kinds() == []


def test_the_first_ten_acts_teach_even_after_two_weeks(scene: Scene) -> None:
    scene.submits(ALICE, "h0", day=0, second=0)
    for day in (16, 18, 20):
        scene.submits(ALICE, f"a{day}", day=day, second=0)
        scene.submits(ALICE, f"b{day}", day=day, second=3600, country="JP", **THERE)
    scene.load()
    run()
    assert _kinds() == []


def test_an_account_of_one_institution_is_found_there(scene: Scene) -> None:
    _evenings(scene, days=[16, 18, 20], country="JP")
    run()
    (found,) = findings()
    assert (found.institution, found.course) == ("hedge", "")


def test_an_account_of_two_institutions_belongs_to_neither(scene: Scene) -> None:
    _evenings(scene, days=[16, 18, 20], country="JP")
    scene.submits(ALICE, "elsewhere", day=17, second=0)
    scene.rows[-1] |= {"institution": "meadow", "course": "course-v1:Meadow+M1+2026"}
    scene.load()
    run()
    (found,) = findings()
    assert found.institution == ""


def test_a_run_of_one_course_leaves_accounts_to_the_next_whole_run(scene: Scene) -> None:
    _evenings(scene, days=[16, 18, 20], country="JP")
    run(course=COURSE)
    assert _kinds() == []
    run()
    assert _kinds() == ["sharing_travel"]


def test_a_different_network_each_time_is_no_second_user(scene: Scene) -> None:
    for day in range(15):
        scene.submits(ALICE, f"h{day}", day=day, second=0, address=500 + day)
    for day in (16, 18, 20):
        scene.submits(ALICE, f"a{day}", day=day, second=0, address=100 + day)
        scene.submits(ALICE, f"b{day}", day=day, second=3600, country="JP",
                      **THERE | {"address": 200 + day})  # fmt: skip
    scene.load()
    run()
    assert _kinds() == []


def _two_at_once(scene: Scene, **there: Any) -> None:
    for day in range(15):
        scene.submits(ALICE, f"h{day}", day=day, second=0)
    for day in (16, 18, 20):
        for number in range(5):
            second = 120.0 * number
            scene.submits(ALICE, f"a{day}-{number}", day=day, second=second)
            scene.submits(ALICE, f"b{day}-{number}", day=day, second=second + 30, **there)
    scene.load()


def test_work_on_two_lines_at_once_is_found(scene: Scene) -> None:
    _two_at_once(scene, **THERE)
    run()
    assert _kinds() == ["sharing_concurrency"]


def test_two_addresses_of_one_operator_are_one_device(scene: Scene) -> None:
    _two_at_once(scene, **THERE | {"asn": 1})
    run()
    assert _kinds() == []


def test_one_device_on_two_lines_is_no_second_user(scene: Scene) -> None:
    _two_at_once(scene, address=99, asn=2)
    run()
    assert _kinds() == []


def test_a_phone_beside_the_line_at_home_is_no_second_user(scene: Scene) -> None:
    _two_at_once(scene, **THERE, kind="mobile")
    run()
    assert _kinds() == []


def test_countries_that_touch_are_not_apart() -> None:
    assert kilometres_apart("FR", "ES") == 0.0
    assert hours_needed("FR", "ES", kilometres_an_hour=900) is None
    assert kilometres_apart("GB", "XX") is None
    assert 6.0 < (hours_needed("GB", "JP", kilometres_an_hour=900) or 0) < 11.0
