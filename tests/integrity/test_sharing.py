"""Shared accounts: travel that is impossible, work in two places, and what is neither."""

from datetime import date
from typing import Any

import pytest

from privet.integrity.findings import DetectorKind
from privet.integrity.geography import hours_needed, kilometres_apart
from privet.integrity.preset import SHARING_THRESHOLDS
from privet.integrity.sharing import Days, misplaced_rate
from privet.integrity.sharing_sights import Sight
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


FIVE = [16, 18, 20, 22, 24]


def test_five_days_of_impossible_travel_are_found(scene: Scene) -> None:
    _evenings(scene, days=FIVE, country="JP")
    run()
    (found,) = findings()
    assert (str(found.kind), found.subjects, found.x) == ("sharing_travel", (ALICE,), 5)
    assert {item.dt_seconds for item in found.items} == {3600.0}


@pytest.mark.parametrize(
    ("days", "there"),
    [
        ([16], {"country": "JP"}),
        (FIVE[:4], {"country": "JP"}),
        (FIVE, {"country": "FR"}),
        (FIVE, {"country": "JP", "kind": "vpn"}),
        (FIVE, {"country": "JP", "kind": "mobile"}),
        (FIVE, {"country": "JP", "kind": "hosting"}),
        ([16, 18, 50, 52, 84], {"country": "JP"}),
        (FIVE, {"country": ""}),
        (FIVE, {"country": "XX"}),
        (FIVE, {"country": "JP", "asn": 1}),
        (FIVE, {"country": "JP", "kind": "relay"}),
        (FIVE, {"country": "JP", "browser": "Firefox 129", "system": "Linux"}),
        (FIVE, {"country": "JP", "browser": None, "system": None}),
    ],
)
def test_what_is_no_impossible_travel(scene: Scene, days: list[int], there: dict[str, str]) -> None:
    _evenings(scene, days=days, **there)
    run()
    assert _kinds() == []


def test_sign_ins_alone_show_it_too(scene: Scene) -> None:
    for day in range(25):
        scene.signs_in(ALICE, day=day, second=0)
        scene.submits(ALICE, f"h{day}", day=day, second=60)
    for day in FIVE:
        scene.signs_in(ALICE, day=day, second=3600, country="JP", **THERE)
    scene.load()
    run()
    (found,) = findings()
    assert (str(found.kind), found.x) == ("sharing_travel", 5)


def test_a_sign_in_that_failed_may_be_anybody(scene: Scene) -> None:
    for day in range(25):
        scene.submits(ALICE, f"h{day}", day=day, second=0)
    for day in FIVE:
        scene.signs_in(ALICE, day=day, second=3600, outcome="failure", country="JP", **THERE)
    scene.load()
    run()
    assert _kinds() == []


def test_the_first_days_count_once_an_account_was_watched_for_two_weeks(scene: Scene) -> None:
    _evenings(scene, days=[2, 4, 6, 8, 10], country="JP")
    run()
    assert _kinds() == ["sharing_travel"]


def test_an_account_is_not_judged_by_its_places_before_it_was_watched_for_two_weeks(
    scene: Scene,
) -> None:
    for day in range(13):
        scene.submits(ALICE, f"a{day}", day=day, second=0)
        scene.submits(ALICE, f"b{day}", day=day, second=3600, country="JP", **THERE)
    scene.load()
    run()
    assert _kinds() == []


def _seen_on(days: int) -> Days:
    row = {"country": "GB"}
    sight = Sight(kind=DetectorKind.SHARING_TRAVEL, row=row | {"day": date(2026, 1, 1)})
    return Days(subject=ALICE, sights=(sight,) * days, active_days=30)


def test_where_many_are_seen_in_two_places_once_it_says_less() -> None:
    usual = misplaced_rate([], days=0, thresholds=SHARING_THRESHOLDS)
    calm = misplaced_rate([_seen_on(4)], days=90_000, thresholds=SHARING_THRESHOLDS)
    busy = misplaced_rate([_seen_on(1)] * 990, days=90_000, thresholds=SHARING_THRESHOLDS)
    assert (usual, calm, busy) == (0.001, 0.0001, 0.01)


