"""Speech to words with times: the port and its engines."""
