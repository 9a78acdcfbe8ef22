"""Uploads by form and by tus 1.0."""
