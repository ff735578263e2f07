"""Imported once by the server from which the readers of an import are forked; see `edx_pool`."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "privet.web.settings")
django.setup()

from privet.intake import edx_reading  # noqa: E402 - its tables need the line above

__all__ = ["edx_reading"]
