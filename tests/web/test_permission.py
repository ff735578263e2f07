"""Who may open which page: a table over all addresses and roles, allowed and denied."""

import re
from collections.abc import Iterator

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, include, path, resolve

from privet.accounts.roles import Role
from privet.web.permission import SIGNED_IN as SIGNED_IN_ONLY
from privet.web.permission import Reach, access_of, mount
from privet.web.urls import urlpatterns as real
from tests.population import BRAMBLE, make_staff
from tests.web.conftest import SignIn

ANALYSIS = {"analyst", "privacy officer", "analyst of one", "tutor of one"}
EVERYBODY = {
    "visitor", "learner", "analyst", "analyst of one", "privacy officer", "integrity officer",
    "member", "operator", "tutor of one",
}  # fmt: skip
SIGNED_IN = EVERYBODY - {"visitor"}
NO_RECORD = "00000000-0000-4000-8000-000000000000"

TABLE: dict[str, set[str]] = {
    "/console/": SIGNED_IN,
    "/console/activity": ANALYSIS,
    "/console/paths": ANALYSIS,
    "/console/ways": ANALYSIS,
    "/console/experiments": ANALYSIS,
    "/console/experiments/define": {"analyst"},
    "/console/experiments/<int:number>": ANALYSIS,
    "/console/experiments/<int:number>/change": {"analyst"},
    "/console/origin": ANALYSIS,
    "/console/content": ANALYSIS,
    "/console/at-risk": ANALYSIS,
    "/console/at-risk/people": {"tutor of one"},
    "/console/learners": {"tutor of one"},
    "/console/learners/<int:look>": {"tutor of one"},
    "/console/places": ANALYSIS,
    "/console/technique": ANALYSIS,
    "/console/reports": ANALYSIS,
    "/console/reports/save": ANALYSIS,
    "/console/reports/views/<int:number>": ANALYSIS,
    "/console/reports/keys": ANALYSIS,
    "/console/reports/keys/<int:number>/revoke": ANALYSIS,
    "/console/totals": {"analyst", "privacy officer"},
    "/console/cookies": {"member"},
    "/console/cookies/propose": {"member"},
    "/console/cookies/<int:number>/withdraw": {"member"},
    "/console/privacy": {"privacy officer"},
    "/console/consent": {"privacy officer"},
    "/console/ledger": {"privacy officer"},
    "/console/registry": {"privacy officer"},
    "/console/registry/<int:number>/review": {"privacy officer"},
    "/console/scans": {"privacy officer"},
    "/console/scans/<str:name>": {"privacy officer"},
    "/console/scans/<str:name>/pictures/<str:picture>": {"privacy officer"},
    "/console/policies": {"privacy officer"},
    "/console/policies/publish": {"privacy officer"},
    "/console/integrity": {"integrity officer"},
    "/console/integrity/findings": {"integrity officer"},
    "/console/integrity/<int:number>": {"integrity officer"},
    "/console/integrity/<int:number>/act": {"integrity officer"},
    "/console/integrity/fairness": {"integrity officer"},
    "/console/integrity/prevention": {"integrity officer"},
    "/console/integrity/thresholds": {"integrity officer"},
    "/console/integrity/thresholds/save": {"integrity officer"},
    "/console/live": {"analyst", "privacy officer", "operator"},
    "/console/intake": {"operator"},
    "/privacy/": SIGNED_IN,
    "/privacy/data": SIGNED_IN,
    "/privacy/looks": SIGNED_IN,
    "/privacy/integrity": SIGNED_IN,
    "/privacy/integrity/<int:number>": SIGNED_IN,
    "/privacy/integrity/<int:number>/say": SIGNED_IN,
    "/privacy/choices": EVERYBODY,
    "/privacy/honor": EVERYBODY,
    "/privacy/regime": EVERYBODY,
    "/privacy/notices/sign-up": EVERYBODY,
    "/privacy/notices/enrolment": EVERYBODY,
    "/privacy/receipts/<uuid:record>": SIGNED_IN,
    "/policies/cookies": EVERYBODY,
    "/policies/cookies/changes": EVERYBODY,
    "/policies/cookies/<int:number>": EVERYBODY,
    "/policies/privacy": EVERYBODY,
    "/policies/privacy/changes": EVERYBODY,
    "/policies/privacy/<int:number>": EVERYBODY,
    "/policies/seen": SIGNED_IN,
    "/.well-known/gpc.json": EVERYBODY,
    "/.well-known/privet-receipts.json": EVERYBODY,
    "/privacy/language": EVERYBODY,
    "/privacy/theme": EVERYBODY,
    "/privacy/enter": EVERYBODY,
    "/accounts/login/": EVERYBODY,
    "/accounts/logout/": SIGNED_IN,
    "/accounts/signup/": EVERYBODY,
    "/accounts/inactive/": EVERYBODY,
    "/accounts/reauthenticate/": SIGNED_IN,
    "/accounts/password/change/": SIGNED_IN,
    "/api/v1/consent": EVERYBODY,
    "/api/v1/consent/decisions": EVERYBODY,
    "/api/v1/consent/standing": EVERYBODY,
    "/api/v1/consent/token": EVERYBODY,
    "/api/v1/consent/keys": EVERYBODY,
    "/api/v1/consent/unregistered": EVERYBODY,
    "/api/v1/consent/registry": EVERYBODY,
    "/api/v1/notices/sign-up": EVERYBODY,
    "/api/v1/notices/enrolment": EVERYBODY,
    "/api/v1/notices/served": EVERYBODY,
    "/api/v1/recommendations": EVERYBODY,
    "/api/v1/totals.js": EVERYBODY,
    "/api/v1/insight/questions": ANALYSIS,
    "/api/v1/insight/questions/<name>": ANALYSIS,
    "/api/v1/docs": EVERYBODY,
    "/api/v1/experiments.js": EVERYBODY,
    "/api/v1/guard.js": EVERYBODY,
    "/api/v1/notice.js": EVERYBODY,
    "/api/v1/preferences.js": EVERYBODY,
    "/api/v1/openapi.json": EVERYBODY,
}
ROLES: dict[str, tuple[Role, str] | None] = {
    "visitor": None,
    "learner": (Role.LEARNER, ""),
    "analyst": (Role.ANALYST, ""),
    "analyst of one": (Role.ANALYST, BRAMBLE),
    "privacy officer": (Role.PRIVACY_OFFICER, ""),
    "integrity officer": (Role.INTEGRITY_OFFICER, ""),
    "member": (Role.MEMBER, BRAMBLE),
    "operator": (Role.OPERATOR, ""),
    "tutor of one": (Role.TUTOR, BRAMBLE),
}


