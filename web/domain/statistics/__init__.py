"""Plays, searches and views, counted without persons."""
