"""Notices of an occasion: what having an account collects, what a course and a member collect."""
