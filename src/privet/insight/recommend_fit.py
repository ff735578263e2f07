"""Builds the model behind suggestions: how alike courses are by who took them.

Item-item similarity: the cosine between two courses' columns of the learner-course matrix (Sarwar
and others, 2001, "Item-based collaborative filtering recommendation algorithms"), damped where few
learners took both, and one step further: what is like a course's likes counts half. A pair that
fewer than `LEAST_LEARNERS` learners share does not stand in it, and numbers of learners never do.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.metrics.pairwise import cosine_similarity
from sklearn.preprocessing import normalize

from privet.insight.recommend_model import Model

LEAST_LEARNERS = 5
"""So many learners must have taken both courses of a pair, or a course that is called popular."""
_MOST_NEIGHBOURS = 50
_DAMPING = 20.0
_SECOND_STEP = 0.5
_DIGITS = 3

Pair = tuple[int, str]
"""A learner and a course that they took."""


def fit(taken: Iterable[Pair], *, built: datetime, least_learners: int = LEAST_LEARNERS) -> Model:
    """The model of who took what; empty if no pair of courses has enough learners."""
    pairs = list(taken)
    if not pairs:
        return Model(built=built, neighbours={})
    courses, column = np.unique([course for _, course in pairs], return_inverse=True)
    learners, row = np.unique([learner for learner, _ in pairs], return_inverse=True)
    shape = (len(learners), len(courses))
    matrix = csr_matrix((np.ones(len(pairs)), (row, column)), shape=shape)
    matrix.data[:] = 1.0  # Somebody who is named twice took the course once.
    return Model(
        built=built,
        neighbours=_neighbours(matrix, courses, least_learners),
        popular=_popular(matrix, courses, least_learners),
    )


def _neighbours(
    matrix: Any, courses: Any, least_learners: int
) -> dict[str, list[tuple[str, float]]]:
    weights = _weights(matrix, least_learners).tocoo()
    found: dict[str, list[tuple[str, float]]] = {}
    for one, other, weight in zip(weights.row, weights.col, weights.data, strict=True):
        if one != other:
            near = found.setdefault(str(courses[one]), [])
            near.append((str(courses[other]), round(float(weight), _DIGITS)))
    return {course: best for course, near in found.items() if (best := _best(near))}


def _weights(matrix: Any, least_learners: int) -> Any:
    """How strongly each course speaks for each other: directly, and over a third one."""
    likeness = cosine_similarity(matrix.T, dense_output=False).tocsr()
    together = (matrix.T @ matrix).tocoo()
    is_kept = (together.data >= least_learners) & (together.row != together.col)
    row, col, shared = together.row[is_kept], together.col[is_kept], together.data[is_kept]
    if not len(row):
        return csr_matrix(likeness.shape)
    damped = np.asarray(likeness[row, col]).ravel() * shared / (shared + _DAMPING)
    steps = normalize(csr_matrix((damped, (row, col)), shape=likeness.shape), norm="l1")
    return steps + _SECOND_STEP * (steps @ steps)


def _popular(matrix: Any, courses: Any, least_learners: int) -> tuple[str, ...]:
    learners = np.asarray(matrix.sum(axis=0)).ravel()
    order = np.lexsort((courses, -learners))
    return tuple(str(courses[n]) for n in order if learners[n] >= least_learners)[:_MOST_NEIGHBOURS]


def _best(near: list[tuple[str, float]]) -> list[tuple[str, float]]:
    """The most alike, without those whose weight is rounded away."""
    ordered = sorted(near, key=lambda pair: (-pair[1], pair[0]))
    return [pair for pair in ordered[:_MOST_NEIGHBOURS] if pair[1] > 0]
