"""Pages for learners and visitors: what is kept about them, and their choices."""
