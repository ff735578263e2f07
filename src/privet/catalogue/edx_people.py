"""Open edX events among people: forum, teams, cohorts, peer review, enrolment, exams, staff."""

from privet.catalogue.acts import COURSEWORK, ENROLMENT
from privet.catalogue.edx_fields import Row, edx_events
from privet.catalogue.spec import Event, Origin
from privet.catalogue.uses import Use
from privet.catalogue.web import OBSERVED

_B, _S = Origin.BROWSER, Origin.SERVER
_POST = "forum_id commentable_id category_id thread_type"
_STAFF = Use.SECURITY
_POSTS = {
    "thread": "a discussion",
    "response": "an answer in a discussion",
    "comment": "a comment in a discussion",
}
_DEEDS = {
    "edited": "changed",
    "deleted": "deleted",
    "reported": "reported",
    "unreported": "took back your report of",
}


def _forum_rows() -> tuple[Row, ...]:
    return tuple(
        (f"edx.forum.{post}.{deed}", f"You {did} {what}", f"{_POST} length content_type")
        for post, what in _POSTS.items()
        for deed, did in _DEEDS.items()
    )


_VOTE = f"{_POST} vote_value undo_vote target_username"

FORUM = edx_events(
    _S,
    COURSEWORK,
    *_forum_rows(),
    ("edx.forum.thread.viewed", "You opened a discussion", f"{_POST} target_username"),
    ("edx.forum.thread.voted", "You voted on a discussion", _VOTE),
    ("edx.forum.response.voted", "You voted on an answer in a discussion", _VOTE),
    ("edx.forum.thread.followed", "You followed a discussion", _POST),
    ("edx.forum.thread.unfollowed", "You stopped following a discussion", _POST),
    ("edx.forum.thread.pinned", "You pinned a discussion", _POST),
    ("edx.forum.thread.unpinned", "You unpinned a discussion", _POST),
    ("edx.forum.thread.locked", "You closed a discussion", _POST),
    ("edx.forum.thread.unlocked", "You opened a closed discussion", _POST),
    ("edx.forum.response.mark", "You marked an answer as right", _POST),
    ("edx.forum.response.unmark", "You took a mark from an answer", _POST),
    (
        "edx.forum.searched",
        "You searched the forum",
        ("query total_results group_id page corrected_text"),
    ),
)

_ASSESSED = "submission_uuid score_type parts"

PEER_REVIEW = edx_events(
    _S,
    COURSEWORK | Use.SECURITY,
    (
        "openassessmentblock.create_submission",
        "You submitted a work",
        ("submission_uuid attempt_number length"),
    ),
    ("openassessmentblock.save_submission", "You saved a work", "length"),
    (
        "openassessmentblock.get_peer_submission",
        "You were given another's work",
        "submission_uuid item_type course_id requesting_staff_id",
    ),
    (
        "openassessmentblock.get_submission_for_staff_grading",
        "You were given a work to grade",
        "submission_uuid item_type course_id requesting_staff_id",
    ),
    ("openassessmentblock.peer_assess", "You assessed another's work", _ASSESSED),
    ("openassessmentblock.self_assess", "You assessed your own work", _ASSESSED),
    ("openassessmentblock.staff_assess", "You assessed a work as staff", _ASSESSED),
    (
        "openassessmentblock.submit_feedback_on_assessments",
        "You said how an assessment was",
        "submission_uuid length",
    ),
    (
        "openassessment.student_training_assess_example",
        "You practised assessing",
        "submission_uuid options_selected corrections",
    ),
    ("openassessment.upload_file", "You attached a file to a work", "fileType fileSize"),
    ("openassessmentblock.remove_uploaded_file", "You removed a file from a work", ""),
)

TEAMS = edx_events(
    _S,
    ENROLMENT,
    ("edx.team.created", "You made a team", "team_id"),
    ("edx.team.deleted", "You removed a team", "team_id"),
    ("edx.team.changed", "You changed a team", "team_id field truncated"),
    ("edx.team.activity_updated", "Your team was active", "team_id"),
    ("edx.team.learner_added", "Someone joined a team", "team_id add_method user_id"),
    ("edx.team.learner_removed", "Someone left a team", "team_id remove_method user_id"),
    ("edx.team.page_viewed", "You opened a page of the teams", "team_id topic_id page_name"),
    ("edx.team.searched", "You searched for a team", "topic_id search_text number_of_results"),
    ("edx.cohort.created", "A cohort was made", "cohort_id"),
    ("edx.cohort.user_added", "Someone joined a cohort", "cohort_id user_id"),
    ("edx.cohort.user_removed", "Someone left a cohort", "cohort_id user_id"),
    (
        "edx.cohort.user_add_requested",
        "Someone was put into a cohort",
        "cohort_id previous_cohort_id user_id",
    ),
    ("edx.cohort.creation_requested", "You made a cohort", "cohort_id"),
)

ENROLMENTS = edx_events(
    _S,
    ENROLMENT,
    (
        "edx.course.enrollment.upgrade.succeeded",
        "Your kind of enrolment was raised",
        "course_id mode",
    ),
    ("edx.course.enrollment.unenroll_survey.submitted", "You said why you left", "course_id"),
    ("edx.course.goal.added", "You set a goal", "course_id goal_key days_per_week"),
    ("edx.course.goal.updated", "You changed a goal", "course_id goal_key days_per_week"),
    ("edx.course.goal.email_sent", "You were reminded of a goal", "course_id"),
)

