"""Queries that only tests put."""
