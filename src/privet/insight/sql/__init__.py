"""The queries of the dashboards; each file says in its first line what it answers."""
