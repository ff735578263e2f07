"""What a line becomes: name, uses, person, place, page, fields."""

import json
from typing import Any

import pytest

from privet.catalogue.registry import EVENTS
from privet.catalogue.uses import ALL_USES, ESSENTIAL, Use
from privet.consent.rules import Standing
from privet.kernel.crypto import address_token
from privet.kernel.origin import unseal_origin
from tests.intake.edx.kit import COURSE, NOW, Kit, act, line

PROBLEM = "block-v1:HedgeX+S101+2026+type@problem+block@p1"


# --- Names --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        ({"event_type": "play_video"}, "play_video"),
        ({"event_type": "seq_next", "name": "edx.ui.lms.sequence.next_selected"},
         "edx.ui.lms.sequence.next_selected"),
        ({"event_type": "seq_next", "name": "unheard of"}, "seq_next"),
        ({"event_source": "mobile", "event_type": "x", "name": "edx.video.played"}, "play_video"),
        ({"event_type": "problem_check"}, "problem_check.browser"),
        ({"event_source": "server", "event_type": "problem_check"}, "problem_check"),
        ({"event_source": "task", "event_type": "edx.certificate.created"},
         "edx.certificate.created"),
        ({"event_type": "edx.certificate.created"}, "edx.other.browser"),
        ({"event_type": "login"}, "edx.other.browser"),
        ({"event_source": "server", "event_type": "login"}, "edx.other"),
        ({"event_source": "server", "event_type": "edx.implicit"}, "edx.other"),
        ({"event_source": "server", "event_type": "/dashboard"}, "edx.implicit"),
        ({"event_source": "browser", "event_type": "/dashboard"}, "edx.other.browser"),
        ({"event_source": None, "event_type": "problem_check"}, "problem_check.browser"),
        ({"event_source": None, "event_type": None}, "edx.other.browser"),
        ({"event_source": "server", "event_type": "page_view"}, "edx.other"),
    ],
)  # fmt: skip
def test_a_line_is_named_by_name_type_and_source(
    kit: Kit, parts: dict[str, Any], name: str
) -> None:
    assert kit.read(line(**parts)).entry.name == name


@pytest.mark.parametrize("source", ["browser", "mobile", "", "server ", None])
def test_no_name_makes_a_browsers_report_serve_essential_uses(kit: Kit, source: str | None) -> None:
    lines = [line(event_source=source, event_type=name, name=name) for name in EVENTS]
    assert [e.name for e in kit.read(*lines).entries if e.uses & ESSENTIAL] == []


def test_an_event_without_a_name_here_keeps_what_the_platform_calls_it(kit: Kit) -> None:
    reading = kit.read(act("edx.new.thing", event={"secret": 1}))
    assert reading.detail == {"event_type": "edx.new.thing"}
    assert reading.result.tally.fields_dropped == {"unlisted_field": 1}


@pytest.mark.parametrize("kind", ["bad\x00name", "<script>", "x" * 101, "é*"])
def test_a_name_that_is_none_is_not_kept(kit: Kit, kind: str) -> None:
    assert kit.read(act(kind)).detail == {"event_type": "unreadable"}


# --- Payloads -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "event",
    [
        {"old": 1, "new": 2, "id": "seq"},
        '{"old": 1, "new": 2, "id": "seq"}',
        ' {"new": 2, "id": "seq", "old": 1} ',
    ],
)
def test_a_payload_may_be_an_object_or_its_text(kit: Kit, event: object) -> None:
    reading = kit.read(line(event_type="seq_goto", event=event))
    assert reading.detail == {"old": 1, "new": 2, "id": "seq"}


@pytest.mark.parametrize("event", ["", "{}", "null", None, [], {}, 5, True, "word", '""', '"x"'])
def test_a_payload_may_be_empty_or_a_word(kit: Kit, event: object) -> None:
    reading = kit.read(line(event_type="page_close", event=event))
    assert reading.entry.detail == b""
    assert reading.result.tally.fields_dropped == {}


