"""Measurements against peers; each prints its figures as one JSON object on the last line."""
