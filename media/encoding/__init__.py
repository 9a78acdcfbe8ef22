"""What to encode, and the port of the engine that does it; pure."""
