"""Commands about what the archive holds."""
