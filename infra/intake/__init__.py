"""Recordings that came in become episodes with jobs."""
