"""Queries of the journeys."""
