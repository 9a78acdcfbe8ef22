"""The long-running processes: site, worker, supervisor."""
