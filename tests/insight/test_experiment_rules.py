"""What an experiment must be, and what may be done with it when."""

import re
from dataclasses import replace

import pytest

from privet.insight.experiment_rules import (
    STEPS,
    ExperimentError,
    Plan,
    Standing,
    Step,
    Variant,
    can_do,
    check_plan,
    check_step,
    ends_of,
    pattern_of,
)

LINK, BUTTON = Variant(name="link", weight=1), Variant(name="button", weight=1)
PLAN = Plan(
    site="hedgerow", key="resume-link", name="Link or button",
    hypothesis="A button is seen sooner.", page="/courses/*", variants=(LINK, BUTTON),
    outcome="page_view", target="/courses/*/units/*",
)  # fmt: skip


def test_a_sound_plan_passes() -> None:
    check_plan(PLAN)


@pytest.mark.parametrize(
    "change",
    [
        {"key": "Resume Link"},
        {"key": ""},
        {"key": "x" * 41},
        {"name": ""},
        {"hypothesis": ""},
        {"page": ""},
        {"variants": (LINK,)},
        {"variants": (LINK, LINK)},
        {"variants": tuple(Variant(name=f"v{n}", weight=1) for n in range(7))},
        {"variants": (LINK, Variant(name='"};alert(1)//', weight=1))},
        {"variants": (LINK, Variant(name="button", weight=0))},
        {"variants": (LINK, Variant(name="button", weight=101))},
        {"outcome": "nothing.of.the.kind"},
        {"outcome": "ad_click"},
    ],
)
def test_a_plan_that_cannot_be_is_refused_with_what_to_do(change: dict[str, object]) -> None:
    with pytest.raises(ExperimentError) as refusal:
        check_plan(replace(PLAN, **change))  # type: ignore[arg-type]
    assert refusal.value.remedy


def test_what_has_ended_does_not_begin_again() -> None:
    possible = {
        (standing, step) for standing in Standing for step in Step if can_do(step, standing)
    }
    assert possible == {(Standing.DRAFT, Step.START), (Standing.RUNNING, Step.STOP)} == set(STEPS)
    check_step(Step.START, Standing.DRAFT)
    with pytest.raises(ExperimentError, match="ended cannot start"):
        check_step(Step.START, Standing.ENDED)


def test_each_form_has_its_part_of_the_draw() -> None:
    thirds = (Variant(name="a", weight=1), Variant(name="b", weight=2))
    assert ends_of(thirds) == [("a", pytest.approx(1 / 3)), ("b", 1.0)]


@pytest.mark.parametrize(
    ("target", "fits", "differs"),
    [
        ("/courses/*/units/*", "/courses/hedges/units/3", "/courses/hedges/units/3/problems"),
        ("/courses/*", "/courses/hedges", "/courses"),
        ("https://a.example/x", "https://a.example/x", "https://aXexample/x"),
        ("", "anything at all", None),
    ],
)
def test_a_star_stands_for_one_part_of_a_path(target: str, fits: str, differs: str | None) -> None:
    assert re.search(pattern_of(target), fits)
    if differs is not None:
        assert not re.search(pattern_of(target), differs)
