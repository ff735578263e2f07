"""What one step's browser told, all sources together, and what can be asked of it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from urllib.parse import urlsplit

from privet.consent.scan.shapes import State, Step
from privet.consent.scan.snapshot import Kept
from privet.consent.scan.stacks import Call, read_stack
from privet.consent.scan.watch import Hop, Told, Visit, without_query


@dataclass(frozen=True, kw_only=True)
class Jar:
    """All that one step's browser told."""

    step: Step
    third_party_cookies: bool
    hops: tuple[Hop, ...] = ()
    told: tuple[Told, ...] = ()
    visits: tuple[Visit, ...] = ()
    states: tuple[tuple[float, State], ...] = ((0.0, State.UNDECIDED),)
    kept: tuple[Kept, ...] | None = None
    """What lay in the browser at the end."""
    left: tuple[Kept, ...] | None = None
    """What lay in it after everything had been withdrawn; none if it was not."""
    first_kept: Mapping[Kept, float] = field(default_factory=dict)
    """When each thing was first seen lying there, in seconds since 1970."""
    workers: Mapping[str, str] = field(default_factory=dict)
    """The text of each worker, by its address."""
    etags: frozenset[str] = frozenset()
    """Addresses whose entity tag is another in each new browser."""

    def visit_at(self, wall: float) -> Visit:
        """The page that was shown at a moment."""
        before = [one for one in self.visits if one.wall <= wall + 0.002]
        return before[-1] if before else Visit(wall=wall, url="", since=wall)

    @cached_property
    def fetched(self) -> frozenset[str]:
        """The addresses that were really asked for: a script may say that it is another one."""
        return frozenset(without_query(hop.url) for hop in self.hops)

    @cached_property
    def left_behind(self) -> frozenset[str]:
        """The addresses that sent on to another one."""
        return frozenset(hop.came_from for hop in self.hops)

    def calls_of(self, told: Told) -> list[Call]:
        """The calls behind what a hook told, without those in scripts that there are not."""
        calls = read_stack(told.what.get("stack", ""))
        calls = calls or [Call(script=script, text=text) for script, text in told.calls]
        return [call for call in calls if call.script in self.fetched] or calls

    def script_at(self, url: str) -> str:
        """A worker's address; of one made from a text, the script that made it."""
        if not url or without_query(url):
            return without_query(url)
        makers = (self.calls_of(told) for told in self.told if told.what.get("url") == url)
        made_by = next((calls[0].script for calls in makers if calls), "")
        origin = urlsplit(url.removeprefix("blob:"))
        return made_by or (f"{origin.scheme}://{origin.netloc}/" if origin.netloc else "")

    def worker_that_names(self, name: str) -> str:
        """The worker in whose text something is named; the only one if there is one."""
        telling = [url for url, text in self.workers.items() if name in text]
        found = telling or list(self.workers)
        return found[0] if len(found) == 1 else ""

    @cached_property
    def kept_by_identity(self) -> Mapping[tuple[str, str, str], Kept]:
        """What lay there at the end, by kind, name and host."""
        return {(one.kind, one.name, one.host): one for one in reversed(self.kept or ())}

    def state_at(self, wall: float) -> State:
        """What had been decided at a moment."""
        return [state for since, state in self.states if since <= wall][-1]


def join_etags(jars: Sequence[Jar]) -> list[Jar]:
    """Mark the addresses that give every new browser an entity tag of its own.

    A tag that differs between two browsers without history is a name given to each of them.
    """
    tags: dict[str, list[str]] = defaultdict(list)
    for jar in jars:
        first: dict[str, str] = {}
        for hop in jar.hops:
            if not hop.is_main and hop.type != "Document" and (tag := header(hop.headers, "etag")):
                first.setdefault(hop.url, tag)
        for url, tag in first.items():
            tags[url].append(tag)
    own = frozenset(
        url for url, found in tags.items() if len(found) > 1 and len(set(found)) == len(found)
    )
    return [replace(jar, etags=own) for jar in jars]


def header(headers: Mapping[str, str], name: str) -> str:
    """A header's value, however its name is written; empty if it is not there."""
    return next((value for key, value in headers.items() if key.lower() == name), "")
