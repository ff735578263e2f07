"""The doors for people: pages and the API."""