_BADGE = "course_id badge_name badge_slug badge_generator issuing_component assertion_id"

CERTIFICATES = edx_events(
    _S,
    Use.INSTRUCTION | Use.ANALYTICS | Use.RESEARCH,
    (
        "edx.certificate.evidence_visited",
        "Your certificate was looked at",
        "course_id certificate_id social_network source_url",
    ),
    ("edx.badge.assertion.created", "You received a badge", f"{_BADGE} enrollment_mode"),
    ("edx.badge.assertion.evidence_visited", "Your badge was looked at", _BADGE),
    ("edx.badge.assertion.shared", "You shared a badge", f"{_BADGE} social_network"),
)

_EXAM = (
    "course_id exam_id exam_content_id exam_default_time_limit_mins exam_is_proctored "
    "exam_is_practice_exam exam_is_active attempt_id attempt_status attempt_started_at "
    "attempt_completed_at attempt_event_elapsed_time_secs"
)
_EXAM_STATES = {
    "created": "You were admitted to an exam",
    "download_software_clicked": "You went to fetch an exam's software",
    "ready_to_start": "You were ready for an exam",
    "started": "You began an exam",
    "ready_to_submit": "You were asked whether to hand in an exam",
    "submitted": "You handed in an exam",
    "second_review_required": "Your exam was looked at again",
    "verified": "Your exam was accepted",
    "rejected": "Your exam was not accepted",
    "error": "Something failed in your exam",
    "timed_out": "The time of your exam ran out",
    "declined": "You declined a supervised exam",
    "deleted": "Your attempt at an exam was removed",
    "resumed": "You went on with an exam",
}

EXAMS = edx_events(
    _S,
    COURSEWORK | Use.SECURITY,
    *(
        (f"edx.special_exam.{kind}.attempt.{state}", says, _EXAM)
        for kind in ("proctored", "practice", "timed")
        for state, says in _EXAM_STATES.items()
    ),
) + edx_events(
    _B,
    OBSERVED,
    *(
        (f"edx.special_exam.{kind}.option-presented", "You were offered a kind of exam", _EXAM)
        for kind in ("proctored", "practice", "timed")
    ),
)

SEARCH = edx_events(
    _S,
    Use.ANALYTICS | Use.PERSONALISATION,
    (
        "edx.course_discovery.search.results_displayed",
        "You were shown courses",
        "search_string results_count page_size page_number",
    ),
    (
        "edx.course.search.initiated",
        "You searched in a course",
        "search_string page_size page_number",
    ),
    (
        "edx.course.search.results_displayed",
        "You were shown what was found in a course",
        "search_string results_count page_size page_number",
    ),
) + edx_events(
    _B,
    OBSERVED,
    (
        "edx.course.search.result_selected",
        "You chose what was found in a course",
        "search_string results_count rank target_url page_size page_number",
    ),
    (
        "edx.course_discovery.search.result_selected",
        "You chose a course that was found",
        "search_string results_count rank target_url",
    ),
    ("edx.user.settings.viewed", "You opened your settings", "page"),
)

_ROLES = ("admin", "community-TA", "mod")
_OF_STAFF = (
    "list-students",
    "list-staff",
    "list-instructors",
    "list-beta-testers",
    "dump-grades",
    "dump-grades-raw",
    "dump-grades-csv",
    "dump-grades-csv-raw",
    "dump-answer-dist-csv",
    "dump-graded-assignments-config",
    "psychometrics-histogram-generation",
    "add-instructor",
    "remove-instructor",
    "add-or-remove-user-group",
    "get-student-progress-page",
    "delete-student-module-state",
    "reset-student-attempts",
    "reset-all-attempts",
    "rescore-student-submission",
    "rescore-all-submissions",
    *(f"{deed}-forum-{role}" for deed in ("add", "remove", "list") for role in _ROLES),
)

STAFF = edx_events(
    _S,
    _STAFF,
    ("edx.user.settings.changed", "You changed a setting of your account", "setting table"),
    ("edx.user.settings.change_initiated", "You began to change a setting", "setting table"),
    ("edx.instructor.report.requested", "You asked for a report as staff", "report_type"),
    ("edx.certificate.generation.enabled", "Making certificates was turned on", "course_id"),
    ("edx.certificate.generation.disabled", "Making certificates was turned off", "course_id"),
    (
        "edx.grades.grading_policy_changed",
        "A course's grading rules changed",
        "course_id grading_policy_hash",
    ),
    ("edx.course.index.reindexed", "A course was made searchable", "category indexed_count"),
    *((name, "You used a tool for staff", "problem course_id") for name in _OF_STAFF),
) + edx_events(
    _B,
    Use.ANALYTICS,
    ("edx.instructor.report.downloaded", "You downloaded a report as staff", "report_url"),
)

EVENTS: tuple[Event, ...] = (
    FORUM + PEER_REVIEW + TEAMS + ENROLMENTS + CERTIFICATES + EXAMS + SEARCH + STAFF
)
