"""The transcript, corrected."""
