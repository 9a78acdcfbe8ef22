"""What runs it: settings, database, jobs, processes, commands."""
