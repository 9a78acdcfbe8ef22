"""Figures, and what the next programme should be about."""
