"""Rollups of tests."""
