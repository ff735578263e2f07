"""``privet recommend``: the model by hand, and how good it is on simulated learners."""

import json

from tests.intake.edx.installation import Installation


def test_suggestions_are_better_than_popularity_and_reach_further(
    installation: Installation,
) -> None:
    words = ("recommend", "evaluate", "--learners", "8000", "--seed", "3", "--courses", "60")
    said = installation.report(*words)
    assert said["ours"]["recall_at_10"] > said["popularity"]["recall_at_10"]
    assert said["ours"]["coverage"] > said["popularity"]["coverage"]
    assert said == installation.report(*words)


def test_it_is_said_in_words_too(installation: Installation) -> None:
    done = installation.run("recommend", "evaluate", "--learners", "50", "--courses", "5")
    assert done.returncode == 0
    assert b"recall@10" in done.stdout


def test_a_model_of_nothing_is_built(installation: Installation) -> None:
    assert installation.report("recommend", "build")["courses"] == 0
    model = json.loads((installation.home / "recommendations" / "model.json").read_text())
    assert model["courses"] == {}
    assert b"0 courses" in installation.run("recommend", "build").stdout
