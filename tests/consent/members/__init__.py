"""Tests of members as parties."""
