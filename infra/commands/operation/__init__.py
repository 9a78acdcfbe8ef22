"""Commands about running it."""
