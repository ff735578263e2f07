"""The scanner: what a site really sets and asks for in a real browser, before which decision."""
