"""From data to a page: templates, links, error pages."""
