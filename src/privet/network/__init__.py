"""Facts about an address and about a browser, each with how it is known and how old it is."""
