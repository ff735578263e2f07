"""The pages do what they say, without JavaScript, and under a policy that lets nothing else run."""

import re
import sqlite3

import pytest
from starlette.applications import Starlette

from tests.demo.conftest import ALICE, BASE, NOON, StandingClock, Visitor, reported

OPEN_PAGES = (
    "/",
    "/courses",
    "/courses/statistics",
    "/courses/hedgerows",
    "/institutions",
    "/institutions/hedge",
    "/search",
    "/search?q=median",
    "/search?q=zzz",
    "/sign-up",
    "/sign-in",
    "/partners/bramble-books",
    "/workbench",
    "/about",
)
CLOSED_PAGES = (
    "/settings",
    "/progress",
    "/courses/statistics/learn",
    "/courses/statistics/units/1",
    "/courses/statistics/forum",
)
UNIT = "/courses/statistics/units/1"


def names(store: sqlite3.Connection) -> list[str]:
    return [event["name"] for event in reported(store)]


def nonce_of(policy: str) -> str:
    found = re.search(r"'nonce-([0-9a-f]{32})'", policy)
    assert found
    return found[1]


@pytest.mark.parametrize("path", OPEN_PAGES)
def test_a_visitor_may_see(visitor: Visitor, path: str) -> None:
    assert visitor.get(path).status_code == 200


@pytest.mark.parametrize("path", OPEN_PAGES)
def test_a_visitor_gets_no_cookie(visitor: Visitor, path: str) -> None:
    visitor.get(path)
    assert not list(visitor.cookies.jar)


@pytest.mark.parametrize("path", CLOSED_PAGES)
def test_a_visitor_is_led_to_sign_in(visitor: Visitor, path: str) -> None:
    answer = visitor.get(path, follow=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/sign-in?next={path}")


@pytest.mark.parametrize("path", CLOSED_PAGES)
def test_a_student_may_see(student: Visitor, path: str) -> None:
    assert student.get(path, follow=False).status_code == 200


@pytest.mark.parametrize("path", [*OPEN_PAGES, *CLOSED_PAGES, "/nothing/here"])
def test_scripts_run_only_by_nonce(student: Visitor, path: str) -> None:
    answer = student.get(path)
    policy = answer.headers["content-security-policy"]
    scripts = re.findall(r"<script[^>]*>", answer.text)
    assert "unsafe" not in policy
    # A course's home asks for suggestions too.
    assert len(scripts) == (4 if path.endswith("/learn") else 3)
    assert all(f'nonce="{nonce_of(policy)}"' in script for script in scripts)
    assert not re.search(r"<[^>]+\s(on\w+|style)=", answer.text)


def test_only_what_others_show_may_be_framed_and_only_there_it_sets_a_cookie(
    visitor: Visitor,
) -> None:
    framed = visitor.get("/partners/fieldnotes", headers={"sec-fetch-dest": "iframe"})
    assert "frame-ancestors 'self'" in framed.headers["content-security-policy"]
    assert framed.headers["set-cookie"].startswith("fieldnotes_seen=1; HttpOnly")
    assert "set-cookie" not in visitor.get("/partners/fieldnotes").headers
    assert "frame-ancestors 'none'" in visitor.get("/").headers["content-security-policy"]


def test_each_answer_has_a_nonce_of_its_own(visitor: Visitor) -> None:
    first, second = (visitor.get("/").headers["content-security-policy"] for _ in range(2))
    assert nonce_of(first) != nonce_of(second)


def test_the_sdk_is_told_of_which_course_a_page_is(student: Visitor) -> None:
    page = student.get(UNIT).text
    assert 'data-course="course-v1:Hedge+S101+2026"' in page
    assert 'data-institution="hedge"' in page
    assert 'data-site="hedgerow" data-token-url="/privet-token"' in page


def test_a_college_without_advertisements_has_none(visitor: Visitor) -> None:
    assert "data-privet-ad=" in visitor.get("/courses/statistics").text
    assert "data-privet-ad=" not in visitor.get("/courses/hedgerows").text


def test_pages_of_the_signed_in_are_not_stored(student: Visitor) -> None:
    assert student.get("/progress").headers["cache-control"] == "no-store"


def test_every_page_leads_to_the_privacy_choices(visitor: Visitor, student: Visitor) -> None:
    assert 'href="/privacy/choices">Your privacy' in visitor.get("/").text
    page = student.get("/").text
    assert 'action="/privacy/enter"' in page
    assert re.search(r'name="token" value="ey[\w.-]{100,}"', page)


def test_the_sdk_gets_a_token_for_the_learner_and_nothing_for_a_visitor(
    visitor: Visitor, alice: Visitor
) -> None:
    assert visitor.get("/privet-token").status_code == 204
    answer = alice.get("/privet-token")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["token"].count(".") == 2


def test_the_support_of_gpc_is_announced(visitor: Visitor) -> None:
    assert visitor.get("/.well-known/gpc.json").json()["gpc"] is True


def test_what_is_not_there_says_so(visitor: Visitor) -> None:
    for path in ("/nothing", "/courses/alchemy", "/institutions/none", "/certificates/none"):
        answer = visitor.get(path)
        assert answer.status_code == 404
        assert "There is no such page" in answer.text


def test_sign_up_makes_an_account_and_reports_it(
    visitor: Visitor, store: sqlite3.Connection
) -> None:
    answer = visitor.post("/sign-up", ALICE, follow=False)
    assert answer.headers["location"] == "/courses"
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert names(store) == ["account_created"]


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("email", "nowhere", "not an e-mail address"),
        ("name", "  ", "How shall we call you"),
        ("password", "short", "At least 12 characters"),
        ("country", "XX", "Please choose one"),
        ("birth_year", "soon", "not a year of birth"),
        ("birth_year", "1800", "not a year of birth"),
        ("birth_year", "2020", "13 and older"),
    ],
)
def test_sign_up_says_what_is_wrong_and_makes_nothing(
    visitor: Visitor, store: sqlite3.Connection, field: str, value: str, says: str
) -> None:
    answer = visitor.post("/sign-up", {**ALICE, field: value})
    assert answer.status_code == 422
    assert says in answer.text
    assert ALICE["password"] not in answer.text
    assert names(store) == []


