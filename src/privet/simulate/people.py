"""Gives the simulated learners pseudonyms, as if their platform had sent their events."""

import numpy as np

from privet.accounts.subjects import link_actors, read_links
from privet.events.record import Actor
from privet.kernel.crypto import KeyRing, person_key
from privet.simulate.randomness import Array, mix, number_of

_AT_ONCE = 50_000


def external_id(seed: int, number: int) -> str:
    """How the platform calls a learner."""
    return f"sim{seed}-{number:07d}"


def drawn_subjects(seed: int, learners: int) -> Array:
    """A pseudonym for each learner, from the seed."""
    salt = number_of(seed, "subjects")
    found = (mix(np.arange(learners), salt) >> np.uint64(1)).astype(np.int64)
    return np.maximum(found, 1)


def link_learners(*, site: str, seed: int, learners: int, keys: KeyRing) -> Array:
    """The pseudonym of each learner; those that are missing are made, from the seed.

    They stand in the tables as any learner's, so a sign-in, a withdrawal or an erasure finds them.
    """
    found = drawn_subjects(seed, learners)
    link_key = keys.link_key()
    for start in range(0, learners, _AT_ONCE):
        some = range(start, min(start + _AT_ONCE, learners))
        names = [person_key(link_key, site, external_id(seed, number)) for number in some]
        known = read_links(names)
        new = iter([int(found[n]) for n, key in zip(some, names, strict=True) if key not in known])
        linked = link_actors([Actor(key) for key in names], make_subject=new.__next__)
        found[start : start + len(names)] = [linked[key] for key in names]
    return found
