"""Sites, institutions, identity keys and API keys."""

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from privet.accounts.facts import Algorithm
from privet.accounts.models import ApiKey, Site
from privet.accounts.registry import (
    RegistryError,
    add_identity_key,
    api_key_digest,
    create_api_key,
    create_institution,
    create_site,
    institution_names,
    read_origin,
    read_sites,
    read_sources,
    retire_identity_key,
    revoke_api_key,
    set_origins,
)
from privet.accounts.tokens import verify_token
from privet.audit.models import Record
from privet.kernel.clock import FixedClock
from tests.accounts.kit import NOW, P384, PRIVATE, SECRET, pem, private_pem, ring, token

pytestmark = pytest.mark.django_db
ORIGIN = "https://hedgerow.example"


@pytest.fixture
def site():
    create_institution(slug="hedge-university", name="Hedge University", by="operator")
    return create_site(
        slug="hedgerow", name="Hedgerow", origins=[ORIGIN], institution="hedge-university",
        by="operator",
    )  # fmt: skip


def acts():
    return list(Record.objects.order_by("seq").values_list("act", flat=True))


def test_a_site_is_registered_and_read_as_facts(site, tmp_path):
    facts = read_sites(ring(tmp_path))["hedgerow"]
    assert (facts.slug, facts.name, facts.origins) == ("hedgerow", "Hedgerow", {ORIGIN})
    assert (facts.institution, facts.regime, facts.cookie_domain) == ("hedge-university", "", "")
    assert acts() == ["accounts.create_institution", "accounts.create_site"]


def test_institutions_are_listed_by_name(site):
    assert institution_names() == {"hedge-university": "Hedge University"}


def test_a_site_without_institution_has_none(tmp_path):
    create_site(slug="orchard", name="Orchard", origins=[], by="operator")
    assert read_sites(ring(tmp_path))["orchard"].institution == ""


@pytest.mark.parametrize("slug", ["", "Hedge", "a b", "-a", "a--b", "a/visitor", "x" * 81, "ü"])
def test_a_slug_that_could_be_mistaken_is_refused(slug):
    with pytest.raises(RegistryError):
        create_site(slug=slug, name="x", origins=[], by="operator")
    with pytest.raises(RegistryError):
        create_institution(slug=slug, name="x", by="operator")


def test_a_slug_is_taken_once(site):
    with pytest.raises(RegistryError, match="exists"):
        create_site(slug="hedgerow", name="x", origins=[], by="mallory")
    with pytest.raises(RegistryError, match="exists"):
        create_institution(slug="hedge-university", name="x", by="mallory")


def test_a_site_needs_an_institution_that_exists():
    with pytest.raises(RegistryError, match="no institution"):
        create_site(slug="a", name="a", origins=[], institution="nowhere", by="operator")
    assert not Site.objects.exists()


def test_a_site_knows_the_regime_of_unknown_places_or_none():
    with pytest.raises(RegistryError, match="opt_in"):
        create_site(slug="a", name="a", origins=[], regime="anything", by="operator")
    assert create_site(slug="a", name="a", origins=[], regime="opt_out", by="operator")


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://Hedgerow.example/", "https://hedgerow.example"),
        ("https://hedgerow.example:443", "https://hedgerow.example"),
        ("http://127.0.0.1:8500", "http://127.0.0.1:8500"),
        ("http://[::1]:80", "http://[::1]"),
    ],
)
def test_an_origin_is_written_as_browsers_write_it(text, origin):
    assert read_origin(text) == origin


@pytest.mark.parametrize(
    "text",
    ["", "*", "null", "hedgerow.example", "ftp://a", "https://a/b", "https://a?b", "https://",
     "https://u@a", "https://a:x", "https://a#b", "https://[a"],
)  # fmt: skip
def test_what_is_no_origin_is_refused(text):
    with pytest.raises(RegistryError):
        read_origin(text)


def test_origins_are_replaced_as_a_whole(site, tmp_path):
    set_origins(site="hedgerow", origins=["https://b.example", "https://a.example"], by="operator")
    assert read_sites(ring(tmp_path))["hedgerow"].origins == {
        "https://a.example",
        "https://b.example",
    }


