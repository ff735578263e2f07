"""Saved views and keys of programs: their page, and the weekly mail."""
