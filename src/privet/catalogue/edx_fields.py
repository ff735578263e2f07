"""The vocabulary of Open edX's event fields: each name once, with what it means to a learner.

Bodies, titles and names that people wrote are not here, so they are never kept; nor are the
values of settings, addresses of files with their signatures, or anything a form was sent with.
"""

from privet.catalogue.spec import Event, Field, Kind, Origin
from privet.catalogue.uses import Use

_ENROLMENT = "user.education.enrollment"
_SUBMISSION = "user.education.submission"
_GRADE = "user.education.grade"
_FORUM = "user.education.forum"
_CERTIFICATE = "user.education.certificate"
_BEHAVIOUR = "user.behavior"
_BROWSING = "user.behavior.browsing_history"
_SEARCH = "user.behavior.search_history"
_SYSTEM = "system.operations"
_PSEUDONYM = "user.unique_id.pseudonymous"

_T, _I, _N, _B, _L, _J = (
    Kind.TEXT,
    Kind.INTEGER,
    Kind.NUMBER,
    Kind.BOOLEAN,
    Kind.TEXTS,
    Kind.JSON,
)

_WORDS: dict[str, tuple[Kind, str, str]] = {
    # Where in the course
    "course_id": (_T, "Which course", _ENROLMENT),
    "module_id": (_T, "Which part of the course", _BROWSING),
    "usage_key": (_T, "Which part of the course", _BROWSING),
    "usage_id": (_T, "Which part of the course", _BROWSING),
    "location": (_T, "Which part of the course", _BROWSING),
    "block_id": (_T, "Which part of the course", _BROWSING),
    "component_type": (_T, "What kind of part it is", _BROWSING),
    "component_usage_id": (_T, "Which part of the course", _BROWSING),
    "bookmark_id": (_T, "Which bookmark", _BEHAVIOUR),
    "bookmarks_count": (_I, "How many bookmarks there were", _BEHAVIOUR),
    "list_type": (_T, "Which list of bookmarks", _BEHAVIOUR),
    "page_size": (_I, "How many results a page has", _SYSTEM),
    "page_number": (_I, "Which page of results", _SYSTEM),
    "id": (_T, "Which part of the course", _BROWSING),
    "old": (_J, "Where you were before", _BROWSING),
    "new": (_J, "Where you went", _BROWSING),
    "current_tab": (_I, "Where you were in the unit", _BROWSING),
    "target_tab": (_I, "Where in the unit you went", _BROWSING),
    "tab_count": (_I, "How many places the unit has", _BROWSING),
    "widget_placement": (_T, "Where the control was", _BROWSING),
    "current_url": (_T, "The page you were on, without its query", _BROWSING),
    "target_url": (_T, "The page you went to, without its query", _BROWSING),
    "target_name": (_T, "The course part's title", _BROWSING),
    "tool_name": (_T, "Which tool of the course", _BROWSING),
    "is_staff": (_B, "Whether staff used it", _ENROLMENT),
    "chapter": (_T, "Which chapter, without its query", _BROWSING),
    "page": (_J, "Which page of the book", _BROWSING),
    "type": (_T, "How you moved", _BEHAVIOUR),
    "direction": (_T, "In which direction", _BEHAVIOUR),
    "amount": (_J, "How far", _BEHAVIOUR),
    "thumbnail_title": (_T, "Which thumbnail", _BROWSING),
    "caseSensitive": (_B, "Whether case mattered", _BEHAVIOUR),
    "highlightAll": (_B, "Whether all matches were shown", _BEHAVIOUR),
    "status": (_T, "What came of it", _BEHAVIOUR),
    "query": (_T, "What you searched for", _SEARCH),
    "search_string": (_T, "What you searched for", _SEARCH),
    "search_text": (_T, "What you searched for", _SEARCH),
    "results_count": (_I, "How many results there were", _SYSTEM),
    "number_of_results": (_I, "How many results there were", _SYSTEM),
    "total_results": (_I, "How many results there were", _SYSTEM),
    "rank": (_I, "The place of the result you chose", _BEHAVIOUR),
    "position": (_I, "Where in the unit you went", _BROWSING),
    "method": (_T, "Whether something was sent or only asked for", _BROWSING),
    "sort_key": (_T, "How the list was sorted", _BEHAVIOUR),
    "event_type": (_T, "What the platform called it", _BEHAVIOUR),
    # Problems
    "problem": (_T, "Which problem", _SUBMISSION),
    "problem_id": (_T, "Which problem", _SUBMISSION),
    "weight": (_N, "How much it counts", _GRADE),
    "grade": (_N, "Your points", _GRADE),
    "max_grade": (_N, "The most points there are", _GRADE),
    "success": (_T, "Whether it was correct", _GRADE),
    "failure": (_T, "Why it was not accepted", _GRADE),
    "attempts": (_I, "Which of your attempts it was", _SUBMISSION),
    "answers": (_J, "Your answers", _SUBMISSION),
    "correct_map": (_J, "Which parts were correct", _GRADE),
    "submission": (_J, "Your answers with their questions", _SUBMISSION),
    "orig_score": (_N, "Your points before", _GRADE),
    "new_score": (_N, "Your points after", _GRADE),
    "orig_total": (_N, "The most points there were", _GRADE),
    "new_total": (_N, "The most points there are", _GRADE),
    "weighted_earned": (_N, "Your points", _GRADE),
    "weighted_possible": (_N, "The most points there are", _GRADE),
    "new_weighted_earned": (_N, "Your points after", _GRADE),
    "new_weighted_possible": (_N, "The most points there are", _GRADE),
    "weighted_graded_earned": (_N, "Your graded points", _GRADE),
    "weighted_graded_possible": (_N, "The most graded points there are", _GRADE),
    "weighted_total_earned": (_N, "All your points", _GRADE),
    "weighted_total_possible": (_N, "The most points there are", _GRADE),
    "only_if_higher": (_B, "Whether only a better grade counts", _GRADE),
    "percent_grade": (_N, "Your grade in percent", _GRADE),
    "letter_grade": (_T, "Your grade", _GRADE),
    "event_transaction_type": (_T, "What caused it", _SYSTEM),
    "hint_index": (_I, "Which of the hints it was", _SUBMISSION),
    "hint_len": (_I, "How many hints there are", _SUBMISSION),
    "hint_label": (_T, "What the hint said about your answer", _SUBMISSION),
    "problem_part_id": (_T, "Which part of the problem", _SUBMISSION),
    "trigger_type": (_T, "What brought the hint up", _SUBMISSION),
    "question_type": (_T, "What kind of question", _SUBMISSION),
    "correctness": (_B, "Whether it was correct", _GRADE),
    "student_answer": (_J, "Your answer", _SUBMISSION),
    "answer": (_T, "Your answer", _SUBMISSION),
    "rationale_length": (_I, "How many characters your reason has", _SUBMISSION),
    "item_id": (_J, "Which item", _SUBMISSION),
    "location_id": (_J, "Where you dropped it", _SUBMISSION),
    "is_correct": (_B, "Whether it was right", _GRADE),
    "is_correct_location": (_B, "Whether it was the right place", _GRADE),
    "manually": (_B, "Whether you closed it yourself", _BEHAVIOUR),
    "truncated": (_B, "Whether the platform cut what it recorded", _SYSTEM),
    "completion": (_N, "How much of it you completed", _SUBMISSION),
    "block_type": (_T, "What kind of part it is", _BROWSING),
    # Library content, experiments, polls
    "added": (_J, "What was given to you", _ENROLMENT),
    "removed": (_J, "What was taken from you", _ENROLMENT),
    "result": (_J, "What you have now", _ENROLMENT),
    "reason": (_T, "Why", _SYSTEM),
    "max_count": (_I, "How many there can be", _SYSTEM),
    "child_id": (_T, "Which form you saw", _ENROLMENT),
    "choice": (_J, "What you chose", _SUBMISSION),
    "choices": (_J, "What you chose", _SUBMISSION),
    "url_name": (_T, "Which poll or survey", _SUBMISSION),
    "exploration_id": (_T, "Which exploration", _BROWSING),
    "exploration_version": (_J, "Its version", _SYSTEM),
    "old_state_name": (_T, "The step you were at", _BROWSING),
    "new_state_name": (_T, "The step you went to", _BROWSING),
    "slide": (_J, "Which slide", _BROWSING),
    "displayed_in": (_T, "Where it was shown", _BROWSING),
    "course_experience": (_T, "The layout of the course", _SYSTEM),
    "hotspot": (_T, "Which spot of the picture", _BROWSING),
    # Forum
    "forum_id": (_T, "Which post", _FORUM),
    "commentable_id": (_T, "In which topic", _FORUM),
    "category_id": (_T, "In which topic", _FORUM),
    "thread_type": (_T, "A discussion or a question", _FORUM),
    "length": (_I, "How many characters it has", _FORUM),
    "anonymous": (_B, "Whether it was anonymous", _FORUM),
    "anonymous_to_peers": (_B, "Whether it was anonymous for learners", _FORUM),
    "vote_value": (_T, "How you voted", _FORUM),
    "undo_vote": (_B, "Whether you took a vote back", _FORUM),
    "corrected_text": (_T, "The spelling that was searched instead", _SEARCH),
    "group_id": (_J, "In which group", _FORUM),
    "content_type": (_T, "What kind of post", _FORUM),
    "reported_status_cleared": (_B, "Whether a report was closed", _FORUM),
    # Notes
    "note_id": (_T, "Which note", _BEHAVIOUR),
    "component_id": (_T, "In which part of the course", _BROWSING),
    "unit_id": (_T, "In which unit", _BROWSING),
    "highlighted_length": (_I, "How many characters you marked", _BEHAVIOUR),
    "notes_count": (_I, "How many notes", _BEHAVIOUR),
    "view": (_T, "Which view of your notes", _BEHAVIOUR),
    # Peer review
    "submission_uuid": (_T, "Which submission", _SUBMISSION),
    "attempt_number": (_I, "Which of your attempts it was", _SUBMISSION),
    "score_type": (_T, "Who assessed", _GRADE),
    "parts": (_J, "The points for each criterion", _GRADE),
    "options_selected": (_J, "What you chose for each criterion", _SUBMISSION),
    "corrections": (_J, "What differed from the example", _SUBMISSION),
    "requesting_staff_id": (_T, "Who asked for it, as a pseudonym", _PSEUDONYM),
    "item_type": (_T, "What kind of task", _SUBMISSION),
    "fileType": (_T, "The kind of file", _SUBMISSION),
    "fileSize": (_I, "How big the file is, in bytes", _SUBMISSION),
    # Teams and cohorts
    "team_id": (_T, "Which team", _ENROLMENT),
    "topic_id": (_T, "Which topic of teams", _ENROLMENT),
    "page_name": (_T, "Which page of the teams", _BROWSING),
    "field": (_T, "What was changed", _BEHAVIOUR),
    "add_method": (_T, "How they came in", _ENROLMENT),
    "remove_method": (_T, "How they left", _ENROLMENT),
    "cohort_id": (_I, "Which cohort", _ENROLMENT),
    "previous_cohort_id": (_I, "Which cohort before", _ENROLMENT),
    "target_username": (_T, "Another learner, as a pseudonym", _PSEUDONYM),
    "user_id": (_T, "Another person, as a pseudonym", _PSEUDONYM),
    # Enrolment, certificates, exams
    "mode": (_T, "The kind of enrolment", _ENROLMENT),
    "enrollment_mode": (_T, "The kind of enrolment", _ENROLMENT),
    "certificate_id": (_T, "Which certificate", _CERTIFICATE),
    "social_network": (_T, "Where it was shared", _CERTIFICATE),
    "source_url": (_T, "The page you came from, without its query", _BROWSING),
    "badge_name": (_T, "Which badge", _CERTIFICATE),
    "badge_slug": (_T, "Which badge", _CERTIFICATE),
    "badge_generator": (_T, "How it was made", _CERTIFICATE),
    "issuing_component": (_T, "What issued it", _CERTIFICATE),
    "assertion_id": (_I, "Which badge of yours", _CERTIFICATE),
    "exam_id": (_I, "Which exam", _SUBMISSION),
    "exam_content_id": (_T, "Which exam", _SUBMISSION),
    "exam_default_time_limit_mins": (_I, "The exam's time in minutes", _SUBMISSION),
    "exam_is_proctored": (_B, "Whether it was supervised", _SUBMISSION),
    "exam_is_practice_exam": (_B, "Whether it was for practice", _SUBMISSION),
    "exam_is_active": (_B, "Whether the exam was open", _SUBMISSION),
    "attempt_id": (_I, "Which attempt", _SUBMISSION),
    "attempt_status": (_T, "What state the attempt is in", _SUBMISSION),
    "attempt_started_at": (_T, "When you began", _SUBMISSION),
    "attempt_completed_at": (_T, "When you ended", _SUBMISSION),
    "attempt_event_elapsed_time_secs": (_N, "Seconds since you began", _SUBMISSION),
    "goal_key": (_T, "Your goal", _ENROLMENT),
    "days_per_week": (_I, "How many days a week you mean to learn", _ENROLMENT),
    # Accounts, staff, the platform itself
    "setting": (_T, "Which setting; its values are not kept", "user.account.settings"),
    "table": (_T, "Where the setting is stored", _SYSTEM),
    "report_type": (_T, "What kind of report", _SYSTEM),
    "report_url": (_T, "Which report, without its signature", _SYSTEM),
    "category": (_T, "What was indexed", _SYSTEM),
    "indexed_count": (_I, "How much was indexed", _SYSTEM),
    "enabled": (_B, "Whether it was turned on", _SYSTEM),
    "grading_policy_hash": (_T, "Which grading rules", _SYSTEM),
    # Video
    "code": (_T, "Where the video is stored", _BROWSING),
    "currentTime": (_N, "The second of the video", _BEHAVIOUR),
    "duration": (_N, "How long the video is, in seconds", _BEHAVIOUR),
    "bumper_id": (_T, "Which opening film", _BROWSING),
    "language": (_T, "Which language", _BEHAVIOUR),
    "old_speed": (_N, "The speed before", _BEHAVIOUR),
    "new_speed": (_N, "The speed after", _BEHAVIOUR),
    "network": (_T, "The kind of connection", "user.device"),
}

