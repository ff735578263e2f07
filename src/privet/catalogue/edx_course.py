"""Open edX events inside a course: moving about, problems, hints, books, notes, polls, videos."""

from privet.catalogue.acts import COURSEWORK, SUBMISSION
from privet.catalogue.edx_fields import Row, edx_events
from privet.catalogue.spec import Event, Origin
from privet.catalogue.uses import Use
from privet.catalogue.web import OBSERVED

_B, _S = Origin.BROWSER, Origin.SERVER
_TABS = "id current_tab target_tab tab_count widget_placement"

NAVIGATION = edx_events(
    _B,
    OBSERVED,
    ("page_close", "You closed a page", ""),
    ("seq_goto", "You went to another place of a unit", f"old new {_TABS}"),
    ("seq_next", "You went on in a unit", f"old new {_TABS}"),
    ("seq_prev", "You went back in a unit", f"old new {_TABS}"),
    ("edx.ui.lms.sequence.next_selected", "You went on in a unit", f"old new {_TABS}"),
    ("edx.ui.lms.sequence.previous_selected", "You went back in a unit", f"old new {_TABS}"),
    ("edx.ui.lms.sequence.tab_selected", "You chose a place of a unit", f"old new {_TABS}"),
    (
        "edx.ui.lms.outline.selected",
        "You chose something in a course's outline",
        "target_name target_url current_url widget_placement",
    ),
    ("edx.ui.lms.link_clicked", "You followed a link", "target_url current_url target_name"),
    ("edx.ui.lms.jump_nav.selected", "You chose a place in a course", "target_name current_url id"),
    ("edx.course.home.resume_course.clicked", "You went on where you had stopped", "course_id"),
    ("edx.course.home.upgrade_verified.clicked", "You looked at another mode", "course_id"),
    ("edx.course.home.course_update.toggled", "You opened or closed a course's news", "course_id"),
    ("edx.course.upgrade.sidebarupsell.clicked", "You looked at another mode", "course_id"),
    ("edx.course.enrollment.upgrade.clicked", "You looked at another mode", "course_id"),
    ("edx.social.share.clicked", "You shared a course", "course_id social_network"),
) + edx_events(
    _S,
    Use.ANALYTICS | Use.PERSONALISATION,
    (
        "edx.course.tool.accessed",
        "You opened a tool of a course",
        "course_id is_staff tool_name",
    ),
    (
        "edx.bookmark.added",
        "You set a bookmark",
        ("course_id bookmark_id component_usage_id component_type"),
    ),
    (
        "edx.bookmark.removed",
        "You removed a bookmark",
        ("course_id bookmark_id component_usage_id component_type"),
    ),
    (
        "edx.bookmark.listed",
        "You listed your bookmarks",
        ("course_id list_type bookmarks_count page_size page_number"),
    ),
    (
        "edx.bookmark.accessed",
        "You followed a bookmark",
        ("course_id bookmark_id component_usage_id component_type"),
    ),
)

PROBLEMS = edx_events(
    _B,
    OBSERVED,
    ("problem_check.browser", "You pressed a problem's button", "problem"),
    ("problem_graded", "You were shown whether your answer was correct", "problem"),
    ("problem_reset", "You pressed a problem's reset button", "problem"),
    ("problem_save", "You pressed a problem's save button", "problem"),
    ("problem_show", "You asked for a problem's answer", "problem"),
    ("showanswer.browser", "You asked for a problem's answer", "problem_id"),
) + edx_events(
    _S,
    SUBMISSION,
    (
        "problem_check_fail",
        "An answer of yours was not accepted",
        "problem_id failure answers",
    ),
    (
        "problem_rescore",
        "An answer of yours was graded again",
        ("problem_id orig_score orig_total new_score new_total correct_map success attempts"),
    ),
    ("problem_rescore_fail", "An answer could not be graded again", "problem_id failure"),
    ("reset_problem", "You began a problem anew", "problem_id"),
    ("reset_problem_fail", "A problem could not be begun anew", "problem_id failure"),
    ("save_problem_success", "You saved an answer", "problem_id answers"),
    ("save_problem_fail", "An answer could not be saved", "problem_id failure answers"),
    ("edx.problem.completed", "You completed a problem", "problem_id"),
    (
        "edx.problem.hint.demandhint_displayed",
        "You asked for a hint",
        ("module_id hint_index hint_len"),
    ),
    (
        "edx.problem.hint.feedback_displayed",
        "You were shown a hint about your answer",
        (
            "module_id "
            "hint_label problem_part_id trigger_type question_type correctness student_answer"
        ),
    ),
)

