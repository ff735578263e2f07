"""The pages: each reads the visit, calls what it needs and shows a template."""
