"""The public site, the studio and the JSON API."""
