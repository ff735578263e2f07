"""Inside a course: its home, its units with their problems, progress and certificates."""

from starlette.exceptions import HTTPException
from starlette.responses import Response

from demo import acts, learning
from demo.content import Course, Unit
from demo.grading import Problem, Progress, can_show_answer, can_submit, is_empty
from demo.notices import keep_word
from demo.people import Learner, find_learner
from demo.storage import transaction
from demo.views.catalogue import find_course
from demo.visit import Visit, the_learner


def enrol(visit: Visit) -> Response:
    """Enrol and lead into the course."""
    learner, course = the_learner(visit), find_course(visit)
    with transaction(visit.store):
        if learning.enrol(visit.store, learner.id, course, now=visit.now):
            visit.report(acts.enrolled(course), learner)
            keep_word(visit.store, visit.field("served"), learner, now=visit.now)
    return visit.go(f"/courses/{course.slug}/learn")


def leave(visit: Visit) -> Response:
    """Leave the course; answers stay for a return."""
    learner, course = the_learner(visit), find_course(visit)
    with transaction(visit.store):
        if learning.leave(visit.store, learner.id, course):
            visit.report(acts.left(course), learner)
    return visit.go(f"/courses/{course.slug}")


def show_course_home(visit: Visit) -> Response:
    """The units and how far the learner is."""
    learner, course = the_learner(visit), find_course(visit)
    if not learning.is_enrolled(visit.store, learner.id, course):
        return visit.go(f"/courses/{course.slug}")
    standing = learning.find_standing(visit.store, learner.id, course)
    certificate = learning.find_certificates(visit.store, learner.id).get(course.key)
    ahead = [unit for unit in course.units if unit.number not in standing.done]
    return visit.show(
        "course_home.html",
        course=course,
        standing=standing,
        certificate=certificate,
        following=ahead[0] if ahead else None,
    )


def show_unit(visit: Visit) -> Response:
    """A unit with its text, its film and its problems."""
    learner, course, unit = _enter_unit(visit)
    return _show_unit(visit, learner, course, unit)


def submit_answer(visit: Visit) -> Response:
    """Grade an answer; an empty one, or one too many, changes nothing."""
    learner, course, unit = _enter_unit(visit)
    problem = _find_problem(visit, unit)
    given = visit.fields("answer")
    if is_empty(given):
        return _show_unit(visit, learner, course, unit, empty=problem.id, status=422)
    with transaction(visit.store):
        before = learning.find_progress(visit.store, learner.id, course)
        if can_submit(problem, before.get(problem.id, Progress())):
            after = learning.submit(visit.store, learner.id, course, problem, given)
            visit.report(acts.answered(course, unit, problem, given, after), learner)
    return visit.go(f"/courses/{course.slug}/units/{unit.number}#{problem.id}")


def show_answer(visit: Visit) -> Response:
    """Show the right answer from now on; the points stay as they are."""
    learner, course, unit = _enter_unit(visit)
    problem = _find_problem(visit, unit)
    with transaction(visit.store):
        progress = learning.find_progress(visit.store, learner.id, course).get(problem.id)
        if progress is not None and can_show_answer(progress) and not progress.shown:
            learning.mark_shown(visit.store, learner.id, course, problem)
            visit.report(acts.looked_at_answer(course, problem), learner)
    return visit.go(f"/courses/{course.slug}/units/{unit.number}#{problem.id}")


def show_progress(visit: Visit) -> Response:
    """Grades in all courses of the learner."""
    learner = the_learner(visit)
    keys = learning.enrolled_keys(visit.store, learner.id)
    rows = [
        (
            course,
            learning.find_standing(visit.store, learner.id, course),
            learning.find_progress(visit.store, learner.id, course),
        )
        for course in visit.library.courses.values()
        if course.key in keys
    ]
    certificates = learning.find_certificates(visit.store, learner.id)
    return visit.show(
        "progress.html",
        rows=rows,
        certificates=certificates,
        pass_percent=learning.PASS_PERCENT,
    )


def claim_certificate(visit: Visit) -> Response:
    """Issue the certificate of a course that the learner passed."""
    learner, course = the_learner(visit), find_course(visit)
    with transaction(visit.store):
        standing = learning.find_standing(visit.store, learner.id, course)
        if not standing.passed:
            raise HTTPException(409)
        issued = learning.issue_certificate(
            visit.store,
            learner.id,
            course,
            standing.percent,
            now=visit.now,
            randomness=visit.platform.randomness,
        )
        certificate = learning.find_certificates(visit.store, learner.id)[course.key]
        if issued:
            visit.report(acts.certificate_issued(course, certificate.id), learner)
    return visit.go(f"/certificates/{certificate.id}")


def show_certificate(visit: Visit) -> Response:
    """A certificate: for its learner always, for others when it is shared."""
    certificate, course, owner = _find_certificate(visit)
    own = visit.learner is not None and visit.learner.id == certificate.learner
    if not own and not certificate.shared:
        raise HTTPException(404)
    return visit.show(
        "certificate.html", certificate=certificate, course=course, owner=owner, own=own
    )


def share_certificate(visit: Visit) -> Response:
    """Make one's own certificate public, or private again."""
    learner = the_learner(visit)
    certificate, course, _ = _find_certificate(visit)
    if certificate.learner != learner.id:
        raise HTTPException(404)
    shared = visit.field("shared") == "yes"
    with transaction(visit.store):
        learning.share_certificate(visit.store, certificate, shared=shared)
        if shared and not certificate.shared:
            visit.report(acts.certificate_shared(course, certificate.id), learner)
    return visit.go(f"/certificates/{certificate.id}")


def _show_unit(
    visit: Visit,
    learner: Learner,
    course: Course,
    unit: Unit,
    *,
    empty: str = "",
    status: int = 200,
) -> Response:
    return visit.show(
        "unit.html",
        status=status,
        course=course,
        unit=unit,
        progress=learning.find_progress(visit.store, learner.id, course),
        standing=learning.find_standing(visit.store, learner.id, course),
        following=course.find_unit(unit.number + 1),
        empty=empty,
    )


def _enter_unit(visit: Visit) -> tuple[Learner, Course, Unit]:
    learner, course = the_learner(visit), find_course(visit)
    unit = course.find_unit(visit.request.path_params["unit"])
    if unit is None:
        raise HTTPException(404)
    if not learning.is_enrolled(visit.store, learner.id, course):
        raise HTTPException(403)
    return learner, course, unit


def _find_problem(visit: Visit, unit: Unit) -> Problem:
    wanted = visit.request.path_params["problem"]
    for problem in unit.problems:
        if problem.id == wanted:
            return problem
    raise HTTPException(404)


def _find_certificate(visit: Visit) -> tuple[learning.Certificate, Course, Learner]:
    found = learning.find_certificate(visit.store, visit.request.path_params["certificate"])
    if found is None:
        raise HTTPException(404)
    owner = find_learner(visit.store, found.learner)
    courses = visit.library.courses.values()
    course = next((course for course in courses if course.key == found.course), None)
    if owner is None or course is None:
        raise HTTPException(404)
    return found, course, owner
