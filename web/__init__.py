"""The public site: pages, JSON API, templates and static files."""
