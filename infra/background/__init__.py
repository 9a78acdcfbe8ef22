"""Tasks that a worker does besides pieces of jobs."""
