"""The peer of the bench of integrity: every answer shown merged with every right submission.

``python naive_pandas.py HOME`` reads the events of a lake and prints seconds and memory as JSON. It
keeps the pairs with three problems submitted within two minutes of the answer, and 90 % afterwards.
"""

import json
import resource
import sys
import time
from pathlib import Path

import pandas as pd


def main() -> None:
    """Print what it took."""
    files = sorted(Path(sys.argv[1], "lake").rglob("*.parquet"))
    columns = ["subject", "name", "time", "detail"]
    events = pd.concat([pd.read_parquet(file, columns=columns) for file in files])
    began = time.monotonic()
    detail = events["detail"].map(json.loads)
    events["problem"] = detail.map(lambda said: said["problem_id"])
    events["right"] = detail.map(lambda said: said["success"]) == "correct"
    shown = events[events["name"] == "showanswer"].groupby(["subject", "problem"])["time"].min()
    right = events[events["right"]].groupby(["subject", "problem"])["time"].min()
    merged = shown.reset_index().merge(right.reset_index(), on="problem")
    merged = merged[merged["subject_x"] != merged["subject_y"]]
    lag = (merged["time_y"] - merged["time_x"]).dt.total_seconds()
    merged["after"] = lag > 0
    merged["near"] = (lag > 0) & (lag <= 120)
    pairs = merged.groupby(["subject_x", "subject_y"])[["after", "near"]].agg(["sum", "count"])
    found = pairs[
        (pairs["near", "sum"] >= 3) & (pairs["after", "sum"] >= 0.9 * pairs["after", "count"])
    ]
    print(json.dumps({
        "rows": len(events), "merged": len(merged), "found": len(found),
        "seconds": round(time.monotonic() - began, 2),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000),
    }))  # fmt: skip


if __name__ == "__main__":
    main()
