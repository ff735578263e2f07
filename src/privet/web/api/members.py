"""The endpoints of members: the consent token for iframes, and reports of the unregistered."""

from typing import Annotated, Literal
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema, Status
from pydantic import ConfigDict, Field, StringConstraints

from privet.accounts.facts import SiteFacts
from privet.accounts.registry import institution_names
from privet.accounts.tokens import BadTokenError
from privet.catalogue.uses import Choice
from privet.consent.browser import read_browser
from privet.consent.members.tokens import LIFE_SECONDS, Consented, public_keys, sign_token
from privet.consent.members.unregistered import Reporter, Seen, report_unregistered
from privet.consent.notices import find_growth, publish_shipped_notice
from privet.consent.registry import Technology, TechnologyKind, registry_for
from privet.consent.rules import GPC_CHOICES
from privet.consent.service import current_state
from privet.web.api.client import check_rate
from privet.web.api.errors import RefusedError
from privet.web.api.origins import check_origin
from privet.web.api.schemas import ErrorOut
from privet.web.api.surroundings import SITES, VERIFIER, count_faults, installation
from privet.web.api.views import has_gpc, learner_of

router = Router(tags=["members"])
_REFUSALS = {400: ErrorOut, 401: ErrorOut, 403: ErrorOut, 404: ErrorOut, 429: ErrorOut}
_BEARER = "Bearer "
_MOST_SEEN = 50
_KEYS_KEPT = "public, max-age=3600"
_REGISTRY_KEPT = "public, max-age=60"
_Site = Annotated[str, StringConstraints(max_length=80)]
_Institution = Annotated[str, StringConstraints(pattern="^[a-z0-9-]{0,80}$")]
_Course = Annotated[str, StringConstraints(max_length=160)]
_Kind = Literal[
    "cookie", "local_storage", "session_storage", "indexed_db", "cache", "pixel", "script",
    "iframe", "beacon",
]  # fmt: skip


class TokenOut(Schema):
    """A consent token for a member's iframe."""

    token: str = Field(description="A JWT; hand it to the iframe, which sends it to its server.")
    expires_in: int = Field(description="For how many seconds it is good.")


class WhereIn(Schema):
    """A place, and the language to say it in."""

    site: _Site
    institution: _Institution = ""
    course: _Course = ""
    lang: Annotated[str, StringConstraints(max_length=35)] = "en"


class TechnologyOut(Schema):
    """An entry of the registry."""

    name: str = Field(description="With `*` for any letters.")
    kind: str
    category: str
    host: str = Field(description="Empty: the site's own.")
    party: str
    setter: str
    lifetime: str = Field(description="Declared: ISO 8601, `session` or `unlimited`.")
    effective_lifetime: str = Field(description="What a browser makes of it.")
    vendor: str
    says: str
    data: list[str]
    institution: str


class RegistryOut(Schema):
    """The registry in a place."""

    version: str
    digest: str
    technologies: list[TechnologyOut]


class KeyOut(Schema):
    """A public key (RFC 8037)."""

    kty: str
    crv: str
    alg: str
    use: str
    kid: str
    x: str


class KeysOut(Schema):
    """The keys that consent tokens are checked with (RFC 7517)."""

    keys: list[KeyOut]


class _Strict(Schema):
    model_config = ConfigDict(extra="forbid", strict=True)


