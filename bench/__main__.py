"""Run one bench by its name: ``python -m bench collector``."""

import runpy
import sys

MODULES = {
    "collector": "collector",
    "import": "importer",
    "console": "console",
    "dashboards": "dashboards",
    "integrity": "integrity",
    "decision": "decision",
    "sdk": "sdk",
    "simulate": "simulate",
}


def main() -> None:
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if name not in MODULES:
        sys.exit(f"There is no bench {name!r}. Choose one of: {', '.join(MODULES)}.")
    sys.argv = [name, *sys.argv[2:]]
    runpy.run_module(f"bench.{MODULES[name]}", run_name="__main__")


if __name__ == "__main__":
    main()
