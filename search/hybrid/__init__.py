"""Words and meaning searched together."""
