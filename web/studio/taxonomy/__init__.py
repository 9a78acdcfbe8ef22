"""Programmes, topics, organisations and synonyms."""
