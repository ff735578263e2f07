"""What a power cut may leave of the table's last commit, and how it is put right.

A commit counts only when its file has been synced; until then the segments it loaded stay. So a
last commit that is torn is taken away, and loading begins again where it was. A torn checkpoint is
only a shortened list of what the commits say.
"""

import json
import re

import pyarrow as pa
import pyarrow.parquet as pq

from privet.events.store import FileStore

_LOG = "_delta_log"
_HINT = f"{_LOG}/_last_checkpoint"
_COMMIT = re.compile(rf"{_LOG}/(\d{{20}})\.json$")


def mend_log(store: FileStore) -> list[str]:
    """Take away a torn last commit and torn checkpoints; returns their paths.

    Only for tables on the local disk: an object store shows a file whole or not at all.
    """
    if store.local is None:
        return []
    names = sorted(path for path, _ in store.list_files(_LOG))
    torn = [p for p in names if ".checkpoint" in p and not _is_parquet(store, p)]
    if _HINT in names and (torn or not _is_json_lines(store, _HINT)):
        torn.append(_HINT)
    commits = [path for path in names if _COMMIT.search(path)]
    if commits and not _is_json_lines(store, commits[-1]):
        torn.append(commits[-1])
    store.remove(torn)
    return torn


def _is_parquet(store: FileStore, path: str) -> bool:
    try:
        with store.fs.open_input_file(path) as file:
            pq.read_table(file)
    except (pa.ArrowException, OSError):
        return False
    return True


def _is_json_lines(store: FileStore, path: str) -> bool:
    lines = store.read_bytes(path).splitlines()
    try:
        return bool(lines) and all(isinstance(json.loads(line), dict) for line in lines)
    except ValueError:
        return False
