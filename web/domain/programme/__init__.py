"""The broadcast that is on, and the programme a question is for."""