_LONG = dict.fromkeys(("answers", "correct_map", "submission"), 8000) | {
    "student_answer": 4000,
    "target_url": 1000,
    "current_url": 1000,
    "query": 200,
    "search_string": 200,
    "search_text": 200,
    "event_type": 100,
}
THIRD_PERSONS = frozenset({"target_username", "user_id", "requesting_staff_id"})
"""Fields in which another person's id stands, which is mapped before it is stored."""
_RENAMED = {"forum_id": "id"}


def edx_field(word: str) -> Field:
    """The field that ``word`` stands for; raises ``KeyError`` on a word nobody declared."""
    kind, says, category = _WORDS[word]
    return Field(
        name=_RENAMED.get(word, word),
        kind=kind,
        says=says,
        data_category=category,
        max_length=_LONG.get(word, 500),
        third_person=word in THIRD_PERSONS,
    )


def edx_event(name: str, origin: Origin, uses: Use, says: str, words: str = "") -> Event:
    """An event with the fields that ``words`` names, separated by spaces."""
    return Event(
        name=name,
        origin=origin,
        says=says,
        uses=uses,
        fields=tuple(edx_field(word) for word in words.split()),
    )


Row = tuple[str, str, str]
"""Name, sentence for the learner, words of its fields."""


def edx_events(origin: Origin, uses: Use, *rows: Row) -> tuple[Event, ...]:
    """Events of one origin and with the same uses."""
    return tuple(edx_event(name, origin, uses, says, words) for name, says, words in rows)
