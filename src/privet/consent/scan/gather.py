"""From what was heard to what is reported: each technology once a step and state, the first time.

Pure: a jar of what a browser told goes in, findings come out, nothing is judged yet.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from privet.consent.scan.parties import Canonical, is_same_site
from privet.consent.scan.set_cookie import effective_days, read_set_cookie
from privet.consent.scan.shapes import Found, Kind, Observation, SetBy, State, Step
from privet.consent.scan.snapshot import Kept
from privet.consent.scan.stacks import Call, read_stack
from privet.consent.scan.watch import Hop, Told, Visit, without_query
from privet.consent.technologies import SESSION, UNLIMITED, TechnologyKind, effective_lifetime

_KINDS: Mapping[str, Kind] = {
    "Document": Kind.IFRAME,
    "Image": Kind.PIXEL,
    "Script": Kind.SCRIPT,
    "Stylesheet": Kind.STYLE,
    "Font": Kind.FONT,
    "Media": Kind.MEDIA,
    "TextTrack": Kind.MEDIA,
    "Ping": Kind.BEACON,
    "CSPViolationReport": Kind.BEACON,
    "Fetch": Kind.FETCH,
    "XHR": Kind.FETCH,
    "WebSocket": Kind.WEB_SOCKET,
    "EventSource": Kind.EVENT_STREAM,
    "Prefetch": Kind.PREFETCH,
}
_PERSISTENT = {
    Kind.WINDOW_NAME: SESSION,
    Kind.SESSION_STORAGE: SESSION,
    Kind.HISTORY_STATE: SESSION,
}


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

    def worker_that_names(self, name: str) -> str:
        """The worker in whose text something is named; the only one if there is one."""
        telling = [url for url, text in self.workers.items() if name in text]
        found = telling or list(self.workers)
        return found[0] if len(found) == 1 else ""

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
            if not hop.is_main and hop.type != "Document" and (tag := _header(hop, "etag")):
                first.setdefault(hop.url, tag)
        for url, tag in first.items():
            tags[url].append(tag)
    own = frozenset(
        url for url, found in tags.items() if len(found) > 1 and len(set(found)) == len(found)
    )
    return [replace(jar, etags=own) for jar in jars]


def gather(jar: Jar, *, canonical: Canonical) -> list[Found]:
    """The findings of one step, in the order of their time."""
    seen = [*_requests(jar), *_headers(jar), *_hooks(jar), *_etags(jar)]
    groups: dict[tuple[Any, ...], list[Observation]] = defaultdict(list)
    for one in sorted(seen, key=lambda one: one.wall):
        # A tag of the seconds of one decision; the same thing under two states is two findings.
        groups[_identity(one), jar.state_at(one.wall)].append(one)
    found = [_found(jar, some, canonical) for some in groups.values()]
    found.extend(_unseen(jar, found))
    left = {_kept_identity(one) for one in jar.left or ()}
    return [replace(one, is_left=True) if _found_identity(one) in left else one for one in found]


def _identity(one: Observation) -> tuple[str, str, str]:
    return one.kind, one.name, one.host


def _found_identity(one: Found) -> tuple[str, str, str]:
    return one.kind, one.name, one.domain


def _kept_identity(one: Kept) -> tuple[str, str, str]:
    return one.kind, one.name, one.host


def _found(jar: Jar, some: Sequence[Observation], canonical: Canonical) -> Found:
    first = some[0]
    visit = jar.visit_at(first.wall)
    host = urlsplit(visit.url).hostname or first.host
    alias = _other_name(first.host, host, canonical)
    kept = next((one for one in jar.kept or () if _kept_identity(one) == _identity(first)), None)
    return Found(
        step=jar.step,
        third_party_cookies=jar.third_party_cookies,
        decision_state=jar.state_at(first.wall),
        kind=first.kind,
        name=first.name,
        domain=first.host,
        path=first.path,
        page=without_query(visit.url),
        party="first" if is_same_site(first.host, host) and not alias else "third",
        canonical=alias,
        setter_script=first.script,
        setter_stack=first.stack,
        set_by=first.set_by,
        first_seen_ms=max(0, round((first.wall - visit.since) * 1000)),
        times=len(some),
        lifetime_declared=first.lifetime,
        lifetime_effective=_effective(first, kept),
        partition_key=(kept.partition_key if kept else "") or first.partition_key,
        http_only=first.http_only or (kept.http_only if kept else False),
        blocked=first.blocked,
    )


def _effective(first: Observation, kept: Kept | None) -> str:
    if first.kind is Kind.COOKIE:
        if kept:
            return kept.lifetime
        return effective_lifetime(TechnologyKind.COOKIE, first.lifetime) if first.lifetime else ""
    return first.lifetime


def _unseen(jar: Jar, found: Iterable[Found]) -> Iterator[Found]:
    """What lies there although nobody was seen setting it: a worker did, or something unknown."""
    known = {_found_identity(one) for one in found}
    unseen = {_kept_identity(one): one for one in jar.first_kept}
    for identity, one in unseen.items():
        if identity not in known:
            yield _unseen_one(jar, one, jar.first_kept[one])


def _unseen_one(jar: Jar, one: Kept, wall: float) -> Found:
    visit = jar.visit_at(wall)
    worker = jar.worker_that_names(one.name)
    return Found(
        step=jar.step,
        third_party_cookies=jar.third_party_cookies,
        decision_state=jar.state_at(wall),
        kind=one.kind,
        name=one.name,
        domain=one.host,
        path=one.path,
        page=without_query(visit.url),
        party="first" if is_same_site(one.host, urlsplit(visit.url).hostname or "") else "third",
        set_by=SetBy.WORKER if worker else SetBy.UNKNOWN,
        setter_script=_of_worker(worker),
        first_seen_ms=max(0, round((wall - visit.since) * 1000)),
        lifetime_effective=one.lifetime,
        partition_key=one.partition_key,
        http_only=one.http_only,
    )


def _of_worker(url: str) -> str:
    """A worker's address; of one made from a text, the site that made it."""
    if url.startswith("blob:"):
        parts = urlsplit(url.removeprefix("blob:"))
        return f"{parts.scheme}://{parts.netloc}/"
    return without_query(url)