@pytest.mark.parametrize("event", ['{"id": "cut off her', '{"POST": {"a": ["b', '"half', "{oops}"])
def test_a_payload_that_was_cut_is_counted_and_its_event_kept(kit: Kit, event: str) -> None:
    reading = kit.read(line(event_type="seq_goto", event=event))
    assert reading.entry.detail == b""
    assert reading.result.tally.fields_dropped == {"unreadable_payload": 1}


@pytest.mark.parametrize(
    "event",
    [
        "input_9cee77a6_2_1%5B%5D=choice_1&input_9cee77a6_3_1=x",
        '"input_9cee77a6_2_1=choice_1"',
        ["input_9cee77a6_2_1=choice_1", "<div>Correct: <b>Alice</b></div>"],
    ],
)
@pytest.mark.parametrize("name", ["problem_check", "problem_graded"])
def test_of_a_browsers_answers_only_the_problem_is_kept(kit: Kit, name: str, event: object) -> None:
    reading = kit.read(line(event_type=name, event=event))
    assert reading.detail == {"problem": "9cee77a6"}
    assert reading.entry.object == "9cee77a6"


def test_fields_are_kept_if_listed_and_of_their_type_and_size(kit: Kit) -> None:
    event = {
        "problem_id": PROBLEM,
        "grade": 1,
        "max_grade": "2",
        "success": "x" * 501,
        "attempts": "many",
        "answers": {"a": ["b", "é", 'quote"']},
        "correct_map": {"long": "x" * 8000},
        "state": {"seed": 1},
        "submission": None,
    }
    reading = kit.read(act(event=event))
    assert reading.detail == {
        "problem_id": PROBLEM,
        "grade": 1,
        "max_grade": 2,
        "answers": {"a": ["b", "é", 'quote"']},
    }
    assert reading.result.tally.fields_dropped == {
        "field_too_long": 2,
        "field_type": 1,
        "unlisted_field": 1,
    }


@pytest.mark.parametrize(
    ("name", "event", "detail"),
    [
        ("play_video", {"id": "v", "current_time": 3.5}, {"id": "v", "currentTime": 3.5}),
        ("edx.drag_and_drop_v2.item.dropped", {"item_id": 3, "is_correct": True},
         {"item_id": 3, "is_correct": True}),
        ("play_video", {"id": 12}, {"id": "12"}),
    ],
)  # fmt: skip
def test_other_spellings_and_numbers_as_ids_are_understood(
    kit: Kit, name: str, event: object, detail: object
) -> None:
    source = "server" if name.startswith("edx.drag") else "browser"
    assert kit.read(line(event_type=name, event_source=source, event=event)).detail == detail


def test_of_a_post_in_the_forum_only_its_length_is_kept(kit: Kit) -> None:
    event = {
        "id": "55f8", "commentable_id": "general", "thread_type": "question",
        "title": "About me", "body": "I am Alice", "category_name": "Week 1",
    }  # fmt: skip
    reading = kit.read(act("edx.forum.thread.created", event=event))
    assert reading.detail == {
        "id": "55f8", "thread_type": "question", "length": 10,
    }  # fmt: skip
    assert b"Alice" not in reading.entry.detail


def test_the_values_of_a_setting_are_not_kept(kit: Kit) -> None:
    event = {"setting": "year_of_birth", "table": "auth_userprofile", "old": 1990, "new": 1991}
    assert kit.read(act("edx.user.settings.changed", event=event)).detail == {
        "setting": "year_of_birth",
        "table": "auth_userprofile",
    }


@pytest.mark.parametrize(
    ("bad", "detail", "dropped"),
    [
        (b'"caf\xe9"', {"new": 2}, {"field_type": 2}),
        (rb'"\ud800"', {}, {"unreadable_payload": 1}),
    ],
)
def test_bad_text_inside_a_payload_does_not_reach_the_detail(
    kit: Kit, bad: bytes, detail: object, dropped: object
) -> None:
    text = json.dumps(line(event_type="seq_goto", event={"id": "ID", "old": "ID", "new": 2}))
    reading = kit.read(text.encode().replace(b'"ID"', bad))
    assert reading.detail == detail
    assert reading.result.tally.fields_dropped == dropped


