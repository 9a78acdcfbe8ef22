"""Comments of other platforms that become questions."""
