"""What waits for whoever looks: counts beside the pages of the navigation."""

from collections.abc import Callable

from privet.consent.members.rules import EntryState
from privet.consent.members.service import count_entries
from privet.integrity.case_acts import officer_of
from privet.integrity.case_views import count_waiting
from privet.kernel.clock import SystemClock
from privet.web.permission import Viewer


def waiting_at(route: str, viewer: Viewer) -> int:
    """How much waits on a page that opens to the viewer; 0 where nothing ever does."""
    count = _COUNTS.get(route)
    return count(viewer) if count else 0


def _entries(viewer: Viewer) -> int:
    del viewer  # Who may review at all reviews for every institution.
    return count_entries(EntryState.PROPOSED)


def _cases(viewer: Viewer) -> int:
    officer = officer_of(account_id=viewer.account_id or 0, grants=viewer.grants)
    return count_waiting(officer=officer, clock=SystemClock())


_COUNTS: dict[str, Callable[[Viewer], int]] = {
    "console:registry": _entries,
    "console:integrity_cases": _cases,
}
