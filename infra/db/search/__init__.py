"""Vectors, synonyms and what was learnt, in the database."""
