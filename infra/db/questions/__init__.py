"""Questions and everything about them in the database."""
