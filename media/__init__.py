"""What the archive is of, how recordings come in, and how they are encoded, stored and broadcast."""
