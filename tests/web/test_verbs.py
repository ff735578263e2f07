"""By whatever verb: no page fails, none opens to a wrong role, and foreign verbs do nothing."""

from collections.abc import Iterator
from itertools import cycle, product

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.population import make_staff
from tests.web.conftest import SignIn
from tests.web.test_hostile import ADDRESSES
from tests.web.test_permission import NO_RECORD, ROLES, TABLE

FOREIGN = ("PUT", "DELETE", "PATCH")
VERBS = (*FOREIGN, "HEAD", "OPTIONS")
OWN = {("/api/v1/recommendations", "DELETE")}
FORGIVING = {
    "/accounts/inactive/", "/accounts/login/", "/accounts/password/change/",
    "/accounts/reauthenticate/", "/accounts/signup/", "/privacy/language",
}  # fmt: skip
"""Pages of libraries, which show themselves or lead on: they read a form by POST alone."""
TO_SIGN_IN = "/accounts/login/"


def _pairs() -> list[tuple[str, str]]:
    """Each address by one of the roles, in turn."""
    return list(zip(ADDRESSES, cycle(ROLES), strict=False))


def _path(address: str) -> str:
    address = address.replace("<uuid:record>", NO_RECORD)
    return address.replace("<int:number>", "1").replace("<int:look>", "1")


def _is_turned_away(response: HttpResponse) -> bool:
    if response.status_code == 302:
        return TO_SIGN_IN in response["Location"]
    return response.status_code in {401, 403, 405}


def _is_right(address: str, role: str, verb: str, response: HttpResponse) -> bool:
    if role not in TABLE[address]:
        return _is_turned_away(response)
    if verb in FOREIGN and address not in FORGIVING and (address, verb) not in OWN:
        return response.status_code in {405, 429}
    return response.status_code < 500


def _wrong(sign_in: SignIn, pairs: list[tuple[str, str]]) -> Iterator[tuple[str, str, str, int]]:
    clients = {
        role: Client() if held is None else sign_in(make_staff(f"{number}@example.org", *held))
        for number, (role, held) in enumerate(ROLES.items())
    }
    for (address, role), verb in product(pairs, VERBS):
        response = clients[role].generic(verb, _path(address))
        if not _is_right(address, role, verb, response):
            yield address, role, verb, response.status_code


def test_no_verb_opens_a_page_or_makes_it_fail(filled: object, sign_in: SignIn) -> None:
    assert list(_wrong(sign_in, _pairs())) == []


@pytest.mark.soak
def test_no_verb_opens_any_page_to_any_wrong_role(filled: object, sign_in: SignIn) -> None:
    assert list(_wrong(sign_in, list(product(ADDRESSES, ROLES)))) == []
