"""A program that reads an installation's lake for one use, as any room of Privet would."""

import json
import os
import sys
from datetime import date

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "privet.web.settings"
django.setup()

from privet.catalogue.uses import Use  # noqa: E402 - only once Django is set up
from privet.events.query import Scope, query, register_queries  # noqa: E402 - the same

if __name__ == "__main__":
    register_queries("tests.journeys.demo.sql")
    found = query(
        "counts_by_name",
        use=Use[sys.argv[1].upper()],
        scope=Scope(institutions=None, courses=None),
        by="test",
        start=date(2000, 1, 1),
        end=date(2100, 1, 1),
    )
    json.dump(dict(found.rows), sys.stdout)
