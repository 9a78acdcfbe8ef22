"""The engine Meilisearch, on a server."""
