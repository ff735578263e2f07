"""Names, numbers of persons, keys, tokens and addresses go from paths and texts."""

import pytest

from privet.intake.edx_scrub import (
    host_of,
    mask_mail,
    path_of,
    scrub_path,
    scrub_text,
    without_username,
)

BLOCK = "block-v1:HedgeX+S101+2026+type@problem+block@0ef5"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0In0.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    ("path", "scrubbed"),
    [
        ("/u/alice", "/u/[user]"),
        ("/u/alice/", "/u/[user]/"),
        ("/users/alice/courses", "/users/[user]/courses"),
        ("/api/user/v1/accounts/alice", "/api/user/v1/accounts/[user]"),
        ("/api/user/v1/preferences/alice/pref-lang", "/api/user/v1/preferences/[user]/pref-lang"),
        ("/api/mobile/v0.5/users/alice/course_enrollments",
         "/api/mobile/v0.5/users/[user]/course_enrollments"),
        ("/api/enrollment/v1/enrollment/alice,course-v1:A+B+C",
         "/api/enrollment/v1/enrollment/[user],course-v1:A+B+C"),
        ("/api/enrollment/v1/enrollment/course-v1:A+B+C",
         "/api/enrollment/v1/enrollment/course-v1:A+B+C"),
        ("/api/bookmarks/v1/bookmarks/alice,i4x", "/api/bookmarks/v1/bookmarks/[user],i4x"),
        ("/api/team/v0/team_membership/red,alice", "/api/team/v0/team_membership/red,[user]"),
        ("/courses/A/B/C/progress/7197314/", "/courses/A/B/C/progress/[user]/"),
        ("/courses/course-v1:A+B+C/progress/7197314", "/courses/course-v1:A+B+C/progress/[user]"),
        ("/courses/A/B/C/discussion/forum/users/12/followed",
         "/courses/A/B/C/discussion/forum/users/[user]/followed"),
        ("/certificates/user/12/course/course-v1:A+B+C",
         "/certificates/user/[user]/course/course-v1:A+B+C"),
        ("/password_reset_confirm/3x-4f0b7/", "/password_reset_confirm/[secret]"),
        ("/activate/c0ffee", "/activate/[secret]"),
        ("/unsubscribe/c0ffee/course", "/unsubscribe/[secret]"),
        ("/account/password", "/account/password"),
        ("/api/user/v1/me", "/api/user/v1/me"),
        ("/user_api/v1/account/login_session/", "/user_api/v1/account/login_session/"),
        ("/find/alice@mail.example/x", "/find/[e-mail]/x"),
        ("/find/alice%40mail.example", "/find/[e-mail]"),
        (f"/go/{JWT}", "/go/[secret]"),
        (f"/xblock/{BLOCK}/handler", f"/xblock/{BLOCK}/handler"),
        ("/courses/A/B/C/courseware/intro/", "/courses/A/B/C/courseware/intro/"),
    ],
)  # fmt: skip
def test_a_path_is_scrubbed_by_its_place(path: str, scrubbed: str) -> None:
    assert scrub_path(path) == scrubbed


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("https://learn.example/a/b?token=1#x", "/a/b"),
        ("https://learn.example", "/"),
        ("/a;jsessionid=9F8E/b", "/a/b"),
        ("/xblock/i4x:;_;_edX;_DemoX/handler", "/xblock/i4x:;_;_edX;_DemoX/handler"),
        ("relative", "relative"),
    ],
)
def test_of_an_address_only_the_path_is_taken(url: str, path: str) -> None:
    assert path_of(url) == path


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://alice:secret@Learn.Example:8000/x", "learn.example"),
        ("http://a.example?q", "a.example"),
        ("/only/a/path", ""),
        ("https://bad host/", ""),
    ],
)
def test_a_host_is_named_without_user_and_port(url: str, host: str) -> None:
    assert host_of(url) == host


@pytest.mark.parametrize(
    ("text", "scrubbed"),
    [
        ("https://a.example/u/alice?key=1", "https://a.example/u/[user]"),
        ("https://alice:secret@a.example/x", "https://a.example/x"),
        ("/u/alice?x=1", "/u/[user]"),
        ("write to alice.b+c@mail.example now", "write to [e-mail] now"),
        (f"token {JWT} end", "token [secret] end"),
        (BLOCK, BLOCK),
        ("a@b", "a@b"),
    ],
)
def test_a_text_is_scrubbed(text: str, scrubbed: str) -> None:
    assert scrub_text(text) == scrubbed


def test_a_usage_key_with_a_dot_in_its_name_is_no_address() -> None:
    key = "block-v1:HedgeX+S101+2026+type@html+block@intro.video"
    assert mask_mail(key) == key


CYRILLIC = "\u043f\u043e\u0447\u0442\u0430@\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444"


@pytest.mark.parametrize(
    "address",
    [
        "ana@m\u00fchle.example",
        CYRILLIC,
        "ana@xn--mhle-hoa.XN--P1AI",
        "jos%C3%A9%40mail.example",
        "ana%2540m%C3%BChle.example",
    ],
)
def test_an_address_of_any_alphabet_is_masked(address: str) -> None:
    assert mask_mail(f"wrote {address}, twice") == "wrote [e-mail], twice"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("alice+block@mail.example", "[e-mail]"),
        ("mailto:alice+type@mail.example", "mailto:[e-mail]"),
        ("see alice@alice+block@mail.example", "see alice@[e-mail]"),
        ("block-v1:HedgeX+S101+2026@alice+block@mail.example",
         "block-v1:HedgeX+S101+2026@[e-mail]"),
    ],
)  # fmt: skip
def test_an_address_that_looks_like_part_of_a_usage_key_is_masked(text: str, kept: str) -> None:
    assert mask_mail(text) == kept


def test_a_usage_key_with_a_dot_in_its_type_is_no_address() -> None:
    key = "block-v1:HedgeX+S101+2026+type@drag.drop+block@one"
    assert mask_mail(key) == key


def test_only_whole_parts_of_a_path_are_taken_for_the_username() -> None:
    assert without_username("/a/ann/annual/x,ann", "ann") == "/a/[user]/annual/x,[user]"
