"""What segmenting knows of each language."""