# --- Implicit events ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("event", "detail"),
    [
        ('{"POST": {}, "GET": {}}', {"method": "GET"}),
        ({"POST": {}, "GET": {}}, {"method": "GET"}),
        ('{"POST": {"position": ["2"]}, "GET": {}}', {"method": "POST", "position": 2}),
        ('{"POST": {}, "GET": {"page": ["3"], "sort_key": ["votes"]}}',
         {"method": "GET", "page": 3, "sort_key": "votes"}),
        ('{"POST": {"position": "alice@mail.example"}, "GET": {"page": "x", "sort_key": "A b"}}',
         {"method": "POST"}),
        ('{"POST": {"email": ["alice@mail.exam', {"method": "GET"}),
        ('{"POST": [], "GET": 7}', {"method": "GET"}),
    ],
)  # fmt: skip
def test_of_a_form_only_harmless_values_are_kept(kit: Kit, event: object, detail: object) -> None:
    assert kit.read(act("/dashboard", event=event)).detail == detail


def test_a_path_stands_in_the_row_scrubbed_and_without_its_query(kit: Kit) -> None:
    reading = kit.read(act("/u/alice?token=1", event='{"POST": {}, "GET": {}}'))
    assert reading.entry.page_path == "/u/[user]"


def test_the_learners_own_name_goes_from_any_path(kit: Kit) -> None:
    assert kit.read(act("/strange/alice/x")).entry.page_path == "/strange/[user]/x"


# --- Persons ------------------------------------------------------------------------------------


def test_a_number_is_the_person_and_the_name_an_alias(kit: Kit) -> None:
    actor = kit.read(line()).actor
    assert actor is not None
    assert actor.person_key == kit.key("4")
    assert actor.alias_keys == (kit.key("username:alice"),)


@pytest.mark.parametrize("user_id", [None, "", 0, "null", " "])
def test_without_a_number_the_name_is_the_person(kit: Kit, user_id: object) -> None:
    actor = kit.read(line(username="alice\n", context={"user_id": user_id})).actor
    assert actor is not None
    assert actor.person_key == kit.key("username:alice")
    assert actor.alias_keys == ()


@pytest.mark.parametrize("user_id", [4, "4", 4.0, " 4 "])
def test_a_number_may_be_a_text(kit: Kit, user_id: object) -> None:
    actor = kit.read(line(context={"user_id": user_id})).actor
    assert actor is not None
    assert actor.person_key == kit.key("4")


@pytest.mark.parametrize("username", ["", "anonymous", None])
def test_nobody_is_nobody(kit: Kit, username: str | None) -> None:
    reading = kit.read(line(username=username, context={"user_id": None}))
    assert reading.actor is None


def test_who_is_enrolled_by_staff_is_the_person_and_the_address_is_not_theirs(kit: Kit) -> None:
    enrolment = act(
        "edx.course.enrollment.activated",
        event={"course_id": COURSE, "user_id": 77, "mode": "honor"},
    )
    reading = kit.read(enrolment)
    assert reading.actor is not None
    assert reading.actor.person_key == kit.key("77")
    assert reading.actor.alias_keys == ()
    assert reading.entry.circumstance == -1
    assert reading.entry.session == 0
    assert b"77" not in reading.entry.detail


def test_who_enrols_alone_keeps_address_and_alias(kit: Kit) -> None:
    reading = kit.read(act("edx.course.enrollment.activated", event={"user_id": 4}))
    assert reading.actor is not None
    assert reading.actor.alias_keys == (kit.key("username:alice"),)
    assert reading.entry.circumstance == 0


def test_a_browser_cannot_name_another_person(kit: Kit) -> None:
    reading = kit.read(line(event_type="play_video", event={"user_id": 77, "id": "v"}))
    assert reading.actor is not None
    assert reading.actor.person_key == kit.key("4")


def test_third_persons_become_pseudonyms(kit: Kit) -> None:
    voted = act("edx.forum.thread.voted", event={"target_username": "carol", "id": "1"})
    joined = act("edx.team.learner_added", event={"team_id": "red", "user_id": 9})
    assert kit.read(voted).detail["target_username"] == kit.key("username:carol").hex()
    reading = kit.read(joined)
    assert reading.detail["user_id"] == kit.key("9").hex()
    assert reading.actor is not None
    assert reading.actor.person_key == kit.key("4")


