"""How many files a process may have open: each stream of events is one."""

from __future__ import annotations

import resource

WANTED = 65_536


def raise_file_limit() -> int:
    """Raise this process's soft limit as far as its hard one allows; return it. Many systems begin with 1,024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = WANTED if hard == resource.RLIM_INFINITY else min(WANTED, hard)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return soft
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return wanted
