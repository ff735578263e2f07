"""Every act that matters, in a chain that shows each change, removal and re-ordering."""