def _patterns(
    entries: list[URLPattern | URLResolver], prefix: str = "/"
) -> Iterator[tuple[str, URLPattern]]:
    for entry in entries:
        route = prefix + str(entry.pattern).removeprefix("^").removesuffix("$")
        if isinstance(entry, URLResolver):
            yield from _patterns(entry.url_patterns, route)
        else:
            yield route, entry


ALL = dict(_patterns(get_resolver().url_patterns))


def test_the_table_names_every_address_there_is() -> None:
    addresses = {"/" + route.lstrip("/") for route in ALL}
    assert addresses - set(TABLE) - {"/api/v1/"} == set()


def test_no_page_is_without_an_access() -> None:
    assert [route for route, pattern in ALL.items() if access_of(pattern.callback) is None] == []


def _outcome(client: Client, address: str) -> str:
    response = client.get(re.sub(r"<uuid:\w+>", NO_RECORD, re.sub(r"<int:\w+>", "1", address)))
    if response.status_code == 302 and "/accounts/login/" in response["Location"]:
        return "sign in"
    if response.status_code == 401 and response.json()["error"]["reason"] == "no_key":
        return "sign in"
    return "refused" if response.status_code == 403 else "open"


@pytest.mark.parametrize("role", ROLES)
def test_pages_open_to_those_they_name_and_to_nobody_else(
    role: str, filled: object, sign_in: SignIn
) -> None:
    held = ROLES[role]
    client = Client() if held is None else sign_in(make_staff("x@example.org", *held))
    closed = "sign in" if role == "visitor" else "refused"
    expected = {address: "open" if role in who else closed for address, who in TABLE.items()}
    assert {address: _outcome(client, address) for address in TABLE} == expected


def _unmarked(request: HttpRequest) -> HttpResponse:
    return HttpResponse("secret")


urlpatterns = [*real, path("unmarked", _unmarked)]


@pytest.mark.urls(__name__)
def test_a_view_that_names_nobody_opens_to_nobody(filled: object, sign_in: SignIn) -> None:
    client = sign_in(make_staff("x@example.org", Role.OPERATOR))
    assert client.get("/unmarked").status_code == 403


def test_whole_trees_of_a_librarys_pages_can_be_opened() -> None:
    def show(request: HttpRequest) -> HttpResponse:
        return HttpResponse(request.path)

    inner = path("inner", show)
    mount([path("outer/", include([inner]))], SIGNED_IN_ONLY)
    assert access_of(inner.callback) is SIGNED_IN_ONLY


def test_a_visitor_is_asked_to_sign_in_and_brought_back(db: None) -> None:
    response = Client().get("/console/activity?days=7")
    assert response["Location"] == "/accounts/login/?next=/console/activity%3Fdays%3D7"


def test_a_closed_account_may_nothing(filled: object, sign_in: SignIn) -> None:
    account = make_staff("x@example.org", Role.OPERATOR)
    client = sign_in(account)
    account.is_active = False
    account.save(update_fields=["is_active"])
    assert client.get("/console/intake").status_code == 302


def test_pages_with_statistics_reach_no_further_than_the_role() -> None:
    access = access_of(resolve("/console/activity").func)
    assert access is not None
    assert access.reach is Reach.SOMEWHERE
