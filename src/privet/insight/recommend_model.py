"""The model behind suggestions, as it lies in the home directory: courses, weights, and nobody."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

_VERSION = 1


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """A course, and the one of the learner's own courses that speaks for it most."""

    course: str
    because: str
    """Empty for a course that is only taken by many."""


@dataclass(frozen=True, kw_only=True)
class Model:
    """For each course the courses most like it, with a weight; and what is taken most."""

    built: datetime
    neighbours: Mapping[str, Sequence[tuple[str, float]]]
    popular: Sequence[str] = ()
    """The courses that most learners took, in that order, without their numbers."""

    def suggest(
        self, liked: Sequence[str], *, known: Collection[str], most: int
    ) -> list[Suggestion]:
        """Courses like those that somebody took, best first; none that they know already.

        Where those are fewer than asked for, what is taken most comes after them.
        """
        scores: dict[str, float] = {}
        reasons: dict[str, tuple[float, str]] = {}
        for mine in liked:
            for course, likeness in self.neighbours.get(mine, ()):
                if course not in known:
                    scores[course] = scores.get(course, 0.0) + likeness
                    reasons[course] = max(reasons.get(course, (0.0, "")), (likeness, mine))
        best = sorted(scores, key=lambda course: (-scores[course], course))[:most]
        found = [Suggestion(course=course, because=reasons[course][1]) for course in best]
        rest = (one for one in self.popular if one not in known and one not in scores)
        return found + [Suggestion(course=one, because="") for one in rest][: most - len(found)]


def write_model(model: Model, path: Path) -> None:
    """Put it in the place of the one before, whole."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    said = {
        "version": _VERSION,
        "built": model.built.isoformat(),
        "courses": model.neighbours,
        "popular": model.popular,
    }
    draft.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
    draft.chmod(0o600)
    draft.rename(path)


def read_model(path: Path) -> Model | None:
    """The model of that file; none if there is none, or one of another version of Privet."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    if not isinstance(said, dict) or said.get("version") != _VERSION:
        return None
    return Model(
        built=datetime.fromisoformat(said["built"]),
        neighbours={
            course: tuple((other, likeness) for other, likeness in near)
            for course, near in said["courses"].items()
        },
        popular=tuple(said["popular"]),
    )
