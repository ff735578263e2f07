"""Figures and how they changed."""

import pytest

from privet.web.components.figures import Direction, Figure


@pytest.mark.parametrize(
    ("value", "before", "direction"),
    [
        (106, 100, Direction.UP),
        (98, 100, Direction.DOWN),
        (100.2, 100, Direction.SAME),
        (5, 0, None),
        (5, None, None),
        (None, 5, None),
    ],
)
def test_a_figure_says_which_way_it_went(
    value: float | None, before: float | None, direction: Direction | None
) -> None:
    assert Figure(name="Learners", value=value, before=before).direction is direction
