"""What people do to a transcript and its segments; pure."""