def test_an_address_is_taken_once(app: Starlette, alice: Visitor) -> None:
    answer = Visitor(app).post("/sign-up", ALICE)
    assert answer.status_code == 422
    assert "There is an account with this address" in answer.text


def test_signing_in_leads_where_one_wanted_to_go(app: Starlette, alice: Visitor) -> None:
    form = {"email": ALICE["email"], "password": ALICE["password"], "next": "/progress"}
    answer = Visitor(app).post("/sign-in", form, follow=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/progress")


@pytest.mark.parametrize(
    "wanted", ["//evil.example", "https://evil.example", "/\\evil", "x", "/a\nb"]
)
def test_signing_in_never_leads_to_another_site(
    app: Starlette, alice: Visitor, wanted: str
) -> None:
    form = {"email": ALICE["email"], "password": ALICE["password"], "next": wanted}
    assert Visitor(app).post("/sign-in", form, follow=False).headers["location"] == "/"


def test_a_wrong_password_is_reported_for_the_accounts_security(
    app: Starlette, alice: Visitor, store: sqlite3.Connection
) -> None:
    answer = Visitor(app).post("/sign-in", {"email": ALICE["email"], "password": "guess"})
    assert answer.status_code == 422
    assert reported(store)[-1]["data"] == {"method": "password", "outcome": "wrong_password"}


def test_an_attempt_at_no_account_is_reported_of_nobody(
    visitor: Visitor, store: sqlite3.Connection
) -> None:
    assert visitor.post("/sign-in", {"email": "m@x.example", "password": "y"}).status_code == 422
    assert names(store) == []


def test_signing_out_ends_the_session(alice: Visitor, store: sqlite3.Connection) -> None:
    kept = alice.cookies["hedgerow_session"]
    alice.post("/sign-out")
    assert names(store)[-1] == "logout"
    alice.cookies.set("hedgerow_session", kept)
    assert alice.get("/progress", follow=False).status_code == 303


def test_a_session_ends_by_itself(alice: Visitor, clock: StandingClock) -> None:
    clock.at = NOON + 15 * 24 * 3600 * 1000
    assert alice.get("/progress", follow=False).status_code == 303


def test_a_right_answer_earns_its_point_and_is_reported(
    student: Visitor, store: sqlite3.Connection
) -> None:
    page = student.post(f"{UNIT}/problems/median", {"answer": "6"})
    event = reported(store)[-1]
    assert "Right." in page.text
    assert event["name"] == "problem_check"
    assert event["course"] == "course-v1:Hedge+S101+2026"
    assert event["institution"] == "hedge"
    assert (event["ip"], event["time"]) == ("198.51.100.7", NOON)
    said = event["data"]
    assert (said["success"], said["grade"], said["max_grade"], said["attempts"]) == (
        "correct",
        1,
        1,
        1,
    )
    assert said["problem_id"] == "block-v1:Hedge+S101+2026+type@problem+block@median"


def test_attempts_run_out(student: Visitor, store: sqlite3.Connection) -> None:
    for _ in range(5):
        page = student.post(f"{UNIT}/problems/median", {"answer": "7"})
    assert "No attempts are left" in page.text
    assert names(store).count("problem_check") == 3


def test_an_empty_answer_costs_no_attempt(student: Visitor, store: sqlite3.Connection) -> None:
    page = student.post(f"{UNIT}/problems/median", {"answer": " "})
    assert page.status_code == 422
    assert "no attempt was used" in page.text
    assert "problem_check" not in names(store)


def test_the_answer_is_shown_after_a_try_and_closes_the_problem(
    student: Visitor, store: sqlite3.Connection
) -> None:
    student.post(f"{UNIT}/problems/mean/answer")
    assert "showanswer" not in names(store)
    student.post(f"{UNIT}/problems/mean", {"answer": "7"})
    page = student.post(f"{UNIT}/problems/mean/answer")
    assert "The answer:" in page.text
    student.post(f"{UNIT}/problems/mean", {"answer": "10"})
    assert names(store)[-2:] == ["problem_check", "showanswer"]


def test_the_page_does_not_give_the_answer_away(student: Visitor) -> None:
    assert "The sum is 70" not in student.get(UNIT).text


def test_a_learner_cannot_answer_in_a_course_they_are_not_in(alice: Visitor) -> None:
    assert alice.post(f"{UNIT}/problems/median", {"answer": "6"}).status_code == 403


@pytest.mark.parametrize("path", [f"{UNIT}/problems/none", "/courses/statistics/units/9"])
def test_parts_that_are_not_there_are_not_found(student: Visitor, path: str) -> None:
    assert student.post(path, {"answer": "6"}).status_code in {404, 405}


def test_enrolling_twice_is_once(student: Visitor, store: sqlite3.Connection) -> None:
    student.post("/courses/statistics/enrol")
    assert names(store).count("edx.course.enrollment.activated") == 1


def test_leaving_is_reported_and_answers_stay(student: Visitor, store: sqlite3.Connection) -> None:
    student.post(f"{UNIT}/problems/median", {"answer": "6"})
    student.post("/courses/statistics/leave")
    assert names(store)[-1] == "edx.course.enrollment.deactivated"
    student.post("/courses/statistics/enrol")
    assert "1 of 12 points" in student.get("/courses/statistics/learn").text


def test_the_course_home_of_a_stranger_is_the_page_about_it(alice: Visitor) -> None:
    answer = alice.get("/courses/statistics/learn", follow=False)
    assert answer.headers["location"] == "/courses/statistics"


def test_a_post_and_a_reply_are_reported_without_their_words(
    student: Visitor, store: sqlite3.Connection
) -> None:
    form = {"kind": "question", "title": "Why squares?", "body": "I wonder."}
    thread = student.post("/courses/statistics/forum", form)
    assert "Why squares?" in thread.text
    assert "Because." in student.post(thread.url.path, {"body": "Because."}).text
    thread_act, reply_act = reported(store)[-2:]
    assert thread_act["name"] == "edx.forum.thread.created"
    assert reply_act["name"] == "edx.forum.response.created"
    assert thread_act["data"]["length"] == 9
    assert "wonder" not in str(thread_act)
    assert "Why" not in str(thread_act)


@pytest.mark.parametrize("form", [{}, {"title": "x"}, {"title": "x", "body": "y", "kind": "z"}])
def test_a_post_without_its_parts_is_not_published(
    student: Visitor, store: sqlite3.Connection, form: dict[str, str]
) -> None:
    answer = student.post("/courses/statistics/forum", form)
    assert answer.status_code == 422
    assert "Nothing was published" in answer.text
    assert "edx.forum.thread.created" not in names(store)


def test_an_empty_reply_is_not_published(student: Visitor) -> None:
    form = {"kind": "question", "title": "Why?", "body": "So."}
    thread = student.post("/courses/statistics/forum", form).url.path
    assert student.post(thread, {"body": ""}).status_code == 422


def test_what_learners_write_is_shown_as_text(student: Visitor) -> None:
    form = {"kind": "question", "title": "<b>x", "body": "<script>alert(1)</script>"}
    page = student.post("/courses/statistics/forum", form).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_a_learners_search_is_reported_and_a_visitors_is_not(
    visitor: Visitor, alice: Visitor, store: sqlite3.Connection
) -> None:
    visitor.get("/search?q=median")
    assert "edx.course_discovery.search.initiated" not in names(store)
    alice.get("/search?q=median")
    assert reported(store)[-1]["data"]["search_string"] == "median"


def test_settings_are_kept_and_reported_without_their_values(
    alice: Visitor, store: sqlite3.Connection
) -> None:
    page = alice.post("/settings", {"name": "Alice A.", "country": "IE", "theme": "dark"})
    assert "Your settings were kept" in page.text
    assert 'data-theme="dark"' in page.text
    event = reported(store)[-1]
    assert event["name"] == "settings_changed"
    assert "Alice" not in str(event)


def test_settings_that_make_no_sense_are_not_kept(alice: Visitor) -> None:
    answer = alice.post("/settings", {"name": "", "country": "IE", "theme": "dark"})
    assert answer.status_code == 422
    assert "A name and a country are needed" in answer.text


def test_a_new_password_needs_the_old_one(alice: Visitor, store: sqlite3.Connection) -> None:
    form = {"password": "wrong", "new_password": "another hedge of words"}
    assert alice.post("/settings/password", form).status_code == 422
    form["password"] = ALICE["password"]
    assert alice.post("/settings/password", {**form, "new_password": "short"}).status_code == 422
    assert "password was changed" in alice.post("/settings/password", form).text
    assert names(store)[-1] == "password_changed"


def solve(student: Visitor) -> None:
    answers = {
        1: {"median": "6", "mean": "10", "which-moves": "The mean falls, the median stays"},
        2: {"deviation": "2", "within-two": "95"},
        3: {"halve": "1600", "standard-error": "2"},
        4: {"margin": "2"},
    }
    for unit, problems in answers.items():
        for problem, answer in problems.items():
            path = f"/courses/statistics/units/{unit}/problems/{problem}"
            student.post(path, {"answer": answer})


def test_a_certificate_waits_until_it_is_earned(student: Visitor) -> None:
    assert student.post("/courses/statistics/certificate").status_code == 409


def test_a_certificate_is_issued_once_and_private_until_shared(
    app: Starlette, student: Visitor, store: sqlite3.Connection
) -> None:
    solve(student)
    page = student.post("/courses/statistics/certificate")
    path = page.url.path
    assert "66 %" in page.text
    assert student.post("/courses/statistics/certificate").url.path == path
    assert Visitor(app).get(path).status_code == 404
    student.post(f"{path}/share", {"shared": "yes"})
    assert Visitor(app).get(path).status_code == 200
    student.post(f"{path}/share", {"shared": "no"})
    assert Visitor(app).get(path).status_code == 404
    assert names(store).count("edx.certificate.created") == 1
    assert names(store).count("edx.certificate.shared") == 1


def test_nobody_shares_anothers_certificate(app: Starlette, student: Visitor) -> None:
    solve(student)
    path = student.post("/courses/statistics/certificate").url.path
    mallory = Visitor(app)
    mallory.post("/sign-up", {**ALICE, "email": "mallory@hedgerow.example"})
    assert mallory.post(f"{path}/share", {"shared": "yes"}).status_code == 404


def test_the_course_home_and_progress_lead_to_the_certificate(student: Visitor) -> None:
    solve(student)
    assert "Get your certificate" in student.get("/courses/statistics/learn").text
    student.post("/courses/statistics/certificate")
    assert "See your certificate" in student.get("/courses/statistics/learn").text
    assert "See your certificate" in student.get("/progress").text
    assert "Go on where you were" in student.get("/").text


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
    ],
)
def test_forms_of_other_sites_are_refused(alice: Visitor, headers: dict[str, str]) -> None:
    assert alice.post("/courses/statistics/enrol", headers=headers).status_code == 403


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": BASE}, {}])
def test_forms_of_its_own_are_taken(alice: Visitor, headers: dict[str, str]) -> None:
    assert alice.post("/courses/statistics/enrol", headers=headers).status_code == 200


def test_a_form_that_is_too_long_is_refused(visitor: Visitor) -> None:
    answer = visitor.post("/sign-in", {"email": "x" * 200_000})
    assert answer.status_code == 413
    assert "That was too much" in answer.text


def test_a_proxys_word_counts_only_if_it_is_trusted(
    visitor: Visitor, store: sqlite3.Connection
) -> None:
    visitor.post("/sign-up", ALICE, headers={"X-Forwarded-For": "203.0.113.9"})
    assert reported(store)[-1]["ip"] == "198.51.100.7"
