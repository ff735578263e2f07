"""Lines with something planted in every place where logs were seen to hold it."""

import json
from collections.abc import Iterator
from typing import Any

from tests.intake.edx.kit import act, line

NAME = "Zelda Quillfeather"
USERNAME = "zquill77"
MAIL = "zelda.quill@mail.example"
PASSWORD = "correct-horse-Zx9"
TOKEN = "a1b2c3d4e5f6a7b8c9d0csrfmiddleware"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ6cXVpbGwifQ.UGxhbnRlZA"
PLANTED = (
    NAME, NAME.replace(" ", "+"), NAME.replace(" ", "%20"), "Quillfeather", USERNAME, MAIL,
    MAIL.replace("@", "%40"), "zelda.quill", PASSWORD, TOKEN, JWT, "UGxhbnRlZA", "77665544",
)  # fmt: skip
"""Nothing of this may be found in anything that is written."""

FORM = {
    "email": [MAIL], "password": [PASSWORD], "name": [NAME], "username": [USERNAME],
    "csrfmiddlewaretoken": [TOKEN], "year_of_birth": ["1983"], "goals": [f"I am {NAME}"],
    "page": [MAIL], "position": [PASSWORD], "sort_key": [NAME], "token": [JWT],
}  # fmt: skip
_PATHS = (
    "/user_api/v1/account/login_session/", "/create_account", "/user_api/v1/account/registration/",
    f"/u/{USERNAME}", f"/api/user/v1/accounts/{USERNAME}", f"/users/{USERNAME}/x",
    f"/courses/A/B/C/progress/77665544/?x={TOKEN}", f"/password_reset_confirm/1a-{TOKEN}/",
    f"/activate/{TOKEN}", f"/login?next=/u/{USERNAME}&email={MAIL}", f"/find/{MAIL}",
    f"/find/{MAIL.replace('@', '%40')}", f"/x/{USERNAME}/y", f"/go/{JWT}",
    f"/api/enrollment/v1/enrollment/{USERNAME},course-v1:A+B+C",
)  # fmt: skip
_NESTED = {"deep": [{"email": MAIL, "who": NAME, "password": PASSWORD, "token": TOKEN}]}


def planted_lines() -> Iterator[dict[str, Any] | str]:
    """Lines that are all events, and some that are none."""
    yield from map(_implicit, _PATHS)
    yield from (_implicit(path, is_text=False) for path in _PATHS)
    yield _own(act("/create_account", event=json.dumps({"POST": FORM, "GET": FORM})[:512]))
    yield from _browsers()
    yield from _acts()
    yield from _broken()


def _own(parts: dict[str, Any]) -> dict[str, Any]:
    """The line as if its learner were the planted one, with names in every part beside."""
    context = parts["context"] | {
        "user_id": 77665544, "username": USERNAME, "path": f"/u/{USERNAME}?email={MAIL}",
        "email": MAIL, "name": NAME,
    }  # fmt: skip
    url = f"https://{USERNAME}:{PASSWORD}@learn.hedge.example/u/{USERNAME}?token={TOKEN}#{MAIL}"
    return parts | {
        "username": f"{USERNAME}\n", "context": context, "session": TOKEN,
        "referer": url, "page": parts["page"] if parts["page"] == "x_module" else url,
        "agent": f"Bot/1.0 ({MAIL}; {NAME})", "accept_language": NAME, "name_of_user": NAME,
    }  # fmt: skip


def _implicit(path: str, *, is_text: bool = True) -> dict[str, Any]:
    event = {"POST": FORM, "GET": FORM | {"next": [f"/u/{USERNAME}"]}}
    return _own(act(path, event=json.dumps(event) if is_text else event))


def _browsers() -> Iterator[dict[str, Any]]:
    query = f"input_p1_2_1={NAME.replace(' ', '+')}&input_p1_3_1={MAIL}"
    html = f"<p>{NAME} {MAIL} {PASSWORD}</p>"
    link = {
        "target_url": f"mailto:{MAIL}",
        "current_url": f"https://a.example/u/{USERNAME}?{TOKEN}",
    }
    report = {"report_url": f"https://s3.example/a.csv?Signature={TOKEN}&email={MAIL}"}
    for name, event in (
        ("problem_check", query), ("problem_graded", [query, html]), ("problem_save", query),
        ("edx.ui.lms.link_clicked", link), ("edx.instructor.report.downloaded", report),
        ("play_video", _NESTED | {"id": MAIL, "code": f"/u/{USERNAME}"}), ("book", _NESTED),
        (f"browser.{MAIL}", _NESTED), (f"/u/{USERNAME}", _NESTED), (NAME, _NESTED),
        ("edx.course.student_notes.added", {"note_text": html, "highlighted_content": NAME}),
        ("page_close", html),
    ):  # fmt: skip
        yield _own(line(event_type=name, event=event))
        yield _own(line(event_type=name, event=json.dumps(event), event_source="mobile"))


def _acts() -> Iterator[dict[str, Any]]:
    settings = {"setting": "email", "old": MAIL, "new": f"new.{MAIL}", "table": "auth_user"}
    post = {"id": "1", "title": NAME, "body": f"{NAME} {MAIL}", "url": f"https://a/u/{USERNAME}"}
    vote = {"id": "1", "target_username": USERNAME, "url": f"/u/{USERNAME}"}
    for name, event in (
        ("edx.user.settings.changed", settings), ("edx.forum.thread.created", post),
        ("edx.forum.thread.voted", vote), ("edx.forum.comment.created", post | _NESTED),
        ("edx.team.learner_added", {"user_id": 77665544, "team_id": "t"}),
        ("edx.course.enrollment.activated", {"user_id": 77665544, "course_id": MAIL}),
        ("problem_check", {"problem_id": "p", "answers": {"a": MAIL, "b": JWT}, "state": _NESTED}),
        ("openassessmentblock.create_submission", {"answer": {"text": NAME}} | _NESTED),
        ("edx.problem.hint.feedback_displayed", {"hints": [NAME], "hint_label": MAIL}),
        ("get-student-progress-page", {"student": USERNAME, "instructor": USERNAME}),
        (f"edx.unheard.{MAIL}", _NESTED), (f"/x/{MAIL}", _NESTED), ("task", _NESTED),
    ):  # fmt: skip
        yield _own(act(name, event=event))
    yield _own(act("edx.forum.searched", event={"query": MAIL, "group_id": JWT}))


def _broken() -> Iterator[str]:
    yield f"{NAME} <{MAIL}> typed {PASSWORD}"
    yield json.dumps(_implicit("/create_account"))[:700]
    yield f"2026-11-20 INFO [user {USERNAME}] [ip 203.0.113.7] - {{not json {MAIL}}}"
    yield f"# asked by {NAME} {MAIL}"
    yield json.dumps([MAIL, NAME, PASSWORD])
    yield json.dumps(_implicit("/create_account") | {"time": MAIL})
