"""Broadcasts in the database."""
