"""A broadcast: its states, its segments cut at keyframes, its journal and playlists."""
