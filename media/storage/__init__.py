"""Where files are kept: the port, a folder, and what copies between stores."""
