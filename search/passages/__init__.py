"""What is searched: passages, how an episode gives them, when they change."""
