"""Media files, live playlists and segments."""
