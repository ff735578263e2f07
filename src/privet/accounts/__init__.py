"""People: accounts, roles, institutions, sites, and the pseudonyms that the lake knows them by."""
