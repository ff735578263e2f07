"""How good suggestions are, offline: each learner's last course is hidden and has to be found.

Leave-last-out: of everybody who took two courses or more, the last one is taken away, the model is
built from the rest, and it is asked for ten. Recall@10 is the share of learners whose last course
is among the ten; coverage is the share of all courses that are suggested to anybody. Popularity,
which suggests to everybody the most taken courses that they do not know, is the measure to beat.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from privet.insight.recommend_fit import fit

AT = 10
History = Sequence[str]
"""One learner's courses, in the order in which they took them."""
_Suggest = Callable[[History], Sequence[str]]


@dataclass(frozen=True, kw_only=True)
class Score:
    """How one way of suggesting did."""

    recall_at_10: float
    coverage: float


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """Both ways over the same learners."""

    learners: int
    tested: int
    """Learners with two courses or more."""
    courses: int
    ours: Score
    popularity: Score


def evaluate(histories: Mapping[int, History], *, built: datetime) -> Evaluation:
    """Hide each last course, build from the rest, and see who finds it."""
    tested = {who: history for who, history in histories.items() if len(history) > 1}
    rest = {who: history[:-1] if who in tested else history for who, history in histories.items()}
    courses = {course for history in histories.values() for course in history}
    model = fit(((who, course) for who, taken in rest.items() for course in taken), built=built)
    popular = [
        course for course, _ in Counter(c for taken in rest.values() for c in taken).most_common()
    ]

    def ours(taken: History) -> Sequence[str]:
        return [one.course for one in model.suggest(taken, known=set(taken), most=AT)]

    def by_popularity(taken: History) -> Sequence[str]:
        return [course for course in popular if course not in taken][:AT]

    return Evaluation(
        learners=len(histories),
        tested=len(tested),
        courses=len(courses),
        ours=_score(tested, ours, len(courses)),
        popularity=_score(tested, by_popularity, len(courses)),
    )


def _score(tested: Mapping[int, History], suggest: _Suggest, courses: int) -> Score:
    found, suggested = 0, set[str]()
    for history in tested.values():
        ten = suggest(history[:-1])
        found += history[-1] in ten
        suggested.update(ten)
    return Score(
        recall_at_10=found / len(tested) if tested else 0.0,
        coverage=len(suggested) / courses if courses else 0.0,
    )
