"""The editors' studio."""