def test_the_first_ten_acts_teach_even_after_two_weeks(scene: Scene) -> None:
    scene.submits(ALICE, "h0", day=0, second=0)
    for day in (16, 18, 20):
        scene.submits(ALICE, f"a{day}", day=day, second=0)
        scene.submits(ALICE, f"b{day}", day=day, second=3600, country="JP", **THERE)
    scene.load()
    run()
    assert _kinds() == []


def test_an_account_of_one_institution_is_found_there(scene: Scene) -> None:
    _evenings(scene, days=FIVE, country="JP")
    run()
    (found,) = findings()
    assert (found.institution, found.course) == ("hedge", "")


def test_an_account_of_two_institutions_belongs_to_neither(scene: Scene) -> None:
    _evenings(scene, days=FIVE, country="JP")
    scene.submits(ALICE, "elsewhere", day=17, second=0)
    scene.rows[-1] |= {"institution": "meadow", "course": "course-v1:Meadow+M1+2026"}
    scene.load()
    run()
    (found,) = findings()
    assert found.institution == ""


def test_a_run_of_one_course_leaves_accounts_to_the_next_whole_run(scene: Scene) -> None:
    _evenings(scene, days=FIVE, country="JP")
    run(course=COURSE)
    assert _kinds() == []
    run()
    assert _kinds() == ["sharing_travel"]


def test_a_different_network_each_time_is_no_second_user(scene: Scene) -> None:
    for day in range(15):
        scene.submits(ALICE, f"h{day}", day=day, second=0, address=500 + day)
    for day in FIVE:
        scene.submits(ALICE, f"a{day}", day=day, second=0, address=100 + day)
        scene.submits(ALICE, f"b{day}", day=day, second=3600, country="JP",
                      **THERE | {"address": 200 + day})  # fmt: skip
    scene.load()
    run()
    assert _kinds() == []


HERE_TOO = {"address": 99}
"""Another network, with a device of the same kind and of the same operator."""


def _cross(scene: Scene, *, days: list[int], again: float = 90.0, **there: Any) -> None:
    """Each problem that Alice has right is answered again from there, while she goes on here."""
    for day in days:
        for number in range(4):
            problem, second = f"p{day}-{number}", 120.0 * number
            scene.submits(ALICE, problem, day=day, second=second)
            scene.submits(ALICE, problem, day=day, second=second + again, attempts=2, **there)
    scene.load()


@pytest.mark.parametrize(
    "there",
    [
        HERE_TOO,
        HERE_TOO | {"kind": "mobile"},
        HERE_TOO | {"kind": "vpn", "country": "JP"},
        HERE_TOO | {"browser": None, "system": None},
    ],
)
def test_two_works_at_once_are_found_whatever_the_networks(
    scene: Scene, there: dict[str, Any]
) -> None:
    _cross(scene, days=[0, 2], **there)
    run()
    (found,) = findings()
    assert (str(found.kind), found.subjects, found.x) == ("sharing_concurrency", (ALICE,), 2)
    assert {item.problem for item in found.items} == {"p0-0", "p2-0"}
    assert {item.dt_seconds for item in found.items} == {90.0}


def test_an_event_that_is_there_twice_says_nothing_more(scene: Scene) -> None:
    _cross(scene, days=[0], **HERE_TOO)
    _cross(scene, days=[0], **HERE_TOO)
    run()
    assert _kinds() == []


def test_one_evening_of_two_works_is_not_enough(scene: Scene) -> None:
    _cross(scene, days=[0], **HERE_TOO)
    run()
    assert _kinds() == []


