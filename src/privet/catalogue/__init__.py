"""The only truth of what may be collected, for what, on which basis and for how long."""
