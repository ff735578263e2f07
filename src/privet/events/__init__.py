"""Events at rest: the durable log, the lake, and the one way to read it."""
