"""What every room stands on: ids, clock, keys, configuration, errors."""