def _requests(jar: Jar) -> Iterator[Observation]:
    causes = [(told.what, read_stack(told.what["stack"])) for told in jar.told if _is_cause(told)]
    for hop in jar.hops:
        if not _counts(hop, jar):
            continue
        stack = _stack_of(hop, causes)
        yield Observation(
            kind=_kind(hop),
            name=urlsplit(hop.url).path or "/",
            host=_host(hop),
            page="",
            wall=hop.wall,
            set_by=SetBy.SCRIPT if stack and not hop.came_from else _cause(hop),
            script=stack[0].script if stack and not hop.came_from else _script(hop, jar),
            stack=tuple(call.text for call in stack) or hop.initiator.stack,
        )


def _counts(hop: Hop, jar: Jar) -> bool:
    """Whether a request is reported: those to other hosts, and each beacon.

    The scanner itself goes to pages; what a page leads to by itself is reported.
    """
    if hop.type == "Preflight":
        return False
    if hop.is_main:
        return bool(hop.came_from) or _is_sent_by_page(hop, jar)
    page = urlsplit(jar.visit_at(hop.wall).url).hostname or ""
    return not page or _host(hop) != page or hop.type == "Ping"


def _is_cause(told: Told) -> bool:
    return bool(told.what["kind"] == "cause")


def _stack_of(hop: Hop, causes: Sequence[tuple[Mapping[str, Any], list[Call]]]) -> list[Call]:
    """The calls behind a request of which the browser names none."""
    if hop.initiator.stack:
        return []
    return next((stack for what, stack in causes if what["url"] == hop.url), [])


def _is_sent_by_page(hop: Hop, jar: Jar) -> bool:
    """Whether the page itself led away to another site, as a form or a script does."""
    before = [one for one in jar.visits if one.wall < hop.wall]
    last = urlsplit(before[-1].url).hostname if before else ""
    return bool(hop.initiator.is_script and last and not is_same_site(last, _host(hop)))


def _headers(jar: Jar) -> Iterator[Observation]:
    for hop in jar.hops:
        extra = hop.extra or {}
        blocked = {
            one["cookieLine"]: " ".join(one["blockedReasons"])
            for one in extra.get("blockedCookies", ())
        }
        for line in _raw(extra.get("headers", {}), "set-cookie").split("\n"):
            cookie = read_set_cookie(line, now=hop.wall)
            if cookie is None or cookie.is_deletion:
                continue
            key = extra.get("cookiePartitionKey") or {}
            site = key.get("topLevelSite", "") if isinstance(key, dict) else str(key)
            yield Observation(
                kind=Kind.COOKIE,
                name=cookie.name,
                host=cookie.domain or _host(hop),
                path=cookie.path,
                page="",
                wall=hop.wall,
                set_by=SetBy.HEADER,
                script=without_query(hop.url),
                stack=hop.initiator.stack,
                lifetime=cookie.lifetime,
                partition_key=site if cookie.is_partitioned else "",
                http_only=cookie.is_http_only,
                blocked=blocked.get(line, ""),
            )


