"""Tone marks restored and typos mended, learnt from the archive."""
