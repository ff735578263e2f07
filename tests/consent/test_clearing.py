"""What is cleared from a browser when its category is refused."""

import pytest

from privet.catalogue.uses import Choice
from privet.consent.clearing import MOST_COOKIES, clearable, domains_of, refused_cookies
from privet.consent.registry import OPERATORS_FILE
from privet.kernel.config import read_config

pytestmark = pytest.mark.django_db
ENTRY = """
[[technology]]
name = "{name}"
kind = "{kind}"
setter = "a script of the site"
party = "{party}"
host = "{host}"
lifetime = "P30D"
category = "{category}"
vendor = "Hedgerow Courses"
purpose.en = "Counts visits."
purpose.es = "Cuenta visitas."
"""


@pytest.fixture
def register():
    """Writes the operator's registry; it is taken away after the test."""
    path = read_config().home / OPERATORS_FILE
    path.parent.mkdir(parents=True, exist_ok=True)

    def write(*entries: dict[str, str]) -> None:
        texts = [
            ENTRY.format(**{"kind": "cookie", "party": "first", "host": "", **one})
            for one in entries
        ]
        path.write_text("version = 7\n" + "".join(texts), "utf-8")

    yield write
    path.unlink(missing_ok=True)


def test_a_registered_cookie_of_a_refused_category_goes(register):
    register({"name": "_ga*", "category": "performance"})
    assert refused_cookies({"_ga_X1", "other"}, Choice.TARGETING) == ["_ga_X1"]


def test_one_of_an_allowed_category_stays(register):
    register({"name": "_ga*", "category": "performance"})
    assert refused_cookies({"_ga_X1"}, Choice.PERFORMANCE) == []


def test_the_strictly_necessary_and_the_unknown_stay(register):
    register({"name": "basket", "category": "necessary"})
    assert refused_cookies({"basket", "privet_session", "unheard"}, Choice(0)) == []


def test_the_most_exact_name_counts(register):
    register(
        {"name": "shop_*", "category": "targeting"},
        {"name": "shop_basket", "category": "necessary"},
    )
    assert refused_cookies({"shop_basket", "shop_ad"}, Choice(0)) == ["shop_ad"]
    names = [one.name for one in clearable()]
    assert names.index("shop_basket") < names.index("shop_*")


def test_others_things_and_requests_cannot_be_cleared_here(register):
    register(
        {"name": "theirs", "category": "targeting", "party": "third", "host": "ads.example"},
        {"name": "/pixel", "category": "targeting", "kind": "pixel"},
        {"name": "ours", "category": "targeting", "kind": "indexed_db"},
    )
    names = {one.name for one in clearable()}
    assert "ours" in names
    assert not names & {"theirs", "/pixel"}


def test_no_answer_ends_more_than_its_head_can_hold(register):
    register({"name": "many_*", "category": "targeting"})
    names = {f"many_{number}" for number in range(MOST_COOKIES + 5)}
    assert len(refused_cookies(names, Choice(0))) == MOST_COOKIES
    assert refused_cookies((), Choice(0)) == []


@pytest.mark.parametrize(
    ("host", "domains"),
    [
        ("localhost:8000", [None]),
        ("127.0.0.1", [None]),
        ("[::1]:8000", [None]),
        ("a.hedgerow.example", [None, "a.hedgerow.example", "hedgerow.example"]),
    ],
)
def test_a_cookie_may_lie_on_the_host_or_on_a_domain_above_it(host, domains):
    assert list(domains_of(host)) == domains
