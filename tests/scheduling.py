"""Which tests stay together where several processes share the work."""

from xdist.scheduler import LoadScopeScheduling

TOGETHER = ("tests/journeys/demo/",)
"""Folders that share something dear: here one running demo."""


class FilesTogether(LoadScopeScheduling):
    """One process works through a whole file, so that what the file starts is started once."""

    def _split_scope(self, nodeid: str) -> str:
        shared = (folder for folder in TOGETHER if nodeid.startswith(folder))
        return next(shared, nodeid.partition("::")[0])
