"""What measurements are compared with."""