# --- Uses ---------------------------------------------------------------------------------------


def test_only_what_the_operator_permits_is_kept(kit: Kit) -> None:
    reading = kit.read(line(), act(), uses=ESSENTIAL)
    assert reading.entry.name == "problem_check"
    assert reading.entry.uses == int(ESSENTIAL)
    assert reading.result.tally.not_permitted == {"no_use": 1}
    assert reading.result.tally.events == 2


def test_a_decision_narrows_what_the_operator_permits(kit: Kit) -> None:
    kit.standings[kit.key("4")] = Standing(uses=int(ESSENTIAL), choices=0, decided=True)
    reading = kit.read(line(), act(), uses=ALL_USES)
    assert reading.entry.uses == int(ESSENTIAL)
    assert reading.result.tally.not_permitted == {"decided": 1}


def test_a_decision_under_the_learners_name_counts_as_well(kit: Kit) -> None:
    kit.standings[kit.key("username:alice")] = Standing(
        uses=int(ESSENTIAL), choices=0, decided=True
    )
    assert kit.read(line()).entries == []


def test_an_objection_without_a_decision_counts(kit: Kit) -> None:
    kit.standings[kit.key("4")] = Standing(
        uses=0, choices=0, decided=False, objected=int(Use.SECURITY)
    )
    assert not kit.read(act()).entry.uses & Use.SECURITY


# --- Place, page, circumstances -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "course"),
    [
        ({}, COURSE),
        ({"context": {"course_id": "HedgeX/S101/2026"}}, "HedgeX/S101/2026"),
        ({"context": {"course_id": ""}}, COURSE),
        ({"context": {"course_id": ""}, "page": None, "referer": None}, ""),
        ({"context": {"course_id": "alice@mail.example/a/b"}, "page": None}, ""),
    ],
)
def test_the_course_is_what_a_source_names(kit: Kit, parts: dict[str, Any], course: str) -> None:
    assert kit.read(line(**parts)).entry.course == course


def test_the_payload_of_an_enrolment_names_its_course(kit: Kit) -> None:
    reading = kit.read(
        act("edx.course.enrollment.activated", event={"course_id": "A/B/C", "user_id": 4},
            context={"course_id": ""})
    )  # fmt: skip
    assert (reading.entry.course, reading.entry.institution) == ("A/B/C", "a")


def test_without_a_course_the_organisation_tells_the_institution(kit: Kit) -> None:
    reading = kit.read(act("/dashboard", context={"course_id": "", "org_id": "HedgeX"}))
    assert (reading.entry.course, reading.entry.institution) == ("", "hedgex")


def test_a_page_is_kept_as_its_path(kit: Kit) -> None:
    assert kit.read(line()).entry.page_path == f"/courses/{COURSE}/courseware/a/b/"


def test_the_page_of_a_submission_is_where_the_learner_was(kit: Kit) -> None:
    assert kit.read(act()).entry.page_path == "/courses/x"
    elsewhere = act(referer="https://other.example/x", context={"path": "/handler"})
    assert kit.read(elsewhere).entry.page_path == "/handler"


def test_only_other_sites_are_referrers(kit: Kit) -> None:
    assert kit.read(line()).entry.referrer_host == ""
    found = kit.read(line(referer="https://Search.Example/?q=alice"))
    assert found.entry.referrer_host == "search.example"


def test_the_referrer_is_kept_only_for_uses_that_may_see_it(kit: Kit) -> None:
    found = kit.read(act(referer="https://search.example/"), uses=ESSENTIAL)
    assert found.entry.referrer_host == ""


def test_address_and_agent_are_enriched_and_sealed(kit: Kit) -> None:
    (batch,) = kit.read(act()).batches
    (found,) = batch.circumstances
    assert found.browser == "Firefox 128"
    assert found.network_kind is not None
    assert found.sealed is not None
    origin = unseal_origin(kit.keys.day_key(NOW.date()), NOW.date(), found.sealed)
    assert origin.address == "203.0.113.7"
    assert b"203.0.113.7" not in kit.read(act()).result.payloads[0]


