"""Policies of a site: their versions, what is different, who has seen them, the links in them."""
