"""Meaning: vectors of passages, the engines that make them, the store that keeps them."""
