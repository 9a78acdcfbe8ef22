"""From what a person types to the passages that answer."""
