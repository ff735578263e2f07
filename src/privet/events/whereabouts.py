"""In which of the lake's files a learner can be: by the range of pseudonyms in their footers.

Merged files are sorted by learner and cut between learners, so of a day's files one holds a given
learner, and the others need not be opened. The ranges stay in this process's memory only: the
table's log names no pseudonym, and what is known of a file goes when the lake has it no more.
"""

from collections.abc import Collection, Iterable, Sequence

import pyarrow.parquet as pq

from privet.events.store import FileStore, LakeFile

Range = tuple[int, int] | None
"""The least and the largest pseudonym of a file; none if its footer does not say."""
_SLACK = 2


class Whereabouts:
    """The ranges of one lake's files, each read when it is first asked for."""

    def __init__(self, store: FileStore) -> None:
        self._store = store
        self._known: dict[str, Range] = {}

    def holding(self, files: Sequence[LakeFile], subjects: Collection[int]) -> list[LakeFile]:
        """Those of some files that may hold rows of some learners; raises `FileNotFoundError`."""
        wanted = sorted(subjects)
        return [file for file in files if _may_hold(self._range(file.path), wanted)]

    def forget_others(self, files: Collection[LakeFile]) -> None:
        """Know nothing of files that the lake no longer has; cheap, so call it often."""
        if len(self._known) > _SLACK * len(files):
            paths = {file.path for file in files}
            self._known = {path: one for path, one in self._known.items() if path in paths}

    def _range(self, path: str) -> Range:
        if path not in self._known:
            self._known[path] = _read_range(self._store.metadata(path))
        return self._known[path]


def _may_hold(known: Range, wanted: Sequence[int]) -> bool:
    return known is None or any(known[0] <= subject <= known[1] for subject in wanted)


def _read_range(footer: pq.FileMetaData) -> Range:
    place = footer.schema.names.index("subject")
    groups = (footer.row_group(number) for number in range(footer.num_row_groups))
    return _joined(group.column(place).statistics for group in groups)


def _joined(statistics: Iterable[pq.Statistics | None]) -> Range:
    listed = list(statistics)
    said = [one for one in listed if one is not None and one.has_min_max]
    if not said or len(said) < len(listed):
        return None
    return min(one.min for one in said), max(one.max for one in said)
