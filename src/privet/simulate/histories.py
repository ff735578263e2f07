"""Who took which courses in which order, drawn as for the lake, without anything happening there.

Taste is in it: each course has a field, each learner has one too, and most of their enrolments
stay in it (`privet.simulate.parameters.Behaviour.same_field`).
"""

import numpy as np

from privet.network.service import Network
from privet.simulate.service import make_world, want


def draw_histories(
    *, learners: int, seed: int, courses: int, days: int, network: Network
) -> dict[int, list[str]]:
    """Each learner's courses by key, in the order of enrolment; the same seed gives the same."""
    wanted = want(learners=learners, seed=seed, days=days, courses=courses)
    world, _ = make_world(wanted, network)
    enrolments, keys = world.people.enrolments, [course.key for course in wanted.platform.courses]
    found: dict[int, list[str]] = {}
    for place in np.lexsort((enrolments.time, enrolments.learner)):
        found.setdefault(int(enrolments.learner[place]), []).append(keys[enrolments.course[place]])
    return found
