"""What happened, told to everybody who listens."""
