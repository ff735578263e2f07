"""Tells who a line is about: keyed hashes of a number or a username, never the thing itself."""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from privet.consent.rules import Standing
from privet.events.record import Actor
from privet.kernel.crypto import person_key

_CACHED = 200_000
_ID_LIMIT = 200
_NOBODY_NAMES = frozenset({"", "anonymous", "AnonymousUser"})

FindStanding = Callable[[Actor], Standing | None]
"""What a person allows; none if nothing was ever recorded of them."""


class Who(NamedTuple):
    """Whom an event is about."""

    actor: Actor | None
    standing: Standing | None
    """What they decided, if they did."""
    is_acting: bool
    """They did it themselves, so that address, agent and session are theirs."""


class People:
    """Knows the people of one site; its list of actors is that of the batch being filled."""

    def __init__(self, *, site: str, link_key: bytes, find_standing: FindStanding) -> None:
        self._site = site
        self._link_key = link_key
        self._find_standing = find_standing
        self.find = lru_cache(_CACHED)(self._who)
        """Whom a line is about, by its ``user_id``, its ``username``, and the person whom its
        payload names, or nothing."""
        self.pseudonym = lru_cache(_CACHED)(self._pseudonym)
        self.begin_batch()

    def begin_batch(self) -> None:
        """Start an empty list of actors."""
        self.actors: list[Actor] = []
        self._places: dict[bytes, int] = {}

    def place_of(self, actor: Actor | None) -> int:
        """The place of an actor in the batch's list plus 1; 0 for nobody."""
        if actor is None:
            return 0
        place = self._places.get(actor.person_key)
        if place is None:
            self.actors.append(actor)
            place = self._places[actor.person_key] = len(self.actors)
        elif actor.alias_keys and not self.actors[place - 1].alias_keys:
            self.actors[place - 1] = actor
        return place

    def _who(self, user_id: int | str | None, username: str, learner: str) -> Who:
        acting = _read_id(user_id)
        name = username.strip()[:_ID_LIMIT]
        if name in _NOBODY_NAMES:
            name = ""
        if learner and learner != acting:
            return self._about(self._actor(learner[:_ID_LIMIT], ""), is_acting=False)
        if acting or name:
            return self._about(self._actor(acting, name), is_acting=True)
        return Who(None, None, is_acting=True)

    def _actor(self, number: str, name: str) -> Actor:
        ids = [number] if number else []
        ids += [f"username:{name}"] if name else []
        keys = [person_key(self._link_key, self._site, each) for each in ids]
        return Actor(keys[0], tuple(keys[1:]))

    def _about(self, actor: Actor, *, is_acting: bool) -> Who:
        return Who(actor, self._find_standing(actor), is_acting)

    def _pseudonym(self, external_id: str) -> str:
        """Another person's id as the keyed hash that stands for it everywhere."""
        return person_key(self._link_key, self._site, external_id).hex()


def _read_id(user_id: int | str | None) -> str:
    if user_id is None:
        return ""
    text = str(user_id) if isinstance(user_id, str) else _digits(user_id)
    text = text.strip()[:_ID_LIMIT]
    return "" if text in ("0", "None", "null") else text


def _digits(number: int) -> str:
    try:
        return str(number)
    except ValueError:  # More digits than Python writes out; nobody has such an id.
        return ""
