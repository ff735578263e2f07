"""A journey is read, or says what is wrong with it."""

from pathlib import Path

import pytest

from privet.consent.scan.journey import Action, JourneyError, read_journey
from privet.consent.technologies import Category

WHOLE = """
[controls]
banner = "#b"
[controls.categories]
targeting = "#t"
[[route]]
click = "#next"
[[sign_in]]
fill = "#password"
text_from = "SECRET"
[[course]]
wait_ms = 20
"""


def _write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "journey.toml"
    path.write_text(text)
    return path


def test_a_journey_says_buttons_and_actions(tmp_path: Path) -> None:
    found = read_journey(_write(tmp_path, WHOLE), environ={"SECRET": "s"})
    assert (found.name, found.has_banner, found.controls.banner) == ("journey.toml", True, "#b")
    assert found.controls.categories == {Category.TARGETING: "#t"}
    assert found.route == (Action(verb="click", target="#next"),)
    assert found.sign_in == (Action(verb="fill", target="#password", text="s"),)
    assert found.course == (Action(verb="wait_ms", target="20"),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("no toml", "is not TOML"),
        ("colour = 1", "“colour”"),
        ("controls = 1", "not a table"),
        ("[controls]\ndoor = '#x'", "“door”"),
        ("[controls.categories]\nfun = '#x'", "category that there is not"),
        ("[[route]]\njump = 1", "exactly one thing"),
        ("[[route]]\nclick = '#a'\ngo = 'x'", "exactly one thing"),
        ("[[route]]\nclick = '#a'\nhow = 'x'", "“how”"),
        ("[[sign_in]]\nfill = '#a'\ntext_from = 'NOWHERE'", "NOWHERE"),
        ("has_banner = 'no'", "neither true nor false"),
        ("route = 5", "not a list of actions"),
        ("[route]\nclick = '#a'", "not a list of actions"),
        ("[controls]\naccept = 5", "“accept” of .controls. is no selector"),
        ("[controls.categories]\ntargeting = ''", "“categories” of .controls. is no selector"),
        ("[[route]]\nwait_ms = 'long'", "“wait_ms” in “route” says what cannot be done"),
        ("[[route]]\nwait_ms = -1", "“wait_ms” in “route” says what cannot be done"),
        ("[[route]]\ngo = 'next.html'", "“go” in “route” says what cannot be done"),
        ("[[route]]\nclick = 5", "“click” in “route” says what cannot be done"),
        ("[[route]]\npress = '#a'", "does not say what to type"),
        ("[[route]]\nfill = '#a'\ntext = 5", "is no text"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(JourneyError, match=said):
        read_journey(_write(tmp_path, text), environ={})


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(JourneyError, match=r"no file away\.toml"):
        read_journey(tmp_path / "away.toml")
