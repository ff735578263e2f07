"""The guard in a real browser: what waits, what runs, and what a withdrawal leaves behind."""
