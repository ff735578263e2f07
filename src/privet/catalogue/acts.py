"""What learners do on a platform's server, in the names that Open edX gave these acts."""

from privet.catalogue.spec import Event, Field, Kind, Origin
from privet.catalogue.uses import Use

COURSEWORK = Use.INSTRUCTION | Use.INTEGRITY | Use.ANALYTICS | Use.PERSONALISATION | Use.RESEARCH
ENROLMENT = Use.INSTRUCTION | Use.ANALYTICS | Use.PERSONALISATION | Use.RESEARCH | Use.SHARING
ACCOUNT = Use.SECURITY
SIGN_IN = Use.SECURITY | Use.INTEGRITY
"""A sign-in also shows whether several people use one account; it can be objected to."""
SUBMISSION = COURSEWORK | Use.SECURITY
_GRADE = "user.education.grade"
_SUBMISSION = "user.education.submission"
_ENROLMENT = "user.education.enrollment"
_FORUM = "user.education.forum"
_CERTIFICATE = "user.education.certificate"


def field(name: str, kind: Kind, says: str, category: str, max_length: int = 500) -> Field:
    return Field(name=name, kind=kind, says=says, data_category=category, max_length=max_length)


def act(name: str, says: str, uses: Use, *fields: Field) -> Event:
    return Event(name=name, origin=Origin.SERVER, says=says, uses=uses, fields=fields)


PROBLEM_ID = field("problem_id", Kind.TEXT, "Which problem", _SUBMISSION)
_GRADE_FIELDS = (
    field("grade", Kind.NUMBER, "Your points", _GRADE),
    field("max_grade", Kind.NUMBER, "The most points there are", _GRADE),
)

PROBLEMS = (
    act(
        "problem_check",
        "You submitted an answer",
        SUBMISSION,
        PROBLEM_ID,
        *_GRADE_FIELDS,
        field("success", Kind.TEXT, "Whether it was correct", _GRADE),
        field("attempts", Kind.INTEGER, "Which of your attempts it was", _SUBMISSION),
        field("answers", Kind.JSON, "Your answers", _SUBMISSION, 8000),
        field("correct_map", Kind.JSON, "Which parts were correct", _GRADE, 8000),
        field("submission", Kind.JSON, "Your answers with their questions", _SUBMISSION, 8000),
    ),
    act("showanswer", "You looked at an answer", SUBMISSION, PROBLEM_ID),
    act(
        "edx.grades.problem.submitted",
        "Your answer was graded",
        SUBMISSION,
        PROBLEM_ID,
        field("weighted_earned", Kind.NUMBER, "Your points", _GRADE),
        field("weighted_possible", Kind.NUMBER, "The most points there are", _GRADE),
    ),
)

ENROLMENTS = tuple(
    act(
        name,
        says,
        ENROLMENT,
        field("course_id", Kind.TEXT, "Which course", _ENROLMENT),
        field("mode", Kind.TEXT, "The kind of enrolment", _ENROLMENT),
    )
    for name, says in (
        ("edx.course.enrollment.activated", "You enrolled in a course"),
        ("edx.course.enrollment.deactivated", "You left a course"),
        ("edx.course.enrollment.mode_changed", "Your kind of enrolment changed"),
    )
)

CERTIFICATES = tuple(
    act(
        name,
        says,
        Use.INSTRUCTION | Use.INTEGRITY | Use.ANALYTICS | Use.RESEARCH,
        field("course_id", Kind.TEXT, "Which course", _ENROLMENT),
        field("certificate_id", Kind.TEXT, "Which certificate", _CERTIFICATE),
        field("enrollment_mode", Kind.TEXT, "The kind of enrolment", _ENROLMENT),
        field("generation_mode", Kind.TEXT, "How it was made", _CERTIFICATE),
    )
    for name, says in (
        ("edx.certificate.created", "You received a certificate"),
        ("edx.certificate.revoked", "A certificate of yours was withdrawn"),
        ("edx.certificate.shared", "You shared a certificate"),
    )
)

FORUM = tuple(
    act(
        name,
        says,
        COURSEWORK,
        field("id", Kind.TEXT, "Which post", _FORUM),
        field("category_id", Kind.TEXT, "In which topic", _FORUM),
        field("thread_type", Kind.TEXT, "A discussion or a question", _FORUM),
        field("length", Kind.INTEGER, "How many characters it has", _FORUM),
    )
    for name, says in (
        ("edx.forum.thread.created", "You began a discussion"),
        ("edx.forum.response.created", "You answered in a discussion"),
        ("edx.forum.comment.created", "You commented in a discussion"),
    )
)

ACCOUNTS = tuple(
    act(
        name,
        says,
        uses,
        Field(
            name="method", kind=Kind.TEXT, says="How", data_category="user.authorization",
            uses=Use.SECURITY,
        ),
        field("outcome", Kind.TEXT, "Whether it worked", "user.authorization"),
    )
    for name, says, uses in (
        ("login", "You signed in", SIGN_IN),
        ("logout", "You signed out", ACCOUNT),
        ("account_created", "You made your account", ACCOUNT),
        ("settings_changed", "You changed a setting of your account", ACCOUNT),
        ("password_changed", "You changed your password", ACCOUNT),
    )
)  # fmt: skip

SEARCH = (
    act(
        "edx.course_discovery.search.initiated",
        "You searched for a course",
        Use.ANALYTICS | Use.PERSONALISATION,
        field(
            "search_string", Kind.TEXT, "What you searched for", "user.behavior.search_history", 200
        ),
        field("page_size", Kind.INTEGER, "How many results a page has", "system.operations"),
        field("page_number", Kind.INTEGER, "Which page of results", "system.operations"),
    ),
)

EVENTS = PROBLEMS + ENROLMENTS + CERTIFICATES + FORUM + ACCOUNTS + SEARCH
