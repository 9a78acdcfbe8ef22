"""Counts in the database."""
