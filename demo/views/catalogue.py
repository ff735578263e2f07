"""What everybody can look at: the front page, courses, institutions, search, the partner."""

from starlette.exceptions import HTTPException
from starlette.responses import Response

from demo import acts
from demo.content import Course
from demo.learning import enrolled_keys, is_enrolled
from demo.storage import transaction
from demo.visit import Visit

SEEN_COOKIE = "fieldnotes_seen"
SEEN_SECONDS = 30 * 86_400


def show_home(visit: Visit) -> Response:
    """The front page: courses under way first, then all of them."""
    keys = enrolled_keys(visit.store, visit.learner.id) if visit.learner else set()
    courses = list(visit.library.courses.values())
    mine = [course for course in courses if course.key in keys]
    return visit.show("home.html", courses=courses, mine=mine)


def show_catalogue(visit: Visit) -> Response:
    """All courses."""
    return visit.show("catalogue.html", courses=list(visit.library.courses.values()))


def show_course(visit: Visit) -> Response:
    """What a course is about, and the way into it."""
    course = find_course(visit)
    enrolled = visit.learner is not None and is_enrolled(visit.store, visit.learner.id, course)
    notice = None if enrolled else visit.platform.notices.at_enrolment(course)
    return visit.show("course_about.html", course=course, enrolled=enrolled, notice=notice)


def show_institutions(visit: Visit) -> Response:
    """The members."""
    return visit.show("institutions.html", library=visit.library)


def show_institution(visit: Visit) -> Response:
    """One member and its courses."""
    institution = visit.library.institutions.get(visit.request.path_params["institution"])
    if institution is None:
        raise HTTPException(404)
    courses = visit.library.courses_of(institution)
    return visit.show("institution.html", institution=institution, courses=courses)


def show_search(visit: Visit) -> Response:
    """Courses and units that hold the words; only a learner's search is reported."""
    query = visit.request.query_params.get("q", "").strip()[:200]
    found = visit.library.search(query)
    if query and visit.learner is not None:
        with transaction(visit.store):
            visit.report(acts.searched(query), visit.learner)
    return visit.show("search.html", query=query, found=found)


def show_partner(visit: Visit) -> Response:
    """Where the advertisement leads."""
    return visit.show("partner.html")


def show_fieldnotes(visit: Visit) -> Response:
    """What others show inside our pages: it may stand in a frame, where it sets a cookie."""
    response = visit.show("fieldnotes.html")
    policy = response.headers["Content-Security-Policy"]
    framed = policy.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
    response.headers["Content-Security-Policy"] = framed
    if visit.request.headers.get("sec-fetch-dest") == "iframe":
        response.set_cookie(SEEN_COOKIE, "1", max_age=SEEN_SECONDS, httponly=True, samesite="lax")
    return response


def show_workbench(visit: Visit) -> Response:
    """A page that fails when asked to."""
    return visit.show("workbench.html")


def show_about(visit: Visit) -> Response:
    """How the platform keeps to what learners decide."""
    return visit.show("about.html")


def find_course(visit: Visit) -> Course:
    """The course that the address names."""
    course = visit.library.courses.get(visit.request.path_params["course"])
    if course is None:
        raise HTTPException(404)
    return course
