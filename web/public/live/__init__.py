"""The page of a broadcast, its screens and its stream of events."""
