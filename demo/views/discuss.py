"""The forum of a course, for those who are enrolled in it."""

from starlette.exceptions import HTTPException
from starlette.responses import Response

from demo import acts, forum
from demo.content import Course
from demo.learning import is_enrolled
from demo.people import Learner
from demo.storage import transaction
from demo.views.catalogue import find_course
from demo.visit import Visit, the_learner

TITLE_LENGTH = 120


def show_forum(visit: Visit) -> Response:
    """All discussions of a course and the form for a new one."""
    _, course = _enter(visit)
    threads = forum.find_threads(visit.store, course.key)
    return visit.show("forum.html", course=course, threads=threads, kinds=forum.THREAD_KINDS)


def begin_thread(visit: Visit) -> Response:
    """Begin a discussion."""
    learner, course = _enter(visit)
    title, body, kind = (
        visit.field("title")[:TITLE_LENGTH],
        visit.field("body"),
        visit.field("kind"),
    )
    if not title or not body or kind not in forum.THREAD_KINDS:
        threads = forum.find_threads(visit.store, course.key)
        return visit.show(
            "forum.html",
            status=422,
            course=course,
            threads=threads,
            kinds=forum.THREAD_KINDS,
            problem="A post needs a title and a text. Nothing was published.",
        )
    with transaction(visit.store):
        number = forum.add_thread(
            visit.store,
            course=course.key,
            learner=learner.id,
            title=title,
            body=body,
            kind=kind,
            now=visit.now,
        )
        visit.report(acts.began_thread(course, number, kind, body), learner)
    return visit.go(f"/courses/{course.slug}/forum/{number}")


def show_thread(visit: Visit) -> Response:
    """One discussion with its replies."""
    _, course = _enter(visit)
    return _show_thread(visit, course)


def reply(visit: Visit) -> Response:
    """Reply in a discussion."""
    learner, course = _enter(visit)
    thread = _find_thread(visit, course)
    body = visit.field("body")
    if not body:
        return _show_thread(visit, course, problem="A reply needs a text.", status=422)
    with transaction(visit.store):
        number = forum.add_reply(
            visit.store, thread=thread.id, learner=learner.id, body=body, now=visit.now
        )
        visit.report(acts.replied(course, thread.id, thread.kind, body), learner)
    return visit.go(f"/courses/{course.slug}/forum/{thread.id}#reply-{number}")


def _show_thread(visit: Visit, course: Course, problem: str = "", status: int = 200) -> Response:
    thread = _find_thread(visit, course)
    replies = forum.find_replies(visit.store, thread.id)
    return visit.show(
        "thread.html",
        status=status,
        course=course,
        thread=thread,
        replies=replies,
        problem=problem,
    )


def _enter(visit: Visit) -> tuple[Learner, Course]:
    learner, course = the_learner(visit), find_course(visit)
    if not is_enrolled(visit.store, learner.id, course):
        raise HTTPException(403)
    return learner, course


def _find_thread(visit: Visit, course: Course) -> forum.Thread:
    found = forum.find_thread(visit.store, course.key, visit.request.path_params["thread"])
    if found is None:
        raise HTTPException(404)
    return found
