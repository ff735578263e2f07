"""Sign-up, sign-in, sign-out and settings."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from starlette.responses import Response

from demo import acts, people
from demo.countries import COUNTRIES
from demo.notices import keep_word
from demo.people import Learner, NewLearner
from demo.storage import transaction
from demo.visit import SESSION_COOKIE, Visit, the_learner

YOUNGEST_YEARS = 13


@dataclass(kw_only=True)
class SignUp:
    """What was typed, and what is wrong with it, by field."""

    email: str
    name: str
    password: str
    birth_year: str
    country: str
    faults: dict[str, str] = field(default_factory=dict)


def show_sign_up(visit: Visit) -> Response:
    """The form for a new account."""
    return _show_sign_up(visit, None)


def sign_up(visit: Visit) -> Response:
    """Make an account and sign in."""
    typed = _read_sign_up(visit)
    if typed.faults:
        return _show_sign_up(visit, typed)
    new = NewLearner(
        email=typed.email,
        name=typed.name,
        password=typed.password,
        birth_year=int(typed.birth_year),
        country=typed.country,
    )
    with transaction(visit.store):
        learner = people.add_learner(
            visit.store, new, now=visit.now, randomness=visit.platform.randomness
        )
        if learner is not None:
            visit.report(acts.account_created(), learner)
            keep_word(visit.store, visit.field("served"), learner, now=visit.now)
    if learner is None:
        typed.faults["email"] = "There is an account with this address. Sign in instead."
        return _show_sign_up(visit, typed)
    return _begin_session(visit, learner, "/courses")


def show_sign_in(visit: Visit) -> Response:
    """The form to sign in."""
    return visit.show("sign_in.html", wanted=_safe_path(visit.request.query_params.get("next")))


def sign_in(visit: Visit) -> Response:
    """Check the password; a wrong one is reported for the account's security."""
    learner = people.find_by_email(visit.store, visit.field("email"))
    wanted = _safe_path(visit.field("next"))
    if not people.check_password(visit.store, learner, visit.field("password")):
        if learner is not None:
            with transaction(visit.store):
                visit.report(acts.signed_in("wrong_password"), learner)
        return visit.show(
            "sign_in.html", status=422, wanted=wanted, failed=True, email=visit.field("email")
        )
    if learner is None:
        raise AssertionError("A password was right for nobody.")
    with transaction(visit.store):
        visit.report(acts.signed_in("success"), learner)
    return _begin_session(visit, learner, wanted or "/")


def sign_out(visit: Visit) -> Response:
    """End the session."""
    learner = the_learner(visit)
    with transaction(visit.store):
        people.close_session(visit.store, visit.request.cookies.get(SESSION_COOKIE, ""))
        visit.report(acts.signed_out(), learner)
    response = visit.go("/")
    response.delete_cookie(SESSION_COOKIE, httponly=True, samesite="lax")
    return response


def show_settings(visit: Visit) -> Response:
    """The settings of the account."""
    return _show_settings(visit)


def change_settings(visit: Visit) -> Response:
    """Keep a changed name, country or appearance."""
    learner = the_learner(visit)
    name, country, theme = (
        visit.field("name")[:100],
        visit.field("country"),
        visit.field("theme"),
    )
    if not name or country not in COUNTRIES or theme not in people.THEMES:
        return _show_settings(visit, problem="A name and a country are needed.", status=422)
    with transaction(visit.store):
        people.change_profile(visit.store, learner, name=name, country=country, theme=theme)
        visit.report(acts.settings_changed(), learner)
    return visit.go("/settings?saved=profile")


def change_password(visit: Visit) -> Response:
    """Set a new password; every session ends but a new one for this browser."""
    learner = the_learner(visit)
    password = visit.field("new_password")
    if not people.check_password(visit.store, learner, visit.field("password")):
        fault = "That was not your password so far. It was not changed."
        return _show_settings(visit, password_problem=fault, status=422)
    if len(password) < people.PASSWORD_LENGTH:
        fault = f"A password has at least {people.PASSWORD_LENGTH} characters. It was not changed."
        return _show_settings(visit, password_problem=fault, status=422)
    with transaction(visit.store):
        people.change_password(visit.store, learner, password, randomness=visit.platform.randomness)
        visit.report(acts.password_changed(), learner)
    return _begin_session(visit, learner, "/settings?saved=password")


def _read_sign_up(visit: Visit) -> SignUp:
    typed = SignUp(
        email=visit.field("email")[:254],
        name=visit.field("name")[:100],
        password=visit.field("password"),
        birth_year=visit.field("birth_year"),
        country=visit.field("country"),
    )
    this_year = datetime.fromtimestamp(visit.now / 1000, UTC).year
    if "@" not in typed.email.strip("@"):
        typed.faults["email"] = "This is not an e-mail address."
    if not typed.name:
        typed.faults["name"] = "How shall we call you?"
    if len(typed.password) < people.PASSWORD_LENGTH:
        typed.faults["password"] = f"At least {people.PASSWORD_LENGTH} characters, please."
    if typed.country not in COUNTRIES:
        typed.faults["country"] = "Please choose one."
    year = int(typed.birth_year) if typed.birth_year.isdecimal() else 0
    if not this_year - 120 <= year <= this_year:
        typed.faults["birth_year"] = "This is not a year of birth."
    elif year > this_year - YOUNGEST_YEARS - 1:
        typed.faults["birth_year"] = f"Hedgerow is for people of {YOUNGEST_YEARS} and older."
    return typed


def _show_sign_up(visit: Visit, typed: SignUp | None) -> Response:
    return visit.show(
        "sign_up.html",
        status=422 if typed else 200,
        typed=typed,
        faults=typed.faults if typed else {},
        countries=COUNTRIES,
        password_length=people.PASSWORD_LENGTH,
        notice=visit.platform.notices.at_sign_up(),
    )


def _show_settings(visit: Visit, status: int = 200, **values: object) -> Response:
    saved = visit.request.query_params.get("saved", "")
    return visit.show(
        "settings.html",
        status=status,
        saved=saved,
        countries=COUNTRIES,
        themes=people.THEMES,
        password_length=people.PASSWORD_LENGTH,
        **values,
    )


def _begin_session(visit: Visit, learner: Learner, address: str) -> Response:
    with transaction(visit.store):
        token = people.open_session(
            visit.store, learner, now=visit.now, randomness=visit.platform.randomness
        )
    response = visit.go(address)
    response.set_cookie(
        SESSION_COOKIE,
        token,
        max_age=people.SESSION_SECONDS,
        httponly=True,
        samesite="lax",
        secure=visit.request.url.scheme == "https",
    )
    return response


def _safe_path(wanted: str | None) -> str:
    """A path on this platform, or nothing: an address of another site is never followed."""
    if not wanted or not wanted.startswith("/") or wanted.startswith(("//", "/\\")):
        return ""
    return wanted if wanted.isprintable() else ""
