"""An installation with a month of events, and people who are signed in to it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.utils.translation import override

from privet.accounts.models import Account
from privet.accounts.roles import Role
from privet.events.lake import default_lake
from privet.insight.asking import NOISE
from privet.intake.loader import default_loader
from privet.kernel.clock import SystemClock
from privet.kernel.config import Config, read_config
from privet.kernel.crypto import KeyRing
from privet.web.fresh import CONFIRMED
from tests import population
from tests.remembered import forget_installation

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
NOISE_SECRET = bytes(range(32))
SignIn = Callable[[Account], Client]


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Django leaves a thread in the language of the last request; let no test inherit it."""
    with override("en"):
        yield


@pytest.fixture(scope="session")
def home_with_events(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One directory for all tests that look at the same month; the first of them fills it."""
    return tmp_path_factory.mktemp("filled")


def _use_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    monkeypatch.setenv("PRIVET_HOME", str(home))
    forget_installation()
    config = read_config()
    _settle_noise(config)
    return config


def _settle_noise(config: Config) -> None:
    """Small counts have the same noise in each run."""
    config.keys.mkdir(parents=True, exist_ok=True)
    (config.keys / f"signing-{NOISE}.key").write_bytes(NOISE_SECRET)


@pytest.fixture
def empty_home(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Config]:
    """An installation to which nothing has happened yet."""
    yield _use_home(tmp_path, monkeypatch)
    forget_installation()


@pytest.fixture
def filled(
    db: None, home_with_events: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[list[population.Learner]]:
    """The population and its events."""
    config = _use_home(home_with_events, monkeypatch)
    learners = population.make_learners(48)
    population.register(learners, KeyRing(config.keys))
    if not default_lake().files():
        population.fill(config, default_loader(), learners, until=population.end_of_yesterday())
    yield learners
    forget_installation()


@pytest.fixture
def sign_in() -> SignIn:
    """Signs an account in without its password, as of this moment."""

    def signed_in(account: Account) -> Client:
        client = Client()
        client.force_login(account, backend=BACKEND)
        session = client.session
        session[CONFIRMED] = SystemClock().now().timestamp()
        session.save()
        return client

    return signed_in


@pytest.fixture
def alice(filled: list[population.Learner], sign_in: SignIn) -> Client:
    """A learner for whom her site has vouched."""
    return sign_in(population.make_alice(filled[0]))


@pytest.fixture
def bob(filled: list[population.Learner], sign_in: SignIn) -> Client:
    """An analyst of all institutions."""
    return sign_in(population.make_staff("bob@example.org", Role.ANALYST))


@pytest.fixture
def carol(filled: list[population.Learner], sign_in: SignIn) -> Client:
    """An analyst of Bramble College alone."""
    return sign_in(population.make_staff("carol@example.org", Role.ANALYST, population.BRAMBLE))


@pytest.fixture
def oscar(filled: list[population.Learner], sign_in: SignIn) -> Client:
    """An operator."""
    return sign_in(population.make_staff("oscar@example.org", Role.OPERATOR))
