"""Playlists, packaging and codec strings of HTTP Live Streaming (RFC 8216)."""