def test_an_anonymiser_on_the_way_lowers_how_far_it_carries(scene: Scene) -> None:
    _cross(scene, days=[0, 2], **HERE_TOO)
    run()
    (plain,) = findings()
    scene.rows = []
    _cross(scene, days=[4, 6], **HERE_TOO | {"kind": "vpn"})
    run()
    (hidden,) = findings()
    assert hidden.x == 4
    assert "vpn" in hidden.network_kinds
    assert "vpn" not in plain.network_kinds


def test_a_request_sent_twice_is_no_second_user(scene: Scene) -> None:
    _cross(scene, days=[0, 2, 4], again=20.0, **HERE_TOO)
    run()
    assert _kinds() == []


def test_from_another_device_even_at_once_is_no_request_sent_twice(scene: Scene) -> None:
    _cross(scene, days=[0, 2], again=20.0, browser="Safari 18", system="macOS", **HERE_TOO)
    run()
    assert _kinds() == ["sharing_concurrency"]


def test_work_without_an_address_crosses_nothing(scene: Scene) -> None:
    _cross(scene, days=[0, 2, 4], address=0)
    run()
    assert _kinds() == []


def test_events_of_a_clock_that_is_ahead_are_left_out(scene: Scene) -> None:
    _cross(scene, days=[0, 2, 4], received_after=-120.0, **HERE_TOO)
    run()
    assert _kinds() == []


def test_one_evening_on_which_a_clock_went_back_is_not_enough(scene: Scene) -> None:
    for number in range(4):
        problem, second = f"p{number}", 120.0 * number
        scene.submits(ALICE, problem, day=0, second=second, attempts=2)
        scene.submits(ALICE, problem, day=0, second=second + 90, attempts=1, **HERE_TOO)
    scene.load()
    run()
    assert _kinds() == []


def test_a_second_servers_clock_that_is_slow_makes_one_person_no_two(scene: Scene) -> None:
    for day in (0, 2, 4):
        for number in range(8):
            here = HERE_TOO if number % 2 else {}
            second = 60.0 * number - (300 if number % 2 else 0)
            scene.submits(ALICE, f"p{day}-{number}", day=day, second=second, **here)
    scene.load()
    run()
    assert _kinds() == []


def test_two_works_are_found_though_the_servers_clocks_differ(scene: Scene) -> None:
    _cross(scene, days=[0, 2], again=90.0 - 25.0, **HERE_TOO)
    run()
    assert _kinds() == ["sharing_concurrency"]


def test_going_over_it_once_more_elsewhere_afterwards_is_no_second_user(scene: Scene) -> None:
    for day in (0, 2, 4):
        for number in range(4):
            problem, second = f"p{day}-{number}", 120.0 * number
            scene.submits(ALICE, problem, day=day, second=second)
            scene.submits(ALICE, problem, day=day, second=900 + second, attempts=2, **HERE_TOO)
    scene.load()
    run()
    assert _kinds() == []


def test_one_work_on_two_devices_is_one_persons(scene: Scene) -> None:
    for day in (0, 2, 4):
        for number in range(6):
            where = {"address": 99, "kind": "mobile", "browser": "Safari 18", "system": "iOS"}
            here = where if number % 2 else {}
            second = 120.0 * number
            scene.submits(ALICE, f"p{day}-{number}", day=day, second=second, right=False, **here)
            other = {} if number % 2 else where
            scene.submits(ALICE, f"p{day}-{number}", day=day, second=second + 60, **other)
    scene.load()
    run()
    assert _kinds() == []


def test_two_works_from_a_strange_place_each_time_are_trips(scene: Scene) -> None:
    for day in (0, 2, 4):
        _cross(scene, days=[day], address=200 + day)
    run()
    assert _kinds() == []


def test_countries_that_touch_are_not_apart() -> None:
    assert kilometres_apart("FR", "ES") == 0.0
    assert hours_needed("FR", "ES", kilometres_an_hour=900) is None
    assert kilometres_apart("GB", "XX") is None
    assert 6.0 < (hours_needed("GB", "JP", kilometres_an_hour=900) or 0) < 11.0
