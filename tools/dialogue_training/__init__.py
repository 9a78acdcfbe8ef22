"""Fits the weights by which dialogue is read: `python -m tools.dialogue_training`."""
