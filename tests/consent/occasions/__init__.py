"""Tests of notices of an occasion."""
