"""A site with planted ways of tracking, served under several names from one port."""