GRADES = edx_events(
    _S,
    COURSEWORK,
    (
        "edx.grades.problem.rescored",
        "Your answer was graded again",
        (
            "course_id problem_id "
            "new_weighted_earned new_weighted_possible only_if_higher event_transaction_type"
        ),
    ),
    (
        "edx.grades.problem.score_overridden",
        "Your points were changed by staff",
        (
            "course_id "
            "problem_id new_weighted_earned new_weighted_possible only_if_higher "
            "event_transaction_type"
        ),
    ),
    (
        "edx.grades.problem.state_deleted",
        "Your answer was deleted by staff",
        ("course_id problem_id event_transaction_type"),
    ),
    (
        "edx.grades.subsection.grade_calculated",
        "Your points in a part of a course were added up",
        (
            "course_id block_id weighted_graded_earned weighted_graded_possible "
            "weighted_total_earned "
            "weighted_total_possible event_transaction_type"
        ),
    ),
    (
        "edx.grades.subsection.score_overridden",
        "Your points in a part were changed by staff",
        "course_id block_id weighted_graded_earned weighted_total_earned event_transaction_type",
    ),
    (
        "edx.grades.course.grade_calculated",
        "Your grade in a course was worked out",
        ("course_id percent_grade letter_grade grading_policy_hash event_transaction_type"),
    ),
    (
        "edx.course.grade.passed.first_time",
        "You passed a course",
        ("course_id event_transaction_type"),
    ),
    ("edx.course.grade.now_passed", "You now pass a course", "course_id event_transaction_type"),
    (
        "edx.course.grade.now_failed",
        "You no longer pass a course",
        ("course_id event_transaction_type"),
    ),
    (
        "edx.completion.block_completion.changed",
        "You completed a part of a course",
        ("course_id block_id block_type completion"),
    ),
    ("edx.done.toggled", "You marked a part of a course as done", "completion"),
)

_DROPPED = "item_id is_correct is_correct_location location location_id"

EXERCISES = edx_events(
    _S,
    COURSEWORK,
    ("edx.drag_and_drop_v2.loaded", "A drag-and-drop problem was shown to you", ""),
    ("edx.drag_and_drop_v2.item.picked_up", "You picked up an item", "item_id"),
    ("edx.drag_and_drop_v2.item.dropped", "You dropped an item", _DROPPED),
    ("edx.drag_and_drop_v2.feedback.opened", "You were shown what came of it", "truncated"),
    ("edx.drag_and_drop_v2.feedback.closed", "What came of it was closed", "manually truncated"),
    ("edx.drag_and_drop_v2.problem.reset", "You began a problem anew", ""),
    ("xblock.poll.submitted", "You answered a poll", "url_name choice"),
    ("xblock.poll.view_results", "You looked at a poll's results", "url_name"),
    ("xblock.survey.submitted", "You answered a survey", "url_name choices"),
    ("xblock.survey.view_results", "You looked at a survey's results", "url_name"),
    ("ubc.peer_instruction.accessed", "You opened a question for two rounds", ""),
    (
        "ubc.peer_instruction.original_submitted",
        "You answered the first round",
        "answer rationale_length truncated",
    ),
    (
        "ubc.peer_instruction.revised_submitted",
        "You answered the second round",
        "answer rationale_length truncated",
    ),
    ("xblock.mentoring.assessment.submitted", "You submitted an answer", "grade max_grade"),
    (
        "edx.librarycontentblock.content.assigned",
        "Questions were chosen for you",
        "location added result max_count",
    ),
    (
        "edx.librarycontentblock.content.removed",
        "Questions were taken from you",
        "location removed result reason max_count",
    ),
) + edx_events(
    _B,
    OBSERVED,
    ("xblock.split_test.child_render", "You saw one form of a course part", "child_id"),
    ("xblock.image-explorer.hotspot.opened", "You opened a spot of a picture", "hotspot"),
    ("xblock.image-explorer.hotspot.closed", "You closed a spot of a picture", "hotspot duration"),
    ("edx.googlecomponent.calendar.displayed", "A calendar was shown to you", "displayed_in"),
    ("edx.googlecomponent.document.displayed", "A document was shown to you", "displayed_in"),
    (
        "oppia.exploration.loaded",
        "An exploration was shown to you",
        "exploration_id exploration_version",
    ),
    (
        "oppia.exploration.completed",
        "You completed an exploration",
        "exploration_id exploration_version",
    ),
    (
        "oppia.exploration.state.changed",
        "You took a step in an exploration",
        "exploration_id exploration_version old_state_name new_state_name",
    ),
    ("microsoft.office.mix.loaded", "A presentation was shown to you", "duration"),
    ("microsoft.office.mix.played", "You started a presentation", "currentTime"),
    ("microsoft.office.mix.paused", "You paused a presentation", "currentTime"),
    ("microsoft.office.mix.stopped", "A presentation came to its end", "currentTime"),
    ("microsoft.office.mix.slide.loaded", "A slide was shown to you", "slide"),
)


