"""Words that search knows as one."""
