"""From what was heard to what is reported: each technology once a step and state, the first time.

Pure: a jar of what a browser told goes in, findings come out, nothing is judged yet.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from privet.consent.scan.asked import host_of, is_cause, requests
from privet.consent.scan.jar import Jar, header
from privet.consent.scan.parties import Canonical, is_same_site
from privet.consent.scan.set_cookie import effective_days, read_set_cookie
from privet.consent.scan.shapes import Found, Kind, Observation, SetBy
from privet.consent.scan.snapshot import Kept
from privet.consent.scan.watch import Told, without_query
from privet.consent.technologies import SESSION, UNLIMITED, TechnologyKind, effective_lifetime

_PERSISTENT = {
    Kind.WINDOW_NAME: SESSION,
    Kind.SESSION_STORAGE: SESSION,
    Kind.HISTORY_STATE: SESSION,
}


def gather(jar: Jar, *, canonical: Canonical) -> list[Found]:
    """The findings of one step, in the order of their time."""
    seen = [*requests(jar), *_headers(jar), *_hooks(jar), *_etags(jar)]
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
    kept = jar.kept_by_identity.get(_identity(first))
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
        setter_script=jar.script_at(worker),
        first_seen_ms=max(0, round((wall - visit.since) * 1000)),
        lifetime_effective=one.lifetime,
        partition_key=one.partition_key,
        http_only=one.http_only,
    )


def _headers(jar: Jar) -> Iterator[Observation]:
    for hop in jar.hops:
        extra = hop.extra or {}
        blocked = {
            one["cookieLine"]: " ".join(one["blockedReasons"])
            for one in extra.get("blockedCookies", ())
        }
        for line in header(extra.get("headers", {}), "set-cookie").split("\n"):
            cookie = read_set_cookie(line, now=hop.wall)
            if cookie is None or cookie.is_deletion:
                continue
            key = extra.get("cookiePartitionKey") or {}
            site = key.get("topLevelSite", "") if isinstance(key, dict) else str(key)
            yield Observation(
                kind=Kind.COOKIE,
                name=cookie.name,
                host=cookie.domain or host_of(hop),
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
        one = None if is_cause(told) else _hook(told, jar)
        if one is None:
            continue
        page = urlsplit(jar.visit_at(one.wall).url).hostname
        if not (one.kind is Kind.PRECONNECT and one.host == page):
            yield one


def _hook(told: Told, jar: Jar) -> Observation | None:
    what = told.what
    kind, wall, at = Kind(what["kind"]), what["wall"] / 1000, what["at"]
    stack = jar.calls_of(told)
    # A frame may have no address of its own: then the page it stands in is behind it.
    page = without_query(at) or without_query(jar.visit_at(wall).url)
    script = stack[0].script if stack else jar.script_at(told.worker) or page
    host = urlsplit(what.get("url", what["origin"])).hostname or urlsplit(at).hostname or ""
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
        if hop.url in jar.etags and header(hop.headers, "etag"):
            yield Observation(
                kind=Kind.ETAG,
                name=urlsplit(hop.url).path,
                host=host_of(hop),
                page="",
                wall=hop.wall,
                set_by=SetBy.HEADER,
                script=without_query(hop.url),
                stack=hop.initiator.stack,
                lifetime=UNLIMITED,
            )


def _other_name(host: str, page: str, canonical: Canonical) -> str:
    """The name behind a subdomain of the site, if it is somebody else's."""
    if host == page or not is_same_site(host, page):
        return ""
    name = canonical(host)
    return "" if is_same_site(name, host) else name
