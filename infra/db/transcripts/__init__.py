"""Transcripts, segments and their versions in the database."""
