"""Imported once by the server from which the readers of an import are forked; see `edx_forking`."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "privet.web.settings")
django.setup()

from privet.intake import edx_reading  # noqa: E402 - its tables need the line above
from privet.network.agents import AgentReader  # noqa: E402 - as above

AgentReader().warm()

__all__ = ["edx_reading"]
