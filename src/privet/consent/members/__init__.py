"""Members of the platform as parties of their own: their entries, their courses, their tokens."""
