"""What is searchable, query understanding, the index engines, keeping them in step."""
