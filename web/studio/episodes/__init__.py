"""Episodes: the list, the facts, publishing, jobs."""
