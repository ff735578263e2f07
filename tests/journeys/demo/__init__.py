"""Journeys through the demo as it really runs, in a real browser."""
