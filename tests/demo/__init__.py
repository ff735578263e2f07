"""Tests of the course platform that stands beside Privet."""