class SeenIn(_Strict):
    """Something that a page met and does not find in the registry. Never send a value."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=1000)]
    kind: _Kind
    host: Annotated[str, StringConstraints(max_length=253)] = Field(
        default="", description="Where it belongs; empty for the page's own site."
    )
    setter: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.:\[\]-]{0,253}$")] = Field(
        default="", description="The host of the script that wanted it, if that is known."
    )
    page: Annotated[str, StringConstraints(max_length=500, pattern=r"^(/[^?#]*)?$")] = Field(
        default="", description="The path of the page, without its query."
    )


class ReportIn(_Strict):
    """What a page of a course met."""

    site: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    institution: _Institution = ""
    course: _Course = ""
    seen: list[SeenIn] = Field(min_length=1, max_length=_MOST_SEEN)


class ReportOut(Schema):
    """What became of a report."""

    unregistered: int
    registered: int
    left_out: int = Field(description="Not kept: so many names of the course are known already.")


@router.get(
    "/token",
    response={200: TokenOut, **_REFUSALS},
    summary="A signed, short-lived token of this browser's choices, for a member's iframe",
)
def get_token(
    request: HttpRequest,
    response: HttpResponse,
    site: _Site,
    institution: _Institution = "",
    course: _Course = "",
) -> TokenOut:
    """What is decided in this browser, or by the learner of ``Authorization: Bearer TOKEN``.

    It names the site, the course, the institution, the choices and the notice, and nobody. 404
    ``no_decision`` if nothing is decided: no token means no consent.
    """
    check_rate(request)
    found = SITES.find(site)
    check_origin(request, found)
    choices, notice = _decided(request, found)
    here = installation()
    said = Consented(
        site=found.slug,
        institution=check_institution(institution, found),
        course=course,
        choices=choices,
        notice=notice,
        gpc=has_gpc(request),
    )
    response["Cache-Control"] = "no-store"
    token = sign_token(said, ring=here.ring, now=here.clock.now())
    return TokenOut(token=token, expires_in=LIFE_SECONDS)


@router.get(
    "/registry",
    response={200: RegistryOut, **_REFUSALS},
    summary="What is registered in a place: the platform's entries and those of the member",
)
def get_registry(
    request: HttpRequest, response: HttpResponse, where: Query[WhereIn]
) -> RegistryOut:
    """The same for everybody. A script clears by it what a withdrawal ends, and blocks the rest."""
    check_rate(request)
    site = SITES.find(where.site)
    check_origin(request, site)
    is_members = where.institution or site.institution
    registry = registry_for(
        institution=check_institution(where.institution, site) if is_members else "",
        course=where.course,
    )
    language = where.lang.partition("-")[0]
    response["Cache-Control"] = _REGISTRY_KEPT
    return RegistryOut(
        version=registry.version,
        digest=registry.digest,
        technologies=[_technology(one, language) for one in registry.technologies],
    )


@router.get("/keys", response=KeysOut, summary="The public keys of consent tokens")
def get_keys(request: HttpRequest, response: HttpResponse) -> object:
    """A JSON Web Key Set; the same for everybody, to be kept for an hour."""
    del request
    response["Cache-Control"] = _KEYS_KEPT
    return public_keys(installation().ring)


@router.post(
    "/unregistered",
    response={202: ReportOut, 413: ErrorOut, 415: ErrorOut, **_REFUSALS},
    summary="Report what a page of a course met and the registry does not know",
)
def post_unregistered(request: HttpRequest, report: ReportIn) -> Status[ReportOut]:
    """Names only. Who saw them is neither asked nor kept, and cookies are not read."""
    check_rate(request)
    site = SITES.find(report.site)
    check_origin(request, site)
    counted = report_unregistered(
        institution=check_institution(report.institution, site),
        course=report.course,
        seen=[_seen(one) for one in report.seen],
        reporter=Reporter.PAGE,
        clock=installation().clock,
        own_hosts=own_hosts(site),
    )
    out = ReportOut(
        unregistered=counted.unregistered,
        registered=counted.registered,
        left_out=counted.left_out,
    )
    return Status(202, out)


def _seen(one: SeenIn) -> Seen:
    return Seen(
        name=one.name,
        kind=TechnologyKind(one.kind),
        host=one.host,
        setter=one.setter,
        page=one.page,
    )


def _technology(one: Technology, language: str) -> TechnologyOut:
    return TechnologyOut(
        name=one.name,
        kind=one.kind,
        category=one.category,
        host=one.host,
        party=one.party,
        setter=one.setter,
        lifetime=one.lifetime,
        effective_lifetime=one.effective_lifetime,
        vendor=one.vendor,
        says=one.says(language),
        data=list(one.data),
        institution=one.institution,
    )


def own_hosts(site: SiteFacts) -> frozenset[str]:
    """The hosts of a site's pages, and the domain of its cookies if it has set one."""
    hosts = {urlsplit(origin).hostname or "" for origin in site.origins}
    return frozenset(hosts | {site.cookie_domain.lstrip(".")}) - {""}


def _decided(request: HttpRequest, site: SiteFacts) -> tuple[Choice, int]:
    """The choices in force and the notice they were made on; raises `RefusedError` if none are."""
    here = installation()
    said = request.headers.get("Authorization", "")
    if said.startswith(_BEARER):
        try:
            token = said.removeprefix(_BEARER).strip()
            identity = VERIFIER.verify(token, site=site, now=here.clock.now())
        except BadTokenError as error:
            raise RefusedError(401, "bad_token", error.what, remedy=error.remedy) from error
        state = current_state(who=learner_of(request, site, identity), clock=here.clock)
        if state.answers is None:
            raise _undecided()
        choices, notice = Choice(state.standing().choices), state.notice_version or 0
        return _narrowed(request, choices, notice, is_confirmed=state.confirmed), notice
    browser = read_browser(request.headers.get("Cookie", ""), site=site.slug, here=here)
    count_faults(browser.faults)
    # A learner's decision, left behind on signing out, decides for nobody.
    if browser.consent is None or browser.consent.of_learner:
        raise _undecided()
    consent = browser.consent
    choices, notice = consent.choices, consent.notice
    return _narrowed(request, choices, notice, is_confirmed=consent.confirmed), notice


def _narrowed(request: HttpRequest, choices: Choice, notice: int, *, is_confirmed: bool) -> Choice:
    """The choices that cover all that the notice in force names, under this request's GPC.

    The signal narrows nothing that the person confirmed against it.
    """
    in_force = publish_shipped_notice(clock=installation().clock)
    covered = choices & ~find_growth(notice, now=in_force).choices
    return covered & ~GPC_CHOICES if has_gpc(request) and not is_confirmed else covered


def check_institution(slug: str, site: SiteFacts) -> str:
    """A member's slug, or that of the site's own; raises `RefusedError` (404) for any other."""
    found = slug or site.institution
    if found not in institution_names():
        raise RefusedError(
            404,
            "unknown_institution",
            "No institution of that name is registered.",
            remedy="Check the name with the operator, or give the site one by default.",
        )
    return found


def _undecided() -> RefusedError:
    return RefusedError(
        404,
        "no_decision",
        "Nothing is decided in this browser, which counts as no consent.",
        remedy="Ask again after a decision.",
    )