def _hooks(jar: Jar) -> Iterator[Observation]:
    for told in jar.told:
        one = None if _is_cause(told) else _hook(told)
        if one is not None and not (one.kind is Kind.PRECONNECT and _is_page(jar, one)):
            yield one


def _hook(told: Told) -> Observation | None:
    what = told.what
    kind, wall, at = Kind(what["kind"]), what["wall"] / 1000, what["at"]
    stack = read_stack(what.get("stack", ""))
    script = stack[0].script if stack else without_query(told.worker or at)
    host = urlsplit(what.get("url", at)).hostname or urlsplit(at).hostname or ""
    if kind is Kind.WEB_RTC:
        host = str(what["url"]).partition(":")[2].lstrip("/").split("?")[0].split(":")[0]
    one = Observation(
        kind=kind,
        name=what["name"],
        host=host,
        page="",
        wall=wall,
        set_by=SetBy.WORKER if told.worker else SetBy(what.get("by", SetBy.SCRIPT)),
        script=script,
        stack=tuple(frame.text for frame in stack),
        lifetime=_PERSISTENT.get(kind, UNLIMITED) if kind.is_kept else "",
    )
    return _hooked_cookie(one, what) if kind is Kind.COOKIE else one


def _hooked_cookie(one: Observation, what: Mapping[str, Any]) -> Observation | None:
    if "line" in what:
        cookie = read_set_cookie(what["line"], now=one.wall)
        if cookie is None or cookie.is_deletion:
            return None
        return replace(
            one,
            name=cookie.name,
            host=cookie.domain or one.host,
            path=cookie.path,
            lifetime=cookie.lifetime,
            partition_key="partitioned" if cookie.is_partitioned else "",
        )
    expires = what.get("expires")
    return replace(
        one,
        host=(what.get("domain") or "").lstrip(".") or one.host,
        path=what.get("path") or "",
        lifetime=effective_days(expires / 1000 - one.wall) if expires else SESSION,
        partition_key="partitioned" if what.get("partitioned") else "",
    )


def _etags(jar: Jar) -> Iterator[Observation]:
    for hop in jar.hops:
        if hop.url in jar.etags and _header(hop, "etag"):
            yield Observation(
                kind=Kind.ETAG,
                name=urlsplit(hop.url).path,
                host=_host(hop),
                page="",
                wall=hop.wall,
                set_by=SetBy.HEADER,
                script=without_query(hop.url),
                stack=hop.initiator.stack,
                lifetime=UNLIMITED,
            )


def _kind(hop: Hop) -> Kind:
    if hop.is_main:
        return Kind.NAVIGATION
    return _KINDS.get(hop.type, Kind.OTHER)


def _cause(hop: Hop) -> SetBy:
    if hop.came_from:
        return SetBy.REDIRECT
    if hop.worker:
        return SetBy.WORKER
    return SetBy.SCRIPT if hop.initiator.is_script else SetBy.MARKUP


def _script(hop: Hop, jar: Jar) -> str:
    if hop.came_from:
        return without_query(hop.came_from)
    if hop.worker == "?":
        return _of_worker(jar.worker_that_names(urlsplit(hop.url).path))
    page = jar.visit_at(hop.wall).url
    return hop.initiator.script or _of_worker(hop.worker or page)


def _is_page(jar: Jar, one: Observation) -> bool:
    return one.host == urlsplit(jar.visit_at(one.wall).url).hostname


def _other_name(host: str, page: str, canonical: Canonical) -> str:
    """The name behind a subdomain of the site, if it is somebody else's."""
    if host == page or not is_same_site(host, page):
        return ""
    name = canonical(host)
    return "" if is_same_site(name, host) else name


def _host(hop: Hop) -> str:
    return urlsplit(hop.url).hostname or ""


def _header(hop: Hop, name: str) -> str:
    return _raw(hop.headers, name)


def _raw(headers: Mapping[str, str], name: str) -> str:
    return next((value for key, value in headers.items() if key.lower() == name), "")
