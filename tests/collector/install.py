"""Makes an installation with one site, in a process of its own: ``python -m … ORIGIN``."""

import os
import sys

import django


def main(origin: str) -> None:
    """Make the tables and register Hedgerow."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "privet.web.settings")
    django.setup()
    from django.core.management import call_command

    from privet.accounts.registry import create_site

    call_command("migrate", verbosity=0)
    create_site(slug="hedgerow", name="Hedgerow", origins=[origin], by="tests")


if __name__ == "__main__":
    main(sys.argv[1])