def _pdf_rows() -> tuple[Row, ...]:
    rows = (
        ("thumbnails.toggled", "You opened or closed a book's small pictures", ""),
        ("thumbnail.navigated", "You chose a small picture of a book", "thumbnail_title"),
        ("outline.toggled", "You opened or closed a book's outline", ""),
        ("chapter.navigated", "You went to a chapter of a book", "chapter"),
        ("page.navigated", "You went to a page of a book", ""),
        ("page.scrolled", "You scrolled through a book", "direction"),
        ("zoom.buttons.changed", "You made a book bigger or smaller", "direction"),
        ("zoom.menu.changed", "You made a book bigger or smaller", "amount"),
        ("display.scaled", "A book was made bigger or smaller", "amount"),
        ("search.executed", "You searched in a book", _IN_BOOK),
        ("search.navigatednext", "You went to the next match in a book", _IN_BOOK),
        ("search.highlight.toggled", "You changed how matches in a book are shown", _IN_BOOK),
        ("searchcasesensitivity.toggled", "You changed how a book is searched", _IN_BOOK),
    )
    return tuple((f"textbook.pdf.{name}", says, f"{words} page") for name, says, words in rows)


_IN_BOOK = "query caseSensitive highlightAll status direction"

BOOKS = edx_events(
    _B,
    OBSERVED,
    ("book", "You turned a page of a book", "type old new chapter"),
    *_pdf_rows(),
)

_NOTE = "note_id component_id unit_id highlighted_length length truncated"

NOTES = edx_events(
    _B,
    OBSERVED,
    ("edx.course.student_notes.added", "You made a note", _NOTE),
    ("edx.course.student_notes.edited", "You changed a note", _NOTE),
    ("edx.course.student_notes.deleted", "You deleted a note", _NOTE),
    ("edx.course.student_notes.viewed", "You looked at notes in a text", "notes_count"),
    ("edx.course.student_notes.notes_page_viewed", "You opened the page of your notes", "view"),
    (
        "edx.course.student_notes.searched",
        "You searched your notes",
        ("number_of_results search_string"),
    ),
    (
        "edx.course.student_notes.used_unit_link",
        "You went from a note to its unit",
        ("note_id component_id unit_id view"),
    ),
)

_WATCHED = "id code currentTime duration"
_BUMPER = "bumper_id code currentTime duration"

VIDEO = edx_events(
    _B,
    OBSERVED,
    ("edx.video.bumper.loaded", "An opening film was made ready for you", _BUMPER),
    ("edx.video.bumper.played", "You saw an opening film", _BUMPER),
    ("edx.video.bumper.stopped", "An opening film came to its end", _BUMPER),
    ("edx.video.bumper.skipped", "You left out an opening film", _BUMPER),
    ("edx.video.bumper.dismissed", "You said not to show an opening film again", _BUMPER),
    ("edx.video.bumper.transcript.shown", "You opened an opening film's transcript", _BUMPER),
    ("edx.video.bumper.transcript.hidden", "You closed an opening film's transcript", _BUMPER),
    ("edx.video.bumper.transcript.menu.shown", "You opened a menu of languages", _BUMPER),
    (
        "edx.video.bumper.transcript.menu.hidden",
        "You closed a menu of languages",
        f"{_BUMPER} language",
    ),
    ("edx.video.language_menu.shown", "You opened a menu of languages", _WATCHED),
    ("edx.video.language_menu.hidden", "You closed a menu of languages", f"{_WATCHED} language"),
    ("video_show_cc_menu", "You opened a menu of languages", _WATCHED),
    ("video_hide_cc_menu", "You closed a menu of languages", f"{_WATCHED} language"),
    ("edx.video.completed", "You saw a video to its end", _WATCHED),
    ("edx.video.downloaded", "You saved a video on your device", f"{_WATCHED} network"),
    ("edx.video.bulkdownload.toggled", "You turned saving of all videos on or off", "course_id"),
    ("edx.googlecast.connected", "You showed a video on another screen", _WATCHED),
    ("edx.googlecast.disconnected", "You stopped showing a video on another screen", _WATCHED),
)

EVENTS: tuple[Event, ...] = NAVIGATION + PROBLEMS + GRADES + EXERCISES + BOOKS + NOTES + VIDEO
