"""Jobs and their pieces in the database."""
