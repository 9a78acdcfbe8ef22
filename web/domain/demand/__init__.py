"""What workers want to know next."""