def test_a_change_needs_a_site(tmp_path):
    with pytest.raises(RegistryError, match="no site"):
        set_origins(site="nowhere", origins=[], by="operator")


@pytest.mark.parametrize("algorithm", Algorithm)
def test_a_registered_key_verifies_tokens(site, tmp_path, algorithm):
    keys = ring(tmp_path)
    key = SECRET if algorithm is Algorithm.HS256 else pem(PRIVATE[algorithm])
    add_identity_key(
        site="hedgerow", kid="k1", algorithm=algorithm, key=key, keys=keys, by="operator"
    )
    facts = read_sites(keys)["hedgerow"]
    assert verify_token(token(algorithm, kid="k1"), site=facts, now=NOW).external_id == "alice"


def test_a_shared_secret_lies_sealed_in_the_database(site, tmp_path):
    keys = ring(tmp_path)
    add_identity_key(
        site="hedgerow", kid="k1", algorithm=Algorithm.HS256, key=SECRET, keys=keys, by="operator"
    )
    assert SECRET not in str(Site.objects.get(slug="hedgerow").identity_keys)


def test_a_key_of_the_same_name_is_replaced_and_a_retired_one_is_gone(site, tmp_path):
    keys = ring(tmp_path)
    for key in (SECRET, SECRET[::-1]):
        add_identity_key(
            site="hedgerow", kid="k1", algorithm=Algorithm.HS256, key=key, keys=keys, by="operator"
        )
    facts = read_sites(keys)["hedgerow"]
    assert facts.identity_keys["k1"].material == SECRET[::-1].encode()
    retire_identity_key(site="hedgerow", kid="k1", by="operator")
    assert read_sites(keys)["hedgerow"].identity_keys == {}


def bad_keys():
    small = generate_private_key(65537, 1024)  # noqa: S505 - refused is what it is for
    return [
        (Algorithm.HS256, "x" * 31),
        (Algorithm.HS256, pem(PRIVATE[Algorithm.RS256])),
        (Algorithm.EDDSA, pem(PRIVATE[Algorithm.RS256])),
        (Algorithm.ES256, pem(P384)),
        (Algorithm.ES256, pem(PRIVATE[Algorithm.EDDSA])),
        (Algorithm.RS256, pem(small)),
        (Algorithm.RS256, pem(PRIVATE[Algorithm.ES256])),
        (Algorithm.EDDSA, private_pem(PRIVATE[Algorithm.EDDSA])),
        (Algorithm.EDDSA, "not a key"),
    ]


@pytest.mark.parametrize(("algorithm", "key"), bad_keys())
def test_a_key_that_does_not_fit_its_algorithm_is_refused(site, tmp_path, algorithm, key):
    with pytest.raises(RegistryError) as caught:
        add_identity_key(
            site="hedgerow", kid="k", algorithm=algorithm, key=key, keys=ring(tmp_path),
            by="operator",
        )  # fmt: skip
    assert key not in str(caught.value)


def test_an_api_key_is_shown_once_and_only_its_hash_is_kept(site):
    key = create_api_key(site="hedgerow", name="grader", by="operator")
    row = ApiKey.objects.get()
    assert bytes(row.digest) == api_key_digest(key)
    assert key not in str(ApiKey.objects.values())
    assert key not in str(list(Record.objects.values_list("about", flat=True)))
    assert read_sources()[api_key_digest(key)].source == "api:hedgerow"


def test_no_two_api_keys_are_alike(site):
    keys = {create_api_key(site="hedgerow", name="x", by="operator") for _ in range(3)}
    assert len(keys) == 3


def test_a_revoked_api_key_speaks_for_nobody(site):
    create_api_key(site="hedgerow", name="grader", by="operator")
    key_id = ApiKey.objects.get().pk
    assert revoke_api_key(key_id=key_id, by="operator", clock=FixedClock(NOW))
    assert not revoke_api_key(key_id=key_id, by="operator", clock=FixedClock(NOW))
    assert read_sources() == {}


def test_facts_print_no_key_material(site, tmp_path):
    keys = ring(tmp_path)
    add_identity_key(
        site="hedgerow", kid="k1", algorithm=Algorithm.HS256, key=SECRET, keys=keys, by="operator"
    )
    assert SECRET not in repr(read_sites(keys))
