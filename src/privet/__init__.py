"""Privet: what learners do is recorded only as far as each of them allows."""

__version__ = "0.1.0"
