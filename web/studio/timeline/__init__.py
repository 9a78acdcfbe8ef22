"""Chapters and answers on a timeline."""
