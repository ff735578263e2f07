"""Sets Django up for a command, and makes an installation where there is none."""

import getpass
import os
from collections.abc import Callable

import django
import typer

from privet.kernel.errors import PrivetError


class NotSetUpError(PrivetError):
    """The database has not the tables of this version."""


def set_up_django() -> None:
    """Read the settings; after this, models can be imported."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "privet.web.settings")
    django.setup()


def open_installation() -> None:
    """Set Django up over an installation; a new embedded one is made, any other must be there.

    Raises `NotSetUpError` if the tables are those of another version, and
    `privet.accounts.key_marks.OtherKeyError` if the keys are those of another database.
    """
    set_up_django()
    if not _pending():
        _check_keys()
        return
    if not _is_new_and_embedded():
        raise NotSetUpError(
            "The database does not have the tables of this version.", remedy="Run: privet setup"
        )
    make_installation(lambda words: typer.echo(words, err=True))


def make_installation(tell: Callable[[str], None]) -> None:
    """Make or update the tables; the lake is made by the first load."""
    from django.core.management import call_command  # noqa: PLC0415 - needs settings

    from privet.kernel.config import read_config  # noqa: PLC0415 - beside the one above

    config = read_config()
    config.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    tell(f"Setting up the installation in {config.home} …")
    call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
    _check_keys()


def _check_keys() -> None:
    from privet.accounts.key_marks import check_link_key  # noqa: PLC0415 - needs settings
    from privet.kernel.config import read_config  # noqa: PLC0415 - beside the one above
    from privet.kernel.crypto import KeyRing  # noqa: PLC0415 - the same

    check_link_key(KeyRing(read_config().keys))


def operator() -> str:
    """Who gives the command, for the record: ``operator:`` and what the system calls them."""
    try:
        return f"operator:{getpass.getuser()}"
    except (KeyError, OSError):
        return "operator"


def _pending() -> bool:
    from django.db import connection  # noqa: PLC0415 - needs settings
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415 - needs settings

    _make_room_for_sqlite()
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _make_room_for_sqlite() -> None:
    from privet.kernel.config import read_config  # noqa: PLC0415 - beside settings

    config = read_config()
    if config.database_url.startswith("sqlite"):
        config.home.mkdir(mode=0o700, parents=True, exist_ok=True)


def _is_new_and_embedded() -> bool:
    from django.db import connection  # noqa: PLC0415 - needs settings

    return connection.vendor == "sqlite" and not connection.introspection.table_names()
