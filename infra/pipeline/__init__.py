"""The work of each piece."""