def test_tokens_are_made_under_the_key_of_the_events_year(kit: Kit) -> None:
    (batch,) = kit.read(act(time="2019-03-01T10:00:00+00:00")).batches
    (found,) = batch.circumstances
    assert found.key_id == 2019
    assert found.address_token is not None


def test_of_old_events_nothing_is_sealed(kit: Kit) -> None:
    (batch,) = kit.read(act(time="2026-10-01T10:00:00+00:00")).batches
    assert batch.circumstances[0].sealed is None


def test_what_no_use_may_see_is_not_kept(kit: Kit) -> None:
    (batch,) = kit.read(act(), uses=Use.INSTRUCTION).batches
    assert batch.circumstances == []
    (batch,) = kit.read(act(), uses=Use.ANALYTICS).batches
    (found,) = batch.circumstances
    assert (found.address_token, found.sealed, found.browser) == (None, None, "Firefox 128")


@pytest.mark.parametrize("ip", ["::ffff:203.0.113.7", "203.0.113.7, 198.51.100.1", " 203.0.113.7"])
def test_an_address_may_be_written_in_other_ways(kit: Kit, ip: str) -> None:
    (batch,) = kit.read(act(ip=ip)).batches
    token = kit.read(act()).batches[0].circumstances[0].address_token
    assert batch.circumstances[0].address_token == token
    assert token is not None
    assert callable(address_token)


@pytest.mark.parametrize("ip", ["", "unknown", "999.1.1.1", None])
def test_an_address_may_be_missing(kit: Kit, ip: str | None) -> None:
    (batch,) = kit.read(act(ip=ip)).batches
    assert batch.circumstances[0].address_token is None
    assert kit.read(act(ip=ip, agent="")).entry.circumstance == -1


def test_a_session_is_a_number_that_tells_nothing(kit: Kit) -> None:
    one = kit.read(line()).entry
    assert one.session == kit.read(act()).entry.session != 0
    assert kit.read(act(session=None, context={"session": "0123456789abcdef"})).entry.session == (
        one.session
    )
    assert kit.read(line(session="")).entry.session == 0


# --- Time and ids -------------------------------------------------------------------------------


def test_a_line_without_a_time_is_rejected(kit: Kit) -> None:
    reading = kit.read(line(time=None), line(time="soon"), line(time="0001-01-01T00:00:00Z"))
    assert reading.entries == []
    assert reading.result.tally.rejected == {"no_time": 3}


def test_the_time_of_receipt_stands_in_for_a_missing_one(kit: Kit) -> None:
    found = kit.read(line(time=None, context={"received_at": "2026-11-20T10:00:00+00:00"}))
    assert found.entry.time == 1_795_168_800_000_000


def test_an_event_of_the_future_is_not_kept(kit: Kit) -> None:
    reading = kit.read(line(time="2026-11-23T00:00:00Z"))
    assert reading.result.tally.not_permitted == {"in_future": 1}


def test_the_same_event_has_the_same_id_behind_any_prefix(kit: Kit) -> None:
    text = json.dumps(act()).encode()
    one, other, third = kit.read(text, b"INFO - " + text, text + b"\r").entries
    assert one.event_id == other.event_id == third.event_id


# --- Accounting ---------------------------------------------------------------------------------


def test_every_line_is_accounted_for(kit: Kit) -> None:
    tally = kit.read(b"", b"# c", b"x", line(), act(), b"[]", uses=ESSENTIAL).result.tally
    assert tally.lines == 6
    assert tally.events == 2
    assert sum(tally.skipped.values()) == 2
    assert sum(tally.rejected.values()) == 2
    assert tally.kept == 1


def test_a_reject_says_where_and_why_and_nothing_else(kit: Kit) -> None:
    block = b"# one\nalice@mail.example is not JSON\n"
    (reject,) = kit.read_bytes(block).result.rejects
    assert (reject.offset, reject.size_bytes, reject.reason) == (6, 30, "not_json")
    assert len(reject.hash) == 16


def test_large_blocks_become_several_batches(kit: Kit) -> None:
    reading = kit.read(*(act(time=f"2026-11-20T10:00:00.{n:06}+00:00") for n in range(21_000)))
    assert len(reading.batches) == 2
    assert reading.result.tally.kept == len(reading.entries) == 21_000
