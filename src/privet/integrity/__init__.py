"""Integrity: finds copying between accounts and shared accounts; people judge what it found."""
